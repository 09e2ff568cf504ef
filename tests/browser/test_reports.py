"""The reports of the bench in a browser: one file each, which contains only its own content."""

import json
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, Visit, run

_EVERY = 35
TITLE = "<img src=x onerror=hit()></script><script>hit()</script>"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a comparison and a contribution on a few cases, in some of which the titles are markup."""
    folder = tmp_path_factory.mktemp("reports")
    lines = (ROOT / "evals/cases/core.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines[::_EVERY]]
    for case in cases[::3]:
        for task in case["request"]["tasks"]:
            task["title"] = f"{task['title']} {TITLE}"
    some = folder / "cases.jsonl"
    some.write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    options = ["--set", str(some), "--out", str(folder), "--cache", str(folder / "cache")]
    compare = run("evals.compare", "--a", "template", "--b", "orchestrator-2", "--adversarial", str(some), *options)
    contribution = run("evals.contribution", *options)

    assert compare.wait(300) in (0, 1, 2)
    assert contribution.wait(300) == 0
    return folder


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("name", ["report.html", "contribution.html"])
def test_a_report_is_one_page_of_its_own(visit: Visit, reports: Path, name: str, width: int) -> None:
    """It asks for nothing, holds no script, and fits its window; wide tables and charts scroll by themselves."""
    visit.page.set_viewport_size({"width": width, "height": 900})
    address = (reports / name).as_uri()
    page = visit.open(address)
    for summary in page.locator("summary").all():
        summary.evaluate("node => node.parentElement.open = true")

    assert visit.requests == [address]
    assert visit.problems == []
    assert visit.elements.keys().isdisjoint({"script", "img", "iframe", "link"})
    assert visit.elements["svg"] >= 1
    assert visit.overflow <= 0
