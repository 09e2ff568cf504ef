"""tip-receptivity says how tips should be delivered."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oo.contract.agent_output import AgentOutput
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, ask, changed, iso, snapshot
from testing.for_each import for_each
from tests.unit.agents.random_inputs import seeded
from tests.unit.agents.walks import said_within, walk


def event(action: object, age: timedelta, dwell_ms: object = None) -> dict[str, object]:
    return {"action": action, "created_at": iso(NOW - age), "dwell_ms": dwell_ms}


def given(*events: object, now: datetime = NOW, **prefs: object) -> ComputeRequest:
    return snapshot(now=now, prefs=prefs, feedback=events)


def output_of(*events: object, now: datetime = NOW, **prefs: object) -> AgentOutput:
    return ask("tip-receptivity", given(*events, now=now, **prefs))


def daily(*actions: object) -> list[dict[str, object]]:
    """One tip a day up to yesterday, the first one the oldest."""
    return [event(action, (len(actions) - number) * DAY) for number, action in enumerate(actions)]


def test_tips_turned_down_ask_for_less() -> None:
    """After a run of negative verdicts it asks for few words, another kind and a way out."""
    assert output_of(*daily("done", "dismissed", "dismissed", "not_helpful")).prompt_text == (
        "[advice|2] Fact: the last 3 tips with a verdict were turned down. "
        "Move: at most 18 words, a different kind of move, an easy way out. Care: no pressure."
    )


def test_fatigue_asks_for_less_without_a_run() -> None:
    """Many recent tips turned down ask for less, too, when the last one was taken."""
    tired = [event("dismissed", age * HOUR) for age in (2, 3, 4)]

    assert "Fact: most of the latest tips were turned down." in output_of(*tired, event("done", HOUR)).prompt_text


def test_quiet_hours_ask_for_rest() -> None:
    """In quiet hours no start is proposed; a run of tips turned down is mentioned as well."""
    quiet: dict[str, Any] = {"quiet_start_h": 9, "quiet_end_h": 12}
    move = "Move: at most 18 words, nothing to start now. Care: no pressure."
    run = "the last 2 tips with a verdict were turned down"

    assert output_of(*daily("dismissed"), **quiet).prompt_text == (
        f"[rest|2] Fact: quiet hours run until 12:00. {move}"
    )
    assert output_of(*daily("dismissed", "dismissed"), **quiet).prompt_text == (
        f"[rest|2] Fact: quiet hours run until 12:00; {run}. {move}"
    )


def test_enough_tips_ask_for_few_words() -> None:
    """From the day's limit on tips get shorter."""
    today = [event("shown", age * HOUR) for age in (1, 2, 3)]
    texts = [output_of(*today, max_tips_per_day=limit).prompt_text for limit in (4, 3, 0)]

    assert texts == [
        "",
        "[advice|2] Fact: 3 tips came up today against a limit of 3 a day. Move: at most 18 words.",
        "[advice|2] Fact: 3 tips came up today against a limit of 0 a day. Move: at most 18 words.",
    ]


OFTEN = (
    "[advice|2] Fact: tips here are taken up more often than not. "
    "Move: at most 30 words, and a fuller reason is welcome."
)


@for_each(
    ("taken_n", "left_n", "outcome", "speaks"),
    [
        (2, 0, "done", False),
        (6, 0, "done", True),
        (12, 8, "done", False),
        (18, 6, "helpful", True),
        (14, 12, "done", False),
        (8, 20, "done", False),
    ],
)
def test_often_taken_up_is_beyond_doubt(taken_n: int, left_n: int, outcome: str, *, speaks: bool) -> None:
    """More often than not is said where a 90% interval lies above one half; a learned share alone says nothing."""
    # Those that were left lie between the others, so that no run of them speaks.
    actions = [outcome] * taken_n
    for number in range(left_n):
        actions.insert(number * (taken_n + left_n) // max(left_n, 1), "shown")

    assert output_of(*daily(*actions)).prompt_text == (OFTEN if speaks else "")
    assert output_of(*daily("done", "done"), accept_p=1).prompt_text == ""


def test_often_taken_up_ends_when_ignored_tips_count() -> None:
    """Tips that were shown today count from tomorrow on as not taken up: the line ends with the last it can bear."""
    taken = daily(*["done"] * 8)
    today = [event("shown", (23 - n / 2) * HOUR) for n in range(6)]
    output = output_of(*taken, *today, max_tips_per_day=10)
    later = output_of(*taken, *today, now=output.expires_at.astimezone(NOW.tzinfo), max_tips_per_day=10)

    assert output.prompt_text == OFTEN
    assert NOW + HOUR <= output.expires_at <= NOW + 4 * HOUR
    assert later.prompt_text == ""


@for_each(
    ("prefs", "text"),
    [
        ({}, ""),
        ({"max_words": 30}, "Fact: the limit for a tip here is 30 words. Move: at most 30 words."),
        ({"max_words": None}, ""),
        ({"max_words": "30"}, ""),
        ({"tone": "plain"}, ""),
        ({"tone": "loud"}, ""),
        ({"max_words": 14}, "Fact: the limit for a tip here is 14 words. Move: at most 14 words."),
        ({"max_words": 31}, "Fact: the limit for a tip here is 31 words. Move: at most 31 words."),
        ({"tone": "warm"}, "Fact: a warm tone is wanted here. Move: at most 30 words, in a warm tone."),
        (
            {"tone": "playful", "max_words": 12},
            "Fact: the limit for a tip here is 12 words. Move: at most 12 words, in a playful tone.",
        ),
    ],
)
def test_settings_alone_are_passed_on(prefs: dict[str, Any], text: str) -> None:
    """A word limit that is set, if to the default, or a tone other than the default is passed on."""
    assert output_of(**prefs).prompt_text.removeprefix("[advice|2] ") == text


@for_each(("max_words", "words"), [(10, 10), (17, 17), (18, 18), (19, 18), (60, 18)])
def test_few_words_are_never_more_than_the_limit(max_words: int, words: int) -> None:
    """Asking for less never asks for more than the user's limit."""
    output = output_of(*daily("dismissed", "dismissed"), max_words=max_words)

    assert f"at most {words} words" in output.prompt_text
    assert output.signals_snapshot["max_words"] == words


def test_snapshot_holds_the_reception() -> None:
    """The snapshot counts tips, verdicts, fatigue and reading time, and converts the learned hour."""
    events = [event("snoozed", 3 * DAY), event("opened", 3 * HOUR, 4000), event("dismissed", 3 * DAY + HOUR, 1000)]

    assert output_of(*events, accept_p=0.4, receptive_hour_utc=17.5).signals_snapshot == {
        "applicable": False,
        "reason": "nothing_to_add",
        "episodes_28d_n": 3,
        "shown_today_n": 1,
        "accept_p": 0.4,
        "neg_run_n": 0,
        "snooze_share_p": 0.333,
        "fatigue_ratio": 0.167,
        "median_dwell_ms": 2500.0,
        "max_words": 30,
        "in_quiet_hours": False,
        "receptive_hour_local_h": 19.5,
        "to_receptive_h": 9.5,
    }


@for_each(
    "events",
    [
        [event("dismissed", timedelta(0))],
        daily("dismissed", "done"),
        daily("shown", "snoozed", "shown"),
        daily(None, "stared", 7),
        [event("dismissed", 28 * DAY), event("dismissed", 29 * DAY)],
        [event("dismissed", HOUR)] * 50,
        [event("dismissed", -HOUR), event("dismissed", -2 * HOUR)],
    ],
)
def test_silent_without_two_verdicts(events: list[object]) -> None:
    """One event however often, unknown actions, tips of the future or of last month are no reason to speak."""
    assert output_of(*events).prompt_text == ""


def test_order_of_events_is_irrelevant() -> None:
    """Events in reverse order give the same."""
    events = daily("done", "dismissed", "snoozed", "dismissed")

    assert output_of(*reversed(events)) == output_of(*events)


@for_each(
    "prefs",
    [{"quiet_start_h": 9}, {"quiet_end_h": 12}, {"quiet_start_h": 9, "quiet_end_h": 9}, {"quiet_start_h": 9.5}],
)
def test_quiet_hours_need_two_ends(prefs: dict[str, Any]) -> None:
    """With one end missing, or both alike, there are no quiet hours."""
    assert output_of(**prefs).signals_snapshot["in_quiet_hours"] is False


@pytest.mark.parametrize("zone", [{}, {"timezone": "Mars/Base"}])
def test_no_hour_and_no_day_is_told_without_a_zone(zone: dict[str, Any]) -> None:
    """Quiet hours, and the tips of today, are those of the user's own clock."""
    now = NOW if zone else NOW.astimezone(UTC)
    today = [event("shown", age * HOUR) for age in (1, 2, 3)]

    assert output_of(*today, now=now, quiet_start_h=0, quiet_end_h=23, **zone).prompt_text == ""
    assert "turned down" in output_of(*daily("dismissed", "dismissed", "dismissed"), now=now, **zone).prompt_text


def at(zone: str, moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))


@for_each(
    ("zone", "now", "hours", "ends", "is_quiet"),
    [
        ("Europe/Berlin", "2026-06-17T21:59", (22, 7), "2026-06-17T22:00", False),
        ("Europe/Berlin", "2026-06-17T22:00", (22, 7), "2026-06-18T00:00", True),
        ("Europe/Berlin", "2026-06-18T00:00", (22, 7), "2026-06-18T07:00", True),
        ("Europe/Berlin", "2026-06-18T07:00", (22, 7), "2026-06-18T13:00", False),
        ("Europe/Berlin", "2026-03-29T00:00", (22, 7), "2026-03-29T07:00", True),
        ("Europe/Berlin", "2026-03-29T00:00", (1, 2), "2026-03-29T01:00", False),
        ("Europe/Berlin", "2026-03-29T01:00", (1, 2), "2026-03-29T03:00", True),
        ("Australia/Lord_Howe", "2026-10-04T01:50", (1, 3), "2026-10-04T03:00", True),
        ("Australia/Lord_Howe", "2026-04-05T00:00", (23, 2), "2026-04-05T02:00", True),
        ("Asia/Kathmandu", "2026-12-31T22:00", (0, 6), "2027-01-01T00:00", False),
        ("Asia/Kathmandu", "2027-01-01T00:00", (0, 6), "2027-01-01T06:00", True),
    ],
)
def test_quiet_hours_end_on_the_local_clock(
    zone: str, now: str, hours: tuple[int, int], ends: str, *, is_quiet: bool
) -> None:
    """Quiet hours begin and end by the wall clock, across midnight and clock changes."""
    output = output_of(now=at(zone, now), quiet_start_h=hours[0], quiet_end_h=hours[1])

    assert output.signals_snapshot["in_quiet_hours"] is is_quiet
    assert output.expires_at == at(zone, ends)


@for_each("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"])
@for_each("hours", [(22, 7), (1, 2), (2, 3), (0, 23)])
def test_what_is_said_holds_until_it_ends(zone: str, hours: tuple[int, int]) -> None:
    """Over days around clock changes every text holds up to its last second."""
    for day in ("2026-03-28", "2026-10-24", "2026-04-04", "2026-10-03"):
        events = [event("dismissed", NOW - at(zone, day)), event("done", NOW - at(zone, day) + HOUR)]
        snapped = given(*events, now=at(zone, day), quiet_start_h=hours[0], quiet_end_h=hours[1])
        outputs = list(walk("tip-receptivity", snapped, 2 * DAY))

        assert [said_within("tip-receptivity", snapped, each) for each in outputs] == [
            {each.prompt_text} for each in outputs
        ]
        assert len(outputs) <= 14


def tired(random_seed: int) -> Sequence[dict[str, object]]:
    """Recent tips, mostly turned down, the last one taken."""
    random = seeded(random_seed)
    return [
        event("done", 5 * MINUTE),
        *(event("dismissed", timedelta(minutes=random.randrange(60, 4000))) for _ in range(random.randrange(2, 6))),
    ]


def test_fatigue_ends_when_it_is_one_half() -> None:
    """A text that rests on fatigue ends within a second of the instant at which fatigue is one half."""
    by_fatigue_n = 0
    for seed in range(100):
        events = tired(seed)
        output = output_of(*events)
        if "most of the latest" not in output.prompt_text or output.expires_at - output.computed_at == timedelta(
            hours=12
        ):
            continue
        before, after = (
            output_of(*events, now=(output.expires_at + moved).astimezone(NOW.tzinfo)).prompt_text
            for moved in (-SECOND, SECOND)
        )
        by_fatigue_n += 1

        assert (before, after) == (output.prompt_text, "")
    assert by_fatigue_n > 5


def test_run_outlasts_fatigue() -> None:
    """A text that rests on a run does not end with fatigue: only another verdict ends a run."""
    output = output_of(event("dismissed", 3 * HOUR), event("dismissed", 5 * HOUR))

    assert output.expires_at - output.computed_at == 12 * HOUR


def test_event_ahead_of_the_clock_ends_it() -> None:
    """A second verdict half an hour ahead counts from five minutes before its time on."""
    events = [event("dismissed", 9 * DAY), event("dismissed", -30 * MINUTE)]
    output = output_of(*events)
    later = output_of(*events, now=NOW + 25 * MINUTE)

    assert (output.prompt_text, output.expires_at) == ("", NOW + 25 * MINUTE)
    assert "the last 2 tips" in later.prompt_text


def test_tasks_change_nothing() -> None:
    """With any tasks, open or done in the future, the output is the same."""
    base = given(max_words=14)
    tasks = [{"id": "a", "status": "done", "completed_at": iso(NOW + HOUR)}, {"id": "b", "title": "B"}]

    assert ask("tip-receptivity", changed(base, tasks=tasks)) == ask("tip-receptivity", base)
