"""How tips are received is learned as it was planted."""

from datetime import timedelta

import pytest

from oo.agents.registry import get_agent
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import changed, learn
from testing.for_each import for_each
from testing.seeds import SLACK
from tests.unit.inference.planted_habits import share, tips
from tests.unit.inference.planted_users import NEWEST, feedback_row, history, seeded

MANIFEST = get_agent("tip-receptivity").manifest


def learned(history: ComputeRequest) -> dict[str, object]:
    return learn(MANIFEST, history)


def events(*rows: tuple[object, object]) -> ComputeRequest:
    """Actions with their dwell times, one every two hours."""
    stamps = [(NEWEST - timedelta(hours=2 * number)).isoformat() for number in range(len(rows))]
    return history((), [feedback_row(*row, stamp) for row, stamp in zip(rows, stamps, strict=True)])


@pytest.mark.all_seeds
@pytest.mark.parametrize("planted", [0.2, 0.5, 0.8])
@pytest.mark.parametrize(("size", "least"), [(60, 0.83), (200, 0.95)])
def test_acceptance_is_found(planted: float, size: int, least: float) -> None:
    """The share of tips that are taken up is found within a tenth."""

    def found(history: ComputeRequest) -> float:
        return float(str(learned(history)["accept_p"]))

    assert share(lambda random: abs(found(tips(random, size, lambda _: planted)) - planted) <= 0.1) >= least - SLACK


@pytest.mark.parametrize(("size", "is_known"), [(9, False), (10, True)])
def test_acceptance_needs_ten_tips(size: int, *, is_known: bool) -> None:
    """Nine tips say too little about acceptance."""
    assert ("accept_p" in learned(events(*[("done", None)] * size))) is is_known


def read(*tips: tuple[float, int]) -> ComputeRequest:
    """Tips with the number of their words that were read, and of all their words; one every two hours."""
    stamps = [(NEWEST - timedelta(hours=2 * number)).isoformat() for number in range(len(tips))]
    rows = [
        feedback_row("opened", words * 60_000 / 238, stamp) | {"words_n": words_n}
        for (words, words_n), stamp in zip(tips, stamps, strict=True)
    ]
    return history((), rows)


@for_each(
    ("tips", "words"),
    [
        ([(8, 40)] * 12, 14),
        ([(16, 40)] * 12, 16),
        ([(19, 40)] * 12, 19),
        ([(70, 200)] * 12, 40),
        ([(10, 40), (16, 40), (18, 40)] * 4, 16),
        # A quarter of the tips is left before the middle, and a little less than a quarter.
        ([(16, 40)] * 3 + [(30, 30)] * 9, 16),
        ([(16, 40)] * 2 + [(30, 30)] * 10, None),
        ([(30, 30)] * 30, None),
        ([(24, 30)] * 30, None),
        ([(15, 30)] * 30, None),
        # Left open for years, and hardly looked at.
        ([(1e9, 30)] * 12, None),
        ([(0.5, 30)] * 12, 14),
        # Short tips that are read say nothing about longer ones.
        ([(16, 40)] * 3 + [(14, 14)] * 20, 16),
        ([(16, 40)] * 11, None),
    ],
)
def test_only_tips_that_are_left_lower_the_limit(tips: list[tuple[float, int]], words: int | None) -> None:
    """The limit is the words read of tips closed before their middle, if these are a quarter of twelve or more."""
    assert learned(read(*tips)).get("max_words") == words


def test_without_the_length_of_tips_no_limit_is_learned() -> None:
    """A time says nothing about a tip of unknown length."""
    assert "max_words" not in learned(events(*[("opened", 900)] * 40))


@for_each("first", [40, 30, 22])
def test_a_reader_of_whole_tips_keeps_the_limit(first: int) -> None:
    """Twelve weeks of tips of three quarters of the limit and more, all read to their end, lower it by nothing."""
    random = seeded(first)
    limits, tips = [first], list[tuple[float, int]]()
    for _ in range(12 * 7 * 2):
        words_n = round(limits[-1] * random.uniform(0.75, 1))
        tips.insert(0, (words_n * random.uniform(0.85, 1.3), words_n))
        limits.append(int(str(learned(read(*tips[:100])).get("max_words", first))))

    assert min(limits) == first


def test_a_limit_that_helps_stays() -> None:
    """A user who leaves long tips and reads short ones gets short ones for weeks, not long ones again."""
    long_ones, limits = [(9.0, 30)] * 14, list[object]()
    for size in range(10, 60, 10):
        limits.append(learned(read(*[(14.0, 14)] * size, *long_ones)).get("max_words"))

    assert limits == [14] * 5


@for_each("dwell", [None, -1, "4 s", 4, "4", True, float("nan"), [], {}])
def test_unreadable_reading_times_do_not_count(dwell: object) -> None:
    """A value that is no number of milliseconds from zero is no reading time; numbers below 100 alone are seconds."""
    rows = [{**row, "words_n": 40} for row in events(*[("opened", dwell)] * 30).feedback_history]

    assert "max_words" not in learned(history((), rows))


@for_each(
    ("rows", "expected"),
    [
        ([("done", None)] * 20, 0.93),
        ([("dismissed", None)] * 20, 0.05),
        ([("shown", None)] * 40, 0.02),
        ([("opened", 400)] * 40, 0.07),
        ([("opened", 20_000)] * 40, 0.89),
        ([("snoozed", None)] * 40, 0.05),
    ],
)
def test_outcomes_count_by_their_weight(rows: list[tuple[object, object]], expected: float) -> None:
    """Ignored, glanced at and put off count against tips, but less than a dismissal does."""
    assert learned(events(*rows))["accept_p"] == pytest.approx(expected, abs=0.01)


@for_each("seed", range(5))
def test_ignored_tips_are_not_taken_up(seed: int) -> None:
    """Of 84 tips in four weeks 30% are done and 70% only shown: that is the share that is learned."""
    random = seeded(seed)
    rows = []
    for number in range(84):
        at = NEWEST - timedelta(days=1 + number // 3, hours=random.uniform(0, 10))
        rows.append(feedback_row("shown", None, at.isoformat()))
        if number % 10 < 3:
            rows.append(feedback_row("done", 4000, (at + timedelta(minutes=3)).isoformat()))

    assert 0.25 <= float(str(learned(history((), rows))["accept_p"])) <= 0.35


def test_tips_of_the_last_day_may_still_be_taken_up() -> None:
    """A tip that was only shown counts once it is a day old, by the moment of the request or the newest event."""
    rows = [feedback_row("done", None, (NEWEST - timedelta(days=2 + n)).isoformat()) for n in range(12)]
    shown = [feedback_row("shown", None, (NEWEST - timedelta(hours=n)).isoformat()) for n in range(12)]
    given = history((), [*rows, *shown])
    found = [
        float(str(learned(changed(given, now_iso=now))["accept_p"]))
        for now in (None, NEWEST, NEWEST + timedelta(hours=12), NEWEST + timedelta(hours=24))
    ]

    assert found[0] == found[1] == pytest.approx(learned(history((), rows))["accept_p"], abs=0.02)
    assert found[1:] == sorted(found[1:], reverse=True)
    assert found[3] < 0.6 < found[1]


def test_unknown_actions_are_no_tips() -> None:
    """Null and unknown actions are left out."""
    assert learned(events(*[(None, 4000)] * 40, *[("stared", 4000)] * 40)) == {}
