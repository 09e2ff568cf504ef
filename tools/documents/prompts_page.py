"""docs/prompts.md: the page for prompt engineers, with the versions and the slider as the code has them."""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from local.deployment.environment import ROOT
from oo.prompts import versions
from oo.prompts.data_block import MOST_CHARACTERS
from oo.prompts.delivery import DEFAULT_DELIVERY
from oo.prompts.slider import BANDS, NEUTRAL, Band, read_slider
from oo.prompts.versions import (
    DEFAULT_RECOMMEND_VERSION,
    DEFAULT_VERSION,
    RECOMMEND_VERSIONS,
    UNRELEASED,
    VERSIONS,
    get_orchestrator,
    get_prompt,
)

DOCUMENT = ROOT / "docs" / "prompts.md"
_TEXT = Path(__file__).with_suffix(".md")
_PLACE = re.compile(r"<!-- (\w+) -->")
_SETTINGS = (0, 25, 50, 75, 100)
_LONG = 200
"""Characters of a band's text that a table can hold; examples are longer."""


def render() -> str:
    """The page as in the repository."""
    parts = {
        "most": f"{MOST_CHARACTERS:,}",
        "at": f", for `/recommend` at {NEUTRAL} on the slider",
        "versions": "\n\n".join(_paragraphs()),
        "quantities": _quantities(),
        "bands": _bands(),
        "default": f"`{DEFAULT_RECOMMEND_VERSION}`",
        "texts": _texts(),
    }
    return _PLACE.sub(lambda place: parts[place[1]], _TEXT.read_text(encoding="utf-8"))


def _paragraphs() -> Iterator[str]:
    neutral = read_slider(NEUTRAL).band
    for version in RECOMMEND_VERSIONS:
        size = len(get_orchestrator(version).system_message(neutral, DEFAULT_DELIVERY))
        yield _paragraph(version, "/recommend", size)
    for version in VERSIONS:
        yield _paragraph(version, "/generate", len(get_prompt(version).system))


def _paragraph(version: str, path: str, size: int) -> str:
    module = import_module(f"{versions.__name__}.{version.replace('-', '_')}")
    is_default = version in (DEFAULT_RECOMMEND_VERSION, DEFAULT_VERSION)
    facts = [f"`{path}`", *(["default"] if is_default else []), *(["unreleased"] if version in UNRELEASED else [])]
    words = " ".join((inspect.getdoc(module) or "").split())
    return f"**{version}** ({', '.join(facts)}; {size:,} characters). {words}"


def _quantities() -> str:
    sliders = [read_slider(setting) for setting in _SETTINGS]
    rows = {
        "snippets at most": [str(slider.evidence_snippets) for slider in sliders],
        "tasks on offer beyond those that the snippets name": [str(slider.more_tasks) for slider in sliders],
        "words": ["{} to {}".format(*slider.words) for slider in sliders],
        "characters at most": [str(slider.characters) for slider in sliders],
    }
    return _table(["slider", *map(str, _SETTINGS)], [[name, *values] for name, values in rows.items()])


def _bands() -> str:
    firsts = [0, *(band.last + 1 for band in BANDS[:-1])]
    return _table(
        ["band", "slider", "figures", "tasks", "tone", "form"],
        [
            [
                band.name,
                f"{first} to {band.last}",
                _range(band),
                "drawn" if band.drawn else "the top of the rank",
                band.tone,
                band.form,
            ]
            for first, band in zip(firsts, BANDS, strict=True)
        ],
    )


def _range(band: Band) -> str:
    fewest, most = band.figures
    return str(most) if fewest == most else f"{fewest} to {most}"


def _texts() -> str:
    """The texts of each band, without those that are too long for a table."""
    by_band = get_orchestrator(None).by_band
    shown = [(name, texts) for name, texts in by_band if max(map(len, texts)) <= _LONG]
    longer = [f"`{name}`" for name, texts in by_band if max(map(len, texts)) > _LONG]
    rows = [[band.name, *(texts[place] for _, texts in shown)] for place, band in enumerate(BANDS)]
    table = _table(["band", *(f"`{name}`" for name, _ in shown)], rows)
    return f"{table}\n\nLonger texts of each band are in the module: {', '.join(longer)}." if longer else table


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
