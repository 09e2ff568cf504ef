"""Each scorer finds the defects that are planted for it, and lets good tips pass."""

import pytest

from evals.scorers import GATES, SCORERS, verdicts
from testing.for_each import for_each
from tests.unit.evals.defects import DEFECTS
from tests.unit.evals.written_tips import BAD, GOOD, LATER, Bad, Written

LEAST_FOUND = 0.95


def failed(tip: Written) -> dict[str, str]:
    """The reasons of the scorers that let a tip fail."""
    found = verdicts(tip.case, tip.answered())
    return {name: verdict.why for name, verdict in found.items() if verdict.passed is False}


def test_there_are_fourteen_scorers() -> None:
    """Their names count up, and the gates are among them."""
    assert list(SCORERS) == [f"Q{number}" for number in range(1, 15)]
    assert set(GATES) < set(SCORERS)


@for_each("name", SCORERS)
def test_good_tips_pass(name: str) -> None:
    """At most 2% of the good tips are false alarms, so of these none is."""
    tips = (*GOOD, *LATER)
    alarms = [(tip.content, failed(tip)[name]) for tip in tips if name in failed(tip)]

    assert (len(GOOD), alarms) == (30, [])


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.tip.content[:50])
def test_a_bad_tip_fails_where_it_is_bad(bad: Bad) -> None:
    """It fails by the scorers that look at its fault, and by no other."""
    assert tuple(failed(bad.tip)) == bad.found_by


@for_each("name", SCORERS)
def test_planted_defects_are_found(name: str) -> None:
    """At least 95% of the defects that are planted in the good tips for a scorer."""
    defects = [(tip, defect) for tip in GOOD for defect in DEFECTS[name](tip)]
    missed = [defect for tip, defect in defects if verdicts(tip.case, defect)[name].passed is not False]

    assert len(defects) >= 30
    assert len(missed) / len(defects) <= 1 - LEAST_FOUND, [(each.tip, each.reply) for each in missed]


def test_a_missing_tip_fails_the_schema_alone() -> None:
    """Where no reply could be used, no other rule applies."""
    found = verdicts(GOOD[0].case, GOOD[0].answered()._replace(tip=None, reply="no JSON"))

    assert [name for name, verdict in found.items() if verdict.passed is not None] == ["Q1"]
    assert not found["Q1"].passed


def test_verdicts_are_values_from_0_to_1() -> None:
    """Every fault of a tip is found, and each failure has a reason."""
    found = [
        verdict for tip in (*GOOD, *(bad.tip for bad in BAD)) for verdict in verdicts(tip.case, tip.answered()).values()
    ]

    assert all(0 <= verdict.value <= 1 for verdict in found)
    assert all(verdict.why for verdict in found if verdict.passed is False)
