"""How the latest tips were received."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from oo.agents.tip_receptivity.tip_response_history import TipResponses, read_tip_responses
from oo.snapshot.clock import FUTURE_TOLERANCE, clock_at
from oo.snapshot.feedback import read_feedback
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, iso
from testing.for_each import for_each
from tests.unit.agents.random_inputs import seeded

NEGATIVE = ("dismissed", "not_helpful", "thumbs_down")
POSITIVE = ("done", "helpful", "opened", "clicked", "acted")
NO_VERDICT = ("snoozed", "shown", "impression")


def event(action: object, age: timedelta, dwell_ms: object = None) -> dict[str, object]:
    return {"action": action, "created_at": iso(NOW - age), "dwell_ms": dwell_ms}


def reception(*events: object, now: datetime = NOW) -> TipResponses:
    clock = clock_at(now, now.tzinfo)
    return read_tip_responses(read_feedback(events, clock.zone, clock.now + FUTURE_TOLERANCE), clock)


def every_hour(*actions: str) -> list[dict[str, object]]:
    """One tip an hour, the first one the oldest."""
    return [event(action, (len(actions) - number) * HOUR) for number, action in enumerate(actions)]


@for_each(
    ("actions", "run_n"),
    [
        ([], 0),
        (["dismissed"], 1),
        (["done", "dismissed", "not_helpful"], 2),
        (["dismissed", "snoozed", "dismissed", "shown"], 2),
        (["dismissed", "opened", "shown"], 0),
        (["snoozed", "shown"], 0),
    ],
)
def test_run_counts_tips_turned_down(actions: list[str], run_n: int) -> None:
    """Dismissed and not helpful count; put off and only shown neither count nor break the run."""
    assert reception(*every_hour(*actions)).negative_run() == run_n


def test_run_is_what_counting_by_hand_gives() -> None:
    """On 1,000 random sequences the run is the longest ending of verdicts that are all negative."""
    for seed in range(1000):
        random = seeded(seed)
        sequence = [random_tip(random) for _ in range(random.randrange(12))]
        verdicts = [verdict for tip in sequence if (verdict := verdict_by_hand(tip)) is not None]
        longest = max(n for n in range(len(verdicts) + 1) if not any(verdicts[len(verdicts) - n :]))
        rows = [
            event(action, (len(sequence) - number) * HOUR - minute * MINUTE)
            for number, tip in enumerate(sequence)
            for minute, action in enumerate(tip)
        ]
        random.shuffle(rows)

        assert reception(*rows).negative_run() == longest, sequence


def random_tip(random: Random) -> list[str]:
    """Up to three events of one tip; being shown comes first if at all."""
    actions = random.choices((*NEGATIVE, *POSITIVE, "snoozed"), k=random.randrange(3))
    first = random.choice(NO_VERDICT[1:])
    return [first, *actions] if not actions or random.random() < 0.5 else actions


def verdict_by_hand(tip: list[str]) -> bool | None:
    """Whether a tip was taken, judged by its strongest event; None without a verdict."""
    strongest_first: tuple[tuple[tuple[str, ...], bool | None], ...] = (
        (("not_helpful", "thumbs_down"), False),
        (("helpful",), True),
        (("done", "acted"), True),
        (("dismissed",), False),
        (("snoozed",), None),
        (("opened", "clicked"), True),
    )
    return next((verdict for actions, verdict in strongest_first if set(actions) & set(tip)), None)


@for_each(
    ("events", "ratio"),
    [
        ([], 0),
        ([event("dismissed", timedelta(0))], 1 / 2),
        ([event("dismissed", 3 * DAY)], 0.5 / 1.5),
        ([event("dismissed", 3 * DAY), event("done", 3 * DAY + HOUR)], 0.5 / (2 + 2 ** (-1 / 72) / 2 - 0.5)),
        ([event("dismissed", timedelta(0)), event("not_helpful", 6 * DAY), event("snoozed", 3 * DAY)], 1.25 / 2.75),
    ],
)
def test_fatigue_fades_by_half_in_three_days(events: list[object], ratio: float) -> None:
    """Fatigue is the rejected tips divided by one plus all tips, each decayed by its age."""
    assert reception(*events).fatigue() == pytest.approx(ratio)


def test_rest_comes_when_fatigue_is_one_half() -> None:
    """On random histories fatigue is one half or more until the solved instant, and less after it."""
    tired_n = 0
    for seed in range(300):
        random = seeded(seed)
        rows = [
            event(random.choice((*NEGATIVE, *NEGATIVE, "done", "shown")), timedelta(minutes=random.randrange(20_000)))
            for _ in range(random.randrange(12))
        ]
        rested_at = reception(*rows).rested_at()
        if rested_at is None:
            assert reception(*rows).fatigue() < 0.5
            continue
        tired_n += 1
        before, after = (within_window(rows, rested_at + moved) for moved in (-2 * SECOND, 2 * SECOND))

        assert before >= 0.5 - 1e-9
        assert after < 0.5
    assert tired_n > 50


def within_window(rows: list[dict[str, object]], now: datetime) -> float:
    """The fatigue at a later time, over the same episodes."""
    given = reception(*rows)
    return replace(given, clock=clock_at(now, NOW.tzinfo)).fatigue()


def test_four_weeks_are_local_days() -> None:
    """A tip of 27 days ago counts all day, one of 28 days ago does not."""
    in_window, outside = (NOW.replace(hour=0) - days * DAY for days in (27, 28))
    last_second = outside.replace(hour=23, minute=59, second=59)
    found = reception(*({"action": "shown", "created_at": iso(moment)} for moment in (in_window, last_second)))

    assert (len(found.episodes), found.rows_n) == (1, 1)


def test_tips_of_today_are_those_since_midnight() -> None:
    """Midnight on the local clock divides yesterday's tips from today's."""
    midnight = NOW.replace(hour=0)
    found = reception(
        *({"action": "shown", "created_at": iso(moment)} for moment in (midnight, midnight - SECOND, NOW, NOW - DAY))
    )

    assert found.today_n() == 2


def test_shares_and_times_of_nothing_are_unknown() -> None:
    """Without any tip, or any known reading time, there is no share and no median."""
    assert (reception().snoozed_share(), reception().median_dwell_ms()) == (None, None)
    assert reception(event("done", HOUR)).median_dwell_ms() is None


def test_shares_and_times_are_of_tips() -> None:
    """Shares and medians are over tips, not over events."""
    found = reception(
        event("shown", 5 * HOUR),
        event("snoozed", 5 * HOUR - MINUTE, 100),
        event("opened", 3 * HOUR, 2000),
        event("opened", 2 * HOUR, 9000),
        event("done", 2 * HOUR - MINUTE),
    )

    assert found.snoozed_share() == pytest.approx(1 / 3)
    assert found.median_dwell_ms() == 2000
