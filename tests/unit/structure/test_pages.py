"""The pages: each is found from the index, and no link between them is broken."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.deployment.environment import ROOT

DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), *sorted((DOCS / "adr").glob("*.md")), *sorted(ROOT.glob("*.md"))]
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_FENCE = re.compile(r" *```[a-z]*")
_LINK = re.compile(r"\]\((?!https?:)([^)\s#]*)(?:#([^)\s]*))?\)")


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The targets of a page's links within the repository, each with its heading or ""."""
    for path, heading in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
        yield (page.parent / path).resolve() if path else page, heading


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_index_names_each_page() -> None:
    """And each generated document that people or programs read: add new ones to docs/README.md."""
    documents = {path for path in DOCS.iterdir() if path.suffix in (".md", ".json")} - {DOCS / "README.md"}

    assert documents <= {target for target, _ in links(DOCS / "README.md")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """To a file or folder, and to a heading where one is named."""
    broken = [
        (str(target.relative_to(ROOT)), heading)
        for target, heading in links(page)
        if not target.exists() or (heading and target.suffix == ".md" and heading not in anchors(target))
    ]

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_blocks_are_whole(page: Path) -> None:
    """Each fence is on a line of its own, and each block ends: a rewrapped block would be shown as text."""
    lines = page.read_text(encoding="utf-8").splitlines()
    fences = [line for line in lines if "```" in line]

    assert [line for line in fences if not _FENCE.fullmatch(line)] == []
    assert len(fences) % 2 == 0
