"""How tips are received is learned as it was planted."""

from datetime import timedelta

import pytest

from oo.agents.registry import get_manifest
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import learn
from testing.seeds import SLACK, seeds
from tests.unit.inference.planted_habits import share, tips
from tests.unit.inference.planted_users import NEWEST, feedback_row, history, seeded

MANIFEST = get_manifest("tip-receptivity")


def learned(history: ComputeRequest) -> dict[str, object]:
    return learn(MANIFEST, history)


def events(*rows: tuple[object, object]) -> ComputeRequest:
    """Actions with their dwell times, one every two hours."""
    stamps = [(NEWEST - timedelta(hours=2 * number)).isoformat() for number in range(len(rows))]
    return history((), [feedback_row(*row, stamp) for row, stamp in zip(rows, stamps, strict=True)])


@pytest.mark.parametrize("planted", [0.2, 0.5, 0.8])
@pytest.mark.parametrize(("size", "least"), [(60, 0.83), (200, 0.95)])
def test_acceptance_is_found(planted: float, size: int, least: float) -> None:
    """The share of tips that are taken up is found within a tenth."""

    def found(history: ComputeRequest) -> float:
        return float(str(learned(history)["accept_p"]))

    assert share(lambda random: abs(found(tips(random, size, lambda _: planted)) - planted) <= 0.1) >= least - SLACK


@pytest.mark.parametrize(("dwell_s", "low", "high"), [(2.5, 12, 16), (15, 40, 40)])
def test_words_follow_the_reading_time(dwell_s: float, low: int, high: int) -> None:
    """Whoever looks at tips for two and a half seconds gets short ones, whoever takes fifteen the longest."""
    found = [learned(tips(seeded(seed), 40, lambda _: 0.5, dwell_s))["max_words"] for seed in seeds(200)]

    assert all(isinstance(words, int) and low <= words <= high for words in found)


@pytest.mark.parametrize(("size", "is_known"), [(9, False), (10, True)])
def test_acceptance_needs_ten_tips(size: int, *, is_known: bool) -> None:
    """Nine tips say too little about acceptance."""
    assert ("accept_p" in learned(events(*[("done", None)] * size))) is is_known


@pytest.mark.parametrize(("size", "is_known"), [(11, False), (12, True)])
def test_words_need_twelve_reading_times(size: int, *, is_known: bool) -> None:
    """Eleven reading times say too little; tips without one do not count."""
    rows = [("opened", 6000)] * size + [("opened", None)] * 9

    assert ("max_words" in learned(events(*rows))) is is_known


@pytest.mark.parametrize("dwell", [None, -1, "4 s", 4, "4", True, float("nan"), [], {}])
def test_unreadable_reading_times_do_not_count(dwell: object) -> None:
    """What is no number of milliseconds from zero on is no reading time; numbers below 100 alone are seconds."""
    assert "max_words" not in learned(events(*[("opened", dwell)] * 30))


@pytest.mark.parametrize(("dwell_ms", "words"), [(100, 12), (1e12, 40)])
def test_extreme_reading_times_are_moved_into_range(dwell_ms: float, words: int) -> None:
    """A glance and a tip left open for years give the least and the most words."""
    assert learned(events(*[("opened", dwell_ms)] * 30))["max_words"] == words


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("done", None)] * 20, 0.93),
        ([("dismissed", None)] * 20, 0.05),
        ([("shown", None)] * 40, 0.07),
        ([("opened", 400)] * 40, 0.07),
        ([("opened", 20_000)] * 40, 0.89),
        ([("snoozed", None)] * 40, 0.05),
    ],
)
def test_outcomes_count_by_their_weight(rows: list[tuple[object, object]], expected: float) -> None:
    """Ignored, glanced at and put off count against tips, but less than a dismissal does."""
    assert learned(events(*rows))["accept_p"] == pytest.approx(expected, abs=0.01)


def test_ignored_user_needs_more_tips() -> None:
    """Twenty tips that were only shown weigh as much as six."""
    assert "accept_p" not in learned(events(*[("shown", None)] * 20))
    assert "accept_p" in learned(events(*[("shown", None)] * 21))


def test_unknown_actions_are_no_tips() -> None:
    """Null and unknown actions are left out."""
    assert learned(events(*[(None, 4000)] * 40, *[("stared", 4000)] * 40)) == {}
