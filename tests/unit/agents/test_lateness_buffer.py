"""lateness-buffer puts a margin before the next date, taken from how dated tasks really went."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from oo.contract.agent_output import AgentOutput
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, ask, iso, snapshot
from testing.for_each import for_each
from testing.seeds import seeds
from tests.unit.agents.random_inputs import seeded

LATE: dict[str, Any] = {"late_p": 0.6, "lateness_p50_d": 2, "lateness_p80_d": 2}
ON_TIME: dict[str, Any] = {"late_p": 0.05, "lateness_p50_d": -0.5, "lateness_p80_d": 0}


def dated(due_at: object = "2026-06-25", task_id: str = "a", **more: object) -> dict[str, object]:
    return {"id": task_id, "title": "Draft report", "due_at": due_at, **more}


def late_by(days: float, size: int = 18, age_d: float = 0) -> list[object]:
    """Completions so many days after their dates, one every second day, the newest of the given age."""
    done = [NOW - HOUR - (age_d + 2 * n) * DAY for n in range(size)]
    return [{"completed_at": iso(at), "due_at": iso(at - days * DAY), "project_id": "p"} for at in done]


def output_of(*tasks: object, completions: list[object] | None = None, **prefs: object) -> AgentOutput:
    return ask("lateness-buffer", snapshot(*tasks, prefs=prefs, completions=completions or []))


def reason(output: AgentOutput) -> object:
    return output.signals_snapshot["reason"]


def test_aims_before_the_date() -> None:
    """For a user who is usually two days late, the line proposes to aim two days early, with its evidence."""
    output = output_of(dated("2026-06-20T15:00:00"), completions=late_by(2.4))

    assert output.prompt_text == (
        "[plan|2] Fact: dated tasks here usually land about 2 days after their date (counted from 18). "
        "Move: aim to finish «Draft report» tomorrow, 2 days early. Care: state it as a pattern, not a fault."
    )


def test_trusts_the_date() -> None:
    """For a user who is hardly ever late, the line proposes to trust the date."""
    assert output_of(dated(), **ON_TIME).prompt_text == (
        "[advice|2] Fact: nearly all dated tasks here land on time. "
        "Move: trust the date on «Draft report», no buffer needed."
    )


def test_snapshot_holds_the_numbers() -> None:
    """The signals contain the record, its evidence, and the aim: the date minus the margin."""
    assert output_of(dated("2026-06-20T15:00:00"), completions=late_by(2.4)).signals_snapshot == {
        "applicable": True,
        "reason": None,
        "late_p": 0.88,
        "lateness_p50_d": 2.0,
        "lateness_p80_d": 2.0,
        "evidence_n": 18,
        "target_task_id": "a",
        "aim_at": iso(datetime(2026, 6, 20, 15, tzinfo=NOW.tzinfo) - 2 * DAY),
    }


def test_preferences_need_no_evidence() -> None:
    """With the three values given no completion is counted, and no count is mentioned."""
    output = output_of(dated(), completions=late_by(9), **LATE)

    assert "usually land about 2 days after their date." in output.prompt_text
    assert output.signals_snapshot["evidence_n"] is None


def test_open_values_are_counted() -> None:
    """A value of the user's own stands, the others are counted."""
    output = output_of(dated(), completions=late_by(2.4), late_p=0)

    assert (output.signals_snapshot["late_p"], output.signals_snapshot["lateness_p80_d"]) == (0, 2.0)


@pytest.mark.parametrize(("size", "expected"), [(7, "too_little_evidence"), (8, None)])
def test_counting_needs_eight_dated_completions(size: int, expected: str | None) -> None:
    """Below eight dated completions nothing is said, however many undated ones there are."""
    undated = [{"completed_at": iso(NOW - n * HOUR)} for n in range(40)]

    assert reason(output_of(dated(), completions=[*late_by(3, size), *undated])) == expected


def test_only_ninety_days_are_counted() -> None:
    """Completions from 90 local days ago on are not counted."""
    assert reason(output_of(dated(), completions=late_by(3, 20, age_d=89))) == "too_little_evidence"
    assert output_of(dated(), completions=late_by(3, 9, age_d=73)).signals_snapshot["evidence_n"] == 9


def test_done_tasks_are_evidence() -> None:
    """Done tasks count as completions, too."""
    done = [
        {**each, "id": f"d{n}", "status": "done"} for n, each in enumerate(late_by(3, 12)) if isinstance(each, dict)
    ]

    assert output_of(dated(), *done).signals_snapshot["evidence_n"] == 12


@pytest.mark.parametrize(("size", "strength"), [(9, 1), (18, 2)])
def test_strength_rests_on_the_evidence(size: int, strength: int) -> None:
    """Counted from fewer than twelve completions' worth the statement is a weak one."""
    assert output_of(dated(), completions=late_by(2, size)).prompt_text.startswith(f"[plan|{strength}]")


@for_each(
    ("late_p", "median_d", "kind"),
    [
        (0.34, 0.4, ""),
        (0.35, 0.4, "plan"),
        (0.34, 0.5, "plan"),
        (0.16, -1, ""),
        (0.15, -1, "advice"),
        (0.1, 0.5, "plan"),
        (None, 0.4, ""),
        (None, 0.5, "plan"),
        (0.1, None, "advice"),
    ],
)
def test_record_decides(late_p: float | None, median_d: float | None, kind: str) -> None:
    """A third late or a late median calls for a margin, a share of up to 0.15 for trust, in between it is silent."""
    output = output_of(dated(), late_p=late_p, lateness_p50_d=median_d, lateness_p80_d=1)

    assert output.prompt_text[1:].partition("|")[0] == kind
    assert kind or reason(output) == "no_pattern"


def earlier(days: float, *rows: object) -> list[object]:
    """The rows with a first date so many days before the one they have now, which was met."""
    return [
        {**row, "due_history": [iso(datetime.fromisoformat(str(row["due_at"])) - days * DAY)]}
        for row in rows
        if isinstance(row, dict)
    ]


def test_the_first_date_is_named_where_it_is_known() -> None:
    """Where dates were moved until they were met the first ones tell, and the line says so."""
    moved = output_of(dated(), completions=earlier(3, *late_by(-1)))

    assert "dated tasks here usually land about 2 days after their first date (counted from 18)." in moved.prompt_text
    assert "land on time" in output_of(dated(), completions=late_by(-1)).prompt_text


def overdue(*ages: float, **more: object) -> list[dict[str, object]]:
    return [dated(f"{NOW - age * DAY:%Y-%m-%d}", f"o{age}", **more) for age in ages]


def test_open_tasks_after_their_date_are_evidence() -> None:
    """Nine tasks that are open after their date are enough evidence, by the days that have passed so far."""
    output = output_of(dated(), *overdue(*range(9, 18)))

    assert output.signals_snapshot["evidence_n"] == 9
    assert "land about" in output.prompt_text
    assert reason(output_of(dated(), *overdue(*range(9, 16)))) == "too_little_evidence"


@for_each("record", ["late", "on_time", "none", None, "maybe"])
@for_each(
    ("numbers", "sources", "by_numbers"),
    [
        (LATE, {}, "plan"),
        ({**ON_TIME, "lateness_p80_d": 1}, {}, "advice"),
        ({"late_p": 0.25, "lateness_p50_d": 0, "lateness_p80_d": 1}, {}, ""),
        (LATE, {"late_p": "user"}, "plan"),
        (ON_TIME, {"lateness_p50_d": "user"}, "advice"),
        (LATE, {"late_p": "inferred"}, "plan"),
    ],
)
def test_the_learned_record_decides_but_over_own_numbers(
    numbers: dict[str, Any], sources: dict[str, str], by_numbers: str, record: str | None
) -> None:
    """The record is a claim of its looks; where the user set one of its numbers, or there is none, the numbers tell."""
    output = output_of(dated(), **numbers, date_record=record, _sources=sources)
    by_record = {"late": "plan", "on_time": "advice", "none": ""}.get(str(record), by_numbers)

    expected = by_numbers if "user" in sources.values() else by_record
    assert output.prompt_text[1:].partition("|")[0] == expected


@for_each(
    ("late_p", "most"), [(0.02, "nearly all"), (0.12, "nearly all"), (0.13, "most"), (0.3, "most"), (None, "most")]
)
def test_trust_is_as_strong_as_its_share(late_p: float | None, most: str) -> None:
    """A few late ones leave most on time."""
    text = output_of(dated(), late_p=late_p, lateness_p50_d=-1, lateness_p80_d=0, date_record="on_time").prompt_text

    assert f"Fact: {most} dated tasks here land on time." in text


@for_each("prefs", [LATE, ON_TIME, {**LATE, "lateness_p80_d": 0.2}])
def test_no_two_days_running_have_the_same_words(prefs: dict[str, Any]) -> None:
    """The same advice on the same task is put in other words than the day before."""
    due = iso(NOW.replace(hour=23) + 40 * DAY)
    said = [
        ask("lateness-buffer", snapshot(dated(due), now=NOW + n * DAY, prefs=prefs)).prompt_text for n in range(27, 40)
    ]

    assert all(said)
    assert all(one != other for one, other in pairwise(said))


@for_each(
    ("tasks", "expected"),
    [
        ([dated("12.03.2026")], "due_unread"),
        ([{"id": "a", "title": "Pay", "when": "soon"}], "due_unread"),
        ([dated(title="")], "no_title"),
        ([{"id": "a", "label": "Pay", "due_at": "2026-06-25"}], "no_title"),
        ([dated(None)], "no_date_ahead"),
        ([dated(tags=["waiting"])], "no_date_ahead"),
    ],
)
def test_unknown_is_not_missing(tasks: list[dict[str, object]], expected: str) -> None:
    """An unreadable date or title is not called absent."""
    assert reason(output_of(*tasks, **LATE)) == expected


@for_each(
    ("due_at", "late_d", "words"),
    [
        (iso(NOW + 5 * DAY), 2, "aim to finish «Draft report» in about 3 days, about 2 days early."),
        (iso(NOW + 20 * HOUR), 0.25, "aim to finish «Draft report» in about 14 h, about 6 h early."),
        ("2026-06-23", 2, "aim to finish «Draft report» on Sunday, about 2 days early."),
        ("2026-06-30", 2, "aim to finish «Draft report» about 2 days early."),
        ("2026-06-17", 0.25, "aim to finish «Draft report» on Wednesday, before the day is over."),
    ],
)
def test_without_a_zone_nothing_is_said_of_the_day(due_at: str, late_d: float, words: str) -> None:
    """In an unknown zone, hours to an instant and the weekday of a date are true; days are approximate."""
    given = snapshot(dated(due_at), now=NOW.astimezone(UTC), prefs={**LATE, "lateness_p80_d": late_d})

    assert f"Move: {words}" in ask("lateness-buffer", given).prompt_text


@for_each(
    ("late_p", "median_d", "words"),
    [
        (0.5, 0.5, "usually land about half a day after their date"),
        (0.5, 0.75, "usually land about 1 day after their date"),
        (0.5, 1.5, "usually land about 2 days after their date"),
        (0.35, 0, "about 4 in 10 dated tasks here land after their date"),
        (0.94, 0, "about 9 in 10 dated tasks here land after their date"),
        (0.95, 0, "nearly all dated tasks here land after their date"),
    ],
)
def test_pattern_in_words(late_p: float, median_d: float, words: str) -> None:
    """The line gives a late median in days, else the share in tenths."""
    assert words in output_of(dated(), **{**LATE, "late_p": late_p, "lateness_p50_d": median_d}).prompt_text


@for_each(
    ("due_at", "late_d", "words"),
    [
        ("2026-06-22", 2, "on Saturday, 2 days early"),
        ("2026-06-22T12:00:00", 1, "on Sunday, 1 day early"),
        ("2026-06-18T12:00:00", 0.25, "tomorrow, about 6 h early"),
        ("2026-06-19", 0.5, "on Friday, before the day is over"),
        ("2026-06-30", 2, "in 11 days, 2 days early"),
        ("2026-06-17T20:00:00", 0.125, "in about 7 h, about 3 h early"),
        ("2026-06-30", 14, "on Tuesday, 7 days early"),
    ],
)
def test_aim_in_words(due_at: str, late_d: float, words: str) -> None:
    """The line gives the aim as a day or an hour, with its distance to the date; the longest margin is a week."""
    assert f"«Draft report» {words}." in output_of(dated(due_at), **{**LATE, "lateness_p80_d": late_d}).prompt_text


@for_each(
    ("prefs", "expected"),
    [
        ({"buffer_cap_d": 0}, "no_margin"),
        ({"lateness_p80_d": -3}, "no_margin"),
        ({"lateness_p80_d": 0.04}, "no_margin"),
        ({"lateness_p80_d": 0.05}, None),
    ],
)
def test_margin_below_an_hour_is_none(prefs: dict[str, Any], expected: str | None) -> None:
    """Where the margin is shorter than an hour, or not wanted, there is none to offer."""
    assert reason(output_of(dated(), **{**LATE, **prefs})) == expected


def test_after_the_aim_the_advice_is_another() -> None:
    """The aim ends the statement, and from then on the task comes next."""
    task = dated(iso(NOW + 2 * DAY + 90 * MINUTE))
    before = output_of(task, **LATE)
    after = ask("lateness-buffer", snapshot(task, now=NOW + 90 * MINUTE, prefs=LATE))

    assert before.expires_at <= NOW + 90 * MINUTE
    assert "Move: aim to finish" in before.prompt_text
    assert "give «Draft report» the next free block; the usual margin before its date has begun." in after.prompt_text


@for_each(
    ("tasks", "target"),
    [
        ([dated("2026-06-25", "a"), dated("2026-06-24", "b")], "b"),
        ([dated(iso(NOW), "a"), dated(iso(NOW + SECOND), "b")], "b"),
        ([dated(task_id="a", title=""), dated("2026-06-28", "b")], "b"),
        ([dated(task_id="a", status="done"), dated("2026-06-28", "b")], "b"),
        ([dated(iso(NOW + 14 * DAY - SECOND))], "a"),
        ([dated(iso(NOW + 14 * DAY))], None),
        ([dated(None)], None),
        ([], None),
    ],
)
def test_next_date_is_the_target(tasks: list[dict[str, object]], target: str | None) -> None:
    """The quotable open task that is due next within 14 days is the target, none without one."""
    output = output_of(*tasks, **LATE)

    assert output.signals_snapshot["target_task_id"] == target
    assert (reason(output) == "no_date_ahead") is (target is None)


def test_silence_ends_when_a_date_comes_into_view() -> None:
    """A date just beyond 14 days is spoken about from the second on at which it is within them."""
    task = dated(iso(NOW + 14 * DAY + HOUR))
    output = output_of(task, **LATE)

    assert output.expires_at == NOW + HOUR + SECOND
    assert ask("lateness-buffer", snapshot(task, now=output.expires_at, prefs=LATE)).prompt_text


def test_trust_ends_with_the_date() -> None:
    """A statement about a date ends with it at the latest."""
    assert output_of(dated(iso(NOW + 3 * HOUR)), **ON_TIME).expires_at == NOW + 3 * HOUR


def test_completion_to_come_ends_the_statement() -> None:
    """A completion whose time lies ahead begins to count five minutes before it."""
    ahead = {"completed_at": iso(NOW + 2 * HOUR), "due_at": iso(NOW)}

    assert output_of(dated(), completions=[*late_by(2), ahead]).expires_at == NOW + 2 * HOUR - 5 * MINUTE


def test_bulk_check_offs_share_their_weight() -> None:
    """Thirty late ones ticked off at once count less than twenty on time done one by one."""
    ticked = [{"completed_at": iso(NOW - HOUR), "due_at": iso(NOW - 9 * DAY), "project_id": str(n)} for n in range(30)]

    assert output_of(dated(), completions=[*ticked, *late_by(-0.5, 40)]).signals_snapshot["lateness_p50_d"] == -0.5


def test_completions_months_late_are_clamped() -> None:
    """A completion ten months late counts as two months late and is not dropped."""
    assert output_of(dated(), completions=late_by(300, 40)).signals_snapshot["lateness_p80_d"] == 14


@pytest.mark.all_seeds
def test_on_time_users_never_get_the_late_text() -> None:
    """Of users who nearly always finish on their dates 95% are never told otherwise."""
    told = sum(output_of(dated(), completions=on_time(seed)).prompt_text.startswith("[plan") for seed in seeds(200))

    assert told <= 0.05 * len(seeds(200))


def on_time(seed: int) -> list[object]:
    """Twenty completions on their dates, one in ten of them a day before or after."""
    random = seeded(seed)
    days = [NOW.date() - timedelta(days=2 * n + 1) for n in range(20)]
    late = [random.choices((0, -1, 1), (90, 5, 5))[0] for _ in days]
    return [
        {
            "completed_at": f"{day}T{random.randrange(8, 20):02}:30:00",
            "due_at": str(day - timedelta(days=late_d)),
        }
        for day, late_d in zip(days, late, strict=True)
    ]


@for_each("zone", ["Asia/Kathmandu", "America/New_York", "Pacific/Kiritimati"])
def test_dates_are_local_days(zone: str) -> None:
    """A bare date is met until its local midnight."""
    done = [{"completed_at": f"2026-06-{day:02}T23:30:00", "due_at": f"2026-06-{day:02}"} for day in range(1, 16)]
    given = snapshot(dated(), prefs={"timezone": zone}, completions=done)

    assert ask("lateness-buffer", given).prompt_text.startswith("[advice|")
