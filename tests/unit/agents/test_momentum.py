"""momentum says where the day and the week stand against the user's own pace."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oo.agents.registry import get_agent
from oo.contract.agent_output import AgentOutput
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, ask, changed, compute, iso, moment_of, snapshot
from testing.for_each import for_each
from testing.seeds import seeds
from tests.unit.agents.random_inputs import random_input, seeded

MONDAY = datetime(2026, 6, 15, 10, 0, tzinfo=NOW.tzinfo)
FIRST = datetime(2026, 7, 1, 10, 0, tzinfo=NOW.tzinfo)
MOMENTUM = get_agent("momentum")
FORBIDDEN = ("broken", "lost", "missed", "streak")
AHEAD = "ahead of the usual pace"


def done(now: datetime, counts: Mapping[int, int]) -> list[object]:
    """So many completions on the days of these ages, in the minutes after midnight."""
    midnight = now.replace(hour=0, minute=0, second=0)
    return [
        {"completed_at": iso(midnight - age * DAY + number * MINUTE), "project_id": str(number)}
        for age, count in counts.items()
        for number in range(count)
    ]


def output_of(
    counts: Mapping[int, int], *tasks: object, now: datetime = NOW, profile: object = None, **prefs: object
) -> AgentOutput:
    given = snapshot(*tasks, now=now, prefs=prefs, completions=done(now, counts))
    return compute(MOMENTUM, changed(given, profile=profile or {}))


def kind(output: AgentOutput) -> str:
    return output.prompt_text[1:].partition("|")[0]


def task(task_id: str, minutes: object = None, **more: object) -> dict[str, object]:
    return {"id": task_id, "title": f"Task {task_id}", "estimate_minutes": minutes, **more}


def weeks(last_d: int, before_d: int = 4) -> dict[int, int]:
    """So many a day in the seven days before the Monday of NOW's week and since, and in the four weeks before."""
    return {age: last_d if age <= 9 else before_d for age in range(1, 38)}


@for_each(
    ("done_n", "goal", "move"),
    [
        (4, 5, "one short task closes the day's goal."),
        (3, 5, "two short tasks close the day's goal."),
        (2, 5, None),
        (5, 5, None),
        (2, 3, "one short task closes the day's goal."),
        (1, 3, None),
        (1, 2, None),
        (48, 50, "two short tasks close the day's goal."),
        (0, 1, None),
    ],
)
def test_goal_in_reach_is_said(done_n: int, goal: int, move: str | None) -> None:
    """With 60% of the daily goal done and one or two tasks left, these are offered."""
    expected = f"[finish|3] Fact: {done_n} of today's {goal} are done. Move: {move}" if move else ""

    assert output_of({0: done_n}, daily_goal=goal).prompt_text == expected


def test_what_is_said_about_the_day_holds_three_hours() -> None:
    """The goal in reach and the day ahead of its pace hold for three hours, the week's pace for twelve."""
    assert output_of({0: 4}, daily_goal=5).expires_at == NOW + 3 * HOUR
    assert output_of({0: 12}, daily_rate=10).expires_at == NOW + 3 * HOUR
    assert output_of(weeks(12), now=NOW.replace(hour=1)).expires_at == NOW.replace(hour=13)


@for_each(
    ("now", "gap_d", "fact"),
    [
        (MONDAY, 3, "a new week starts today."),
        (MONDAY, 2, None),
        (FIRST, 40, "a new month starts today."),
        (FIRST, 1, None),
        (NOW, 9, None),
        (datetime(2026, 6, 1, 9, tzinfo=NOW.tzinfo), 5, "a new month starts today."),
    ],
)
def test_fresh_start_after_a_gap(now: datetime, gap_d: int, fact: str | None) -> None:
    """The first day of a week or a month is named after three days without a completion."""
    output = output_of({gap_d: 3}, now=now)

    assert output.prompt_text == (f"[start|2] Fact: {fact} Move: restart with one small step." if fact else "")


def test_fresh_start_names_the_smallest_task() -> None:
    """A fresh start takes the shortest open task for an example."""
    tasks = (task("a", 60), task("b", 5), task("c"), task("d", 1, title=""), task("e", 1, status="done"))

    assert output_of({5: 3}, *tasks, now=MONDAY).prompt_text == (
        "[start|2] Fact: a new week starts today. Move: restart with one small step on «Task b»."
    )


def test_busier_week_protects_a_break() -> None:
    """The line gives the ratio of a week with twice the usual completions, and proposes a break."""
    assert output_of(weeks(8)).prompt_text == (
        "[rest|2] Fact: last week was a busier week than usual, about 2.0 times the usual pace. "
        "Move: protect a break today, at a fixed hour."
    )


def test_lighter_week_shrinks_the_largest_task() -> None:
    """A week with a quarter of the usual completions takes the longest open task for an example."""
    tasks = (task("a", 60), task("b", 5), task("c"))

    assert output_of(weeks(1), *tasks).prompt_text == (
        "[shrink|2] Fact: last week was a lighter week than usual. Move: make «Task a» half its size. "
        "Care: a lighter week is fine, too."
    )
    assert "Move: make the next task half its size." in output_of(weeks(1)).prompt_text


def on(weekday: int) -> datetime:
    """A morning of NOW's week."""
    return MONDAY + weekday * DAY


@for_each("last_d", [1, 8])
@for_each("weekday", range(7))
def test_a_verdict_is_news_for_three_days(last_d: int, weekday: int) -> None:
    """From Monday to Wednesday last week's pace is reported, independent of later completions; then it is no news."""
    before = {weekday + age: last_d if age <= 7 else 4 for age in range(1, 36)}
    since = dict.fromkeys(range(1, weekday + 1), 4)
    kinds = {kind(output_of({**before, **since, 0: today}, now=on(weekday))) for today in (0, 1)}

    assert kinds == ({"rest" if last_d > 4 else "shrink"} if weekday < 3 else {""})


@for_each(
    ("empty", "rest_days", "is_told"),
    [
        ((), (), True),
        # Ages from Monday morning: yesterday and the day before.
        ((1,), (), True),
        ((1, 2), (), False),
        ((1, 2), (5, 6), True),
        ((1, 2, 3, 4), (5, 6), False),
        # Four days in a row within the week of the look.
        ((3, 4, 5), (), True),
        ((3, 4, 5, 6), (), False),
        ((2, 3, 5, 6), (), True),
        ((4, 5, 6, 7), (2,), True),
    ],
)
def test_nobody_who_was_away_had_a_lighter_week(
    empty: tuple[int, ...], rest_days: tuple[int, ...], *, is_told: bool
) -> None:
    """Two days without anything done up to now, or four in a row last week, days of rest left out, are no pace."""
    counts = {age: 1 if age <= 7 else 5 for age in range(1, 36) if age not in empty}

    assert (kind(output_of(counts, now=MONDAY, rest_days=list(rest_days))) == "shrink") is is_told


def test_back_from_two_weeks_away_is_no_busy_week() -> None:
    """The usual pace after weeks of nothing is the usual one."""
    counts = {age: 4 for age in range(1, 60) if not 8 <= age <= 21}

    assert output_of(counts, now=MONDAY).prompt_text == ""


@for_each(("counts", "prefs"), [({0: 4}, {"daily_goal": 5}), ({0: 3}, {"daily_goal": 5}), ({0: 9}, {"daily_rate": 3})])
def test_no_two_days_running_have_the_same_words(counts: dict[int, int], prefs: dict[str, Any]) -> None:
    """At the same state of every day the step is put in other words than the day before."""
    said = [output_of({**counts, 1: 1}, now=NOW + n * DAY, **prefs).prompt_text for n in range(10)]

    assert all(said)
    assert all(one != other for one, other in pairwise(said))


@for_each("last_d", [3, 4, 5])
def test_usual_week_is_silent(last_d: int) -> None:
    """A quarter more or less is the usual pace."""
    output = output_of(weeks(last_d))

    assert (kind(output), output.signals_snapshot["reason"]) == ("", "usual_pace")


def test_short_history_is_no_slow_one() -> None:
    """A user who began three weeks ago has no usual week yet to compare with."""
    began_lately = dict.fromkeys(range(1, 31), 4)

    assert output_of(began_lately).signals_snapshot["pace_ratio"] is None
    assert output_of({**began_lately, 31: 1}).signals_snapshot["pace_ratio"] is not None


def test_today_is_no_part_of_the_week() -> None:
    """The week's pace is that of the week before Monday, so that it does not change until the next one."""
    without, with_today = (output_of({**weeks(4), 0: count, 1: count}).signals_snapshot for count in (4, 20))

    assert without["pace_z"] == with_today["pace_z"]


def test_day_of_import_is_no_busy_week() -> None:
    """Two hundred completions of one day count as five times the median and five."""
    assert output_of({**weeks(4), 5: 200}).signals_snapshot["pace_ratio"] == round((6 * 4 + 25) / 28, 3)


def test_ahead_of_the_usual_pace() -> None:
    """The line mentions two tasks more than the usual pace expects by now."""
    assert output_of({0: 6}, daily_rate=6).prompt_text == (
        "[advice|2] Fact: 6 are done today, ahead of the usual pace. Move: choosing what matters beats adding more."
    )


@for_each(
    ("hour", "done_n", "is_ahead"),
    [(7, 2, True), (8, 2, True), (9, 2, False), (14, 7, False), (14, 8, True), (20, 13, False), (22, 14, True)],
)
def test_expected_pace_rises_from_eight_to_eight(hour: int, done_n: int, is_ahead: bool) -> None:  # noqa: FBT001  # a table's column
    """Of twelve tasks a day, one more is expected each hour between 8 and 20."""
    output = output_of({0: done_n, 1: 1}, now=NOW.replace(hour=hour), daily_rate=12)

    assert output.signals_snapshot["expected_now_n"] == min(max(hour - 8, 0), 12)
    assert (AHEAD in output.prompt_text) is is_ahead


def test_being_ahead_ends_when_the_pace_catches_up() -> None:
    """Four done by 9:20 at twelve a day are ahead until 10:00."""
    now = NOW.replace(hour=9, minute=20)
    output = output_of({0: 4}, now=now, daily_rate=12)

    assert output.expires_at == NOW.replace(hour=10)
    assert kind(output_of({0: 4}, now=output.expires_at.astimezone(NOW.tzinfo) + SECOND, daily_rate=12)) == ""


@for_each(
    ("profile", "prefs", "strength"),
    [
        ({"mean_daily_done_28d": 3.0}, {}, "[advice|1]"),
        ({"mean_daily_done_28d": 30.0}, {"daily_rate": 3}, "[advice|2]"),
        ({}, {}, ""),
    ],
)
def test_profile_fills_in_for_the_rate(profile: object, prefs: dict[str, Any], strength: str) -> None:
    """Without a rate of its own the profile's average counts, weakly; without both there is no expectation."""
    assert output_of({0: 5}, profile=profile, **prefs).prompt_text.startswith(strength or "")
    assert bool(output_of({0: 5}, profile=profile, **prefs).prompt_text) is bool(strength)


def test_rest_days_have_no_pace() -> None:
    """On a rest day nothing is expected, and neither the day nor the week is compared."""
    assert output_of(weeks(8), rest_days=[2]).prompt_text == ""
    assert output_of(weeks(1), rest_days=[2]).prompt_text == ""
    assert output_of({0: 9}, rest_days=[2], daily_rate=3).prompt_text == ""
    assert output_of({0: 9}, rest_days=[2], daily_rate=3).signals_snapshot["expected_now_n"] == 0


@pytest.mark.parametrize(("done_n", "goal", "reason"), [(2, 0, "too_little_history"), (2, 9, "usual_pace")])
def test_history_or_a_goal_is_needed(done_n: int, goal: int, reason: str) -> None:
    """Below three completions in 90 days it takes a goal to say anything."""
    assert output_of({3: done_n, 91: 9}, daily_goal=goal).signals_snapshot["reason"] == reason
    assert output_of({89: 3}).signals_snapshot["reason"] == "usual_pace"


@for_each(("counts", "goal"), [({0: 4, 1: 5}, 5), ({0: 9, 1: 3}, 0), (weeks(8), 0)])
def test_silent_without_a_zone(counts: dict[int, int], goal: int) -> None:
    """Goals, paces and weeks are those of the user's own days; `Z` in the moment tells no zone."""
    told: dict[str, Any] = {"daily_goal": goal, "daily_rate": 1}

    for output in (output_of(counts, now=NOW.astimezone(UTC), **told), output_of(counts, timezone="Mars/Base", **told)):
        assert (output.prompt_text, output.signals_snapshot["reason"]) == ("", "no_zone")


def test_snapshot_holds_the_numbers() -> None:
    """The snapshot holds the day, the week, and the run."""
    counts = {0: 2, **dict.fromkeys(range(1, 8), 8), **dict.fromkeys(range(8, 36), 4)}

    assert output_of(counts, daily_goal=9, daily_rate=6, now=MONDAY).signals_snapshot == {
        "applicable": True,
        "reason": None,
        "done_today_n": 2,
        "goal_n": 9,
        "daily_rate": 6,
        "expected_now_n": 1.0,
        "pace_ratio": 2.0,
        "pace_z": 3.95,
        "active_days_7_n": 7,
        "gap_d": 0,
        "run_days_n": 36,
        "landmark": "week_start",
    }


@for_each(
    ("show_runs", "counts", "words"),
    [
        (True, {0: 4, 1: 1, 2: 1}, ", with 3 active days in the current run."),
        (True, {0: 4}, "are done."),
        (False, {0: 4, 1: 1, 2: 1}, "are done."),
    ],
)
def test_runs_are_shown_on_request(show_runs: bool, counts: dict[int, int], words: str) -> None:  # noqa: FBT001  # a table's column
    """A run of two active days or more is mentioned if the preference is on."""
    assert f"4 of today's 5 are done{words.removeprefix('are done')}" in (
        output_of(counts, daily_goal=5, show_runs=show_runs).prompt_text
    )


def test_completion_to_come_ends_the_statement() -> None:
    """A completion whose time lies ahead begins to count five minutes before it."""
    ahead = {"completed_at": iso(NOW + HOUR), "project_id": "x"}
    given = snapshot(prefs={"daily_goal": 5}, completions=[*done(NOW, {0: 4}), ahead])

    assert ask("momentum", given).expires_at == NOW + 55 * MINUTE


def test_the_day_is_the_local_one() -> None:
    """The same instants are today's in one zone and yesterday's in another."""
    evening = [{"completed_at": "2026-06-16T20:00:00Z", "project_id": str(n)} for n in range(4)]
    counted = [
        ask("momentum", snapshot(now=NOW.astimezone(ZoneInfo(zone)), completions=evening)).signals_snapshot
        for zone in ("Asia/Tokyo", "Europe/Berlin")
    ]

    assert [each["done_today_n"] for each in counted] == [4, 0]
    assert [each["gap_d"] for each in counted] == [0, 1]


@pytest.mark.all_seeds
def test_no_word_of_failure_is_ever_said() -> None:
    """In up to ten thousand random inputs no text mentions anything that did not happen."""
    users = [random_input(seed, MOMENTUM.manifest) for seed in range(100)]
    said = {compute(MOMENTUM, another_day(users[seed % 100], seed)).prompt_text for seed in seeds(10_000)}

    assert {text[1:].partition("|")[0] for text in said} == {"", *MOMENTUM.manifest.kinds}
    assert not [text for text in said if any(word in text.lower() for word in FORBIDDEN)]


def another_day(given: ComputeRequest, seed: int) -> ComputeRequest:
    """Another day, another pace and other preferences of the same user."""
    random = seeded(seed)
    now = moment_of(given) + timedelta(hours=random.randrange(24 * 40))
    counts = {random.randrange(36): random.randrange(1, 6) for _ in range(random.randrange(8))}
    if random.random() < 0.3:
        counts = {**weeks(random.choice((1, 4, 9))), 0: random.randrange(9)}
    prefs = {
        "daily_goal": random.choice((0, 0, 3, 5)),
        "daily_rate": random.choice((None, 2.5, 6)),
        "show_runs": random.random() < 0.5,
        "rest_days": random.sample(range(7), random.randrange(3)),
    }
    return changed(
        snapshot(*given.tasks[:2], now=now, user_id=given.user_id, prefs=prefs, completions=done(now, counts)),
        profile=given.profile,
    )
