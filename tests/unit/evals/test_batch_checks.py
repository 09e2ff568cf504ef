"""The checks over all tips of a version."""

from collections.abc import Callable, Sequence

import pytest

from evals.answered import ServedTip
from evals.batch_checks import batch_checks
from evals.bench import Bench, Judged, Row
from evals.cases.case import Case
from evals.evals import print_figures
from evals.figures import CaseSet, Run, figures
from evals.planted_model import PlantedModel
from evals.rank_correlation import spearman
from evals.replies import InProcess, Replies
from evals.report_page import page
from evals.scorers.novelty import distinct_pairs
from evals.version import find_version
from oo.contract.kinds import Kind
from tests.unit.evals.situations import SITUATIONS
from tests.unit.evals.written_tips import GOOD

SETTINGS = range(0, 101, 5)


def at(setting: int, **request: object) -> Case:
    """The request of a morning at a setting of the slider."""
    case = SITUATIONS["morning"]
    return case._replace(id=f"at-{setting}", request=case.request | {"science_destiny": setting} | request)


def checked(write: Callable[[int], str], settings: Sequence[int] = SETTINGS, **request: object) -> list[bool | None]:
    """The outcomes for tips that are written by setting."""
    tips = {setting: ServedTip(write(setting), None, Kind.START, "t1", "llm") for setting in settings}
    rows = [Row(at(key, **request), 0, [Judged([], None, tip, {})]) for key, tip in tips.items()]
    return [check.passed for check in batch_checks(rows, 0)]


def moving(setting: int) -> str:
    """A text of which figures fall and images rise with the setting."""
    return f"Tip{setting} a{setting} b{setting}" + (" under the moon" if setting > 60 else " after 3 of 4 tasks")


def of_planted_model(settings: Sequence[int]) -> Run:
    """The run of one version with the planted model on one case per setting."""
    cases = [at(setting)._replace(id=f"case-{number}") for number, setting in enumerate(settings)]
    rows = Bench(Replies(InProcess("planted", PlantedModel()))).run([find_version("orchestrator-2")], cases)
    return Run([CaseSet("small", "")], "planted", ["orchestrator-2"], rows)


def test_a_slider_that_moves_passes() -> None:
    """Figures fall and images rise with the setting; a voice that is always the same fails."""
    assert checked(moving)[:2] == [True, True]
    assert checked(lambda _: moving(0))[:2] == [False, False]


def test_images_count_in_english_only() -> None:
    """The words for images are English; figures count in every language."""
    assert checked(moving, locale="de-AT")[:2] == [True, None]


def test_few_tips_have_no_value() -> None:
    """Nineteen tips show neither a correlation nor a variety of words, twenty do."""
    assert checked(moving, SETTINGS[:19]) == [None, None, None]
    assert None not in checked(moving, SETTINGS[:20])


def test_a_varied_slider_is_told_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    """Terminal, JSON and page have a number for each check."""
    run = of_planted_model(SETTINGS)
    print_figures(run)
    line = capsys.readouterr().out.splitlines()[1]
    checks = figures(run)["versions"]["orchestrator-2"]["batch_checks"]

    assert line.startswith("orchestrator-2: batch checks: figures ")
    assert line.count(": failed") + line.count(": passed") == len(checks)
    assert all(isinstance(check["value"], float) and check["passed"] in (True, False) for check in checks.values())
    assert "not computed" not in page(run, [])


def test_one_setting_has_no_correlation(capsys: pytest.CaptureFixture[str]) -> None:
    """Terminal, JSON and page have a number for the pairs of words alone."""
    run = of_planted_model([50] * 21)
    print_figures(run)
    line = capsys.readouterr().out.splitlines()[1]
    checks = figures(run)["versions"]["orchestrator-2"]["batch_checks"]

    assert "figures not computed; images not computed; distinct pairs of words " in line
    assert checks["figures"] == {"value": None, "at_most": -0.6, "passed": None}
    assert checks["distinct_pairs_of_words"]["value"] > 0
    assert page(run, []).count("not computed") == 2


def test_a_batch_of_one_wording_is_not_new() -> None:
    """Different tips differ in most of their pairs of words; one wording said many times does not."""
    assert distinct_pairs(tip.content for tip in GOOD) >= 0.6
    assert distinct_pairs([GOOD[0].content] * 5) == pytest.approx(0.2)


def test_the_rank_correlation_shares_ties() -> None:
    """The values are those of scipy.stats.spearmanr."""
    assert spearman([1, 2, 3, 4], [1, 2, 3, 4]) == 1
    assert spearman([1, 2, 2, 3], [3, 1, 2, 0]) == pytest.approx(-0.9486833)
    assert spearman([1, 2, 3], [5, 5, 5]) == 0
