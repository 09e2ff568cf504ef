"""Dates and times as apps write them, days sent as midnight, and the zones in which days are counted."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oo.contract.vocabulary import DATE_SHAPES
from testing.for_each import for_each
from testing.user_answers import AGENTS, ask, computed, learned, reading, signals, stored, text, tip

LOS_ANGELES = "America/Los_Angeles"


def due(value: object, **others: object) -> dict[str, Any]:
    return {"id": "1", "title": "Pay the rent", "due_at": value, "priority": 4, **others}


def when(value: object, **fields: Any) -> str:
    """The clause about the date of one task."""
    prefs = {"lead_days": 5, **fields.pop("agent_prefs", {})}
    words = text("deadline-pressure", tasks=[due(value)], agent_prefs=prefs, **fields)
    return words.partition("«Pay the rent» ")[2].partition(";")[0].partition(". ")[0]


@for_each(
    "case",
    [
        ("2026-03-12T17:00:00+01:00", "is due in about 7 h"),
        ("2026-03-12T17:00Z", "is due in about 8 h"),
        ("2026-03-12T17:00:00", "is due in about 7 h"),
        ("2026-03-12", "is due today"),
        ("20260312T170000Z", "is due in about 8 h"),
        ("20260312", "is due today"),
        ("2026-03-12T17:00:00.1234567Z", "is due in about 8 h"),
        ("2026-03-12 17:00:00+00", "is due in about 8 h"),
        ("2026-03-12T17:00:00.000+0000", "is due in about 8 h"),
        ("2026-03-12 17:00:00 UTC", "is due in about 8 h"),
        ("2026-03-12 17:00:00 GMT", "is due in about 8 h"),
        ("2026-03-12T17:00:00+01:00[Europe/Berlin]", "is due in about 7 h"),
        ("2026-03-12T14:00:00[America/New_York]", "is due in about 9 h"),
        ("2026-03-12T24:00:00Z", "is due tomorrow"),
        ("2026-03-13T00:00:00+01:00", "is due tomorrow"),
        ("2026-03-12T23:59:60+01:00", "is due tomorrow"),
        (1773334800, "is due in about 8 h"),
        ("1773334800", "is due in about 8 h"),
        (1773334800000, "is due in about 8 h"),
        ("Thu, 12 Mar 2026 17:00:00 GMT", "is due in about 8 h"),
        ("12 Mar 2026 17:00:00 +0100", "is due in about 7 h"),
        ({"date": "2026-03-12", "string": "today"}, "is due today"),
        ({"dateTime": "2026-03-12T17:00:00.0000000", "timeZone": "UTC"}, "is due in about 8 h"),
        ({"date": "2026-03-12", "datetime": "2026-03-12T17:00:00Z", "timezone": "UTC"}, "is due in about 8 h"),
        ("2026-03-13", "is due tomorrow"),
        ("2026-03-16", "is due on Monday"),
        ("2026-03-12T08:00:00Z", "was due today at 09:00"),
        ("2026-03-12T08:59:59Z", "was due today at 09:59"),
        ("2026-03-12T08:00:00+01:00", "was due today at 08:00"),
        ("2026-03-11", "is 1 day past its date"),
        ("2026-03-11T22:00:00Z", "is 1 day past its date"),
        ("2026-03-10", "is 2 days past its date"),
    ],
)
def test_a_date_is_said_as_it_was_written(case: tuple[object, str]) -> None:
    """At ten on a Thursday in Berlin. On its own day, after its hour, a task is past its time and not past its date."""
    assert when(case[0]) == case[1]
    assert "unreadable" not in reading(due(case[0]))


@for_each("shape", DATE_SHAPES)
def test_all_documented_shapes_are_five_in_the_afternoon_or_that_day(shape: str) -> None:
    for example in DATE_SHAPES[shape]:
        value = json.loads(example) if example.startswith("{") else example

        assert when(value) in ("is due today", "is due in about 7 h"), example


@for_each("zone_key", ["timezone", "timeZone"])
def test_a_rows_zone_is_that_of_its_times_only(zone_key: str) -> None:
    """A bare date is the user's day, wherever the row is from."""
    for value, words in (("2026-03-12T09:00:00", "is due in about 7 h"), ("2026-03-12", "is due today")):
        row = due(value, **{zone_key: LOS_ANGELES})

        assert words in text("deadline-pressure", tasks=[row]), value
    assert reading(due("2026-03-12T09:00:00", **{zone_key: "Mars/Olympus"}))["unreadable"] == {"tasks.due_at": 1}


def midnights(*days: str, suffix: str = "T00:00:00.000Z", key: str = "due_at") -> list[dict[str, Any]]:
    return [{"id": f"t{day}", "title": f"Task of the {day[-2:]}", key: f"{day}{suffix}"} for day in days]


THREE = midnights("2026-03-12", "2026-03-20", "2026-03-25")


@for_each(
    "suffix", ["T00:00:00.000Z", "T00:00:00Z", "T00:00:00+00:00", " 00:00:00 UTC", "T000000Z", "T00:00:00.0000000Z"]
)
def test_days_sent_as_midnight_are_days(suffix: str) -> None:
    """In Los Angeles at noon the task is due today; the evening before, tomorrow."""
    basic = suffix == "T000000Z"
    days = [day.replace("-", "") if basic else day for day in ("2026-03-12", "2026-03-20", "2026-03-25")]
    fields = {"tasks": midnights(*days, suffix=suffix), "timezone": LOS_ANGELES}

    assert "«Task of the 12» is due today" in text("deadline-pressure", **fields, now_iso="2026-03-12T19:00:00Z")
    assert "«Task of the 12» is due tomorrow" in text("deadline-pressure", **fields, now_iso="2026-03-11T22:30:00Z")
    assert reading(*fields["tasks"], timezone=LOS_ANGELES)["assumed"] == ["due_at=dates"]


def test_days_sent_as_local_midnight_are_days() -> None:
    """Apple and JavaScript send the user's own midnight."""
    rows = midnights("2026-03-12", "2026-03-20", "2026-03-25", suffix="T07:00:00Z")
    fields = {"tasks": rows, "timezone": LOS_ANGELES, "now_iso": "2026-03-12T19:00:00Z"}

    assert "«Task of the 12» is due today" in text("deadline-pressure", **fields)
    assert reading(*rows, timezone=LOS_ANGELES)["assumed"] == ["due_at=dates"]


def test_two_midnights_are_instants_and_other_times_stay_so() -> None:
    """One of two is past in Los Angeles; beside nine midnights, five in the afternoon stays an hour."""
    at_noon = {"timezone": LOS_ANGELES, "now_iso": "2026-03-12T19:00:00Z"}
    assert "is 1 day past its date" in text("deadline-pressure", tasks=THREE[:2], **at_noon)
    assert "assumed" not in reading(*THREE[:2], **at_noon)

    many = midnights(*(f"2026-03-{day}" for day in range(20, 29)))
    row = due("2026-03-12T23:00:00Z")
    assert "is due in about 4 h" in text("deadline-pressure", tasks=[*many, row], **at_noon)
    assert reading(*many, row, **at_noon)["assumed"] == ["due_at=dates"]


def finished(days: int, done: str, due_at: str) -> list[dict[str, Any]]:
    """Completions of the last days, each with the day's date in both stamps."""
    first = datetime(2026, 3, 11, tzinfo=UTC)
    dates = [f"{first - timedelta(days=number):%Y-%m-%d}" for number in range(days)]
    return [{"task_id": f"t{date}", "completed_at": date + done, "due_at": date + due_at} for date in dates]


def test_who_finishes_on_the_day_is_not_late() -> None:
    """39 tasks at 16:20, each due on its day, sent as midnight."""
    rows = finished(39, "T16:20:00Z", "T00:00:00.000Z")
    inferred = learned("lateness-buffer", task_completions=rows, timezone="America/New_York")
    words = text(
        "lateness-buffer",
        tasks=[due("2026-03-14")],
        task_completions=rows,
        agent_prefs=inferred,
        timezone="America/New_York",
    )

    assert inferred.get("late_p", 0) < 0.2
    assert "after their date" not in words


def test_completions_at_midnight_have_no_hour() -> None:
    """Microsoft gives the day of a completion only."""
    rows = finished(39, "T00:00:00.0000000Z", "")

    assert learned("peak-hours", task_completions=rows, timezone=LOS_ANGELES) == {}
    assert learned("peak-hours", task_completions=finished(39, "T16:20:00Z", ""), timezone=LOS_ANGELES) != {}


@for_each(
    "case",
    [
        *(
            (zone, "is due today")
            for zone in (" Europe/Berlin", "europe/berlin", "+01:00", "+0100", "UTC+1", "GMT+0100")
        ),
        *((zone, "is due today") for zone in ("UTC", "Europe/London", "America/Los_Angeles", "us/pacific", "-08:00")),
        *(
            (zone, "is 1 day past its date")
            for zone in ("Asia/Tokyo", "asia/tokyo ", "+09:00", "UTC+9", "Pacific/Auckland")
        ),
    ],
)
def test_zones_are_read(case: tuple[str, str]) -> None:
    """At 16:30 in UTC on the 11th, half past one on the 12th in Tokyo."""
    zone, words = case
    fields = {"now_iso": "2026-03-11T16:30:00Z", "timezone": zone}

    assert when("2026-03-11", **fields) == words
    assert "unreadable" not in reading(due("2026-03-11"), **fields)
    preferred = {"now_iso": "2026-03-11T16:30:00Z", "agent_prefs": {"timezone": zone}}
    assert when("2026-03-11", **preferred) == words
    assert when("2026-03-11", now_iso="2026-03-11T16:30:00Z", timezone=..., timeZone=zone) == words


DAY_WORDS = ("today", "tomorrow", "past its date", "past their date")
NO_ZONES: list[dict[str, Any]] = [
    {"timezone": ...},
    {"timezone": None},
    {"timezone": ""},
    {"timezone": "  ", "timeZone": ""},
]
UNREADABLE_ZONES: list[dict[str, Any]] = [
    *({"timezone": zone} for zone in ("Mars/Olympus", "PST", "Pacific Standard Time", "localtime", 5, True, ["UTC"])),
    {"timezone": ..., "timeZone": "Mars/Olympus"},
    {"agent_prefs": {"timezone": "Mars/Olympus"}},
    {"timezone": "Asia/Tokyo", "agent_prefs": {"timezone": "PST"}},
]


@for_each("zone", [*NO_ZONES, *UNREADABLE_ZONES])
def test_without_a_zone_no_day_is_said_that_is_another_elsewhere(zone: dict[str, Any]) -> None:
    """At half past midnight in UTC, the 11th is today in Los Angeles and yesterday in Berlin."""
    fields: dict[str, Any] = {"now_iso": "2026-03-12T00:30:00Z", **zone}
    prefs = fields.pop("agent_prefs", {})
    for day in ("2026-03-11", "2026-03-12", "2026-03-11T23:00:00Z", "2026-03-13T05:00:00Z", "2026-03-12T00:00:00Z"):
        words = text("deadline-pressure", tasks=[due(day)], agent_prefs=prefs, **fields)
        if not prefs:
            words += tip(tasks=[due(day)], **fields)["content"]

        assert [word for word in DAY_WORDS if word in words] == [], (day, words)
    found = computed("deadline-pressure", tasks=[due("2026-03-11")], agent_prefs=prefs, **fields)["reading"]
    assert found["assumed"] == ["timezone=UTC"]
    assert found.get("unreadable", {}) == ({"timezone": 1} if zone in UNREADABLE_ZONES else {})


def test_what_holds_in_every_zone_is_said_without_one() -> None:
    """Hours to an instant, the weekday of a day, a date that has passed everywhere, and ages."""
    fields: dict[str, Any] = {"now_iso": "2026-03-12T00:30:00Z", "timezone": ...}

    assert when("2026-03-12T08:30:00Z", **fields) == "is due in about 8 h"
    assert when("2026-03-05", **fields) == "is several days past its date"
    assert when("2026-03-14", **fields) == "is due on Saturday"
    assert when("2026-03-11", **fields) == ""
    words = [
        text(
            "stale-task",
            tasks=[{"id": "1", "title": "Sort it", "created_at": "2026-01-28T10:00:00Z"}],
            user_id=f"u{n}",
            **fields,
        )
        for n in range(9)
    ]
    assert any("has been open 43 days" in each for each in words)


MOVES = {"due_history": ["2026-03-11", "2026-03-12", "2026-03-13"], "due_at": None}


@for_each(
    "case",
    [
        ("quick-win", {"created_at": "2026-03-10T23:00:00Z"}, "and has waited 2 days", False),
        ("quick-win", {"created_at": "2026-03-05T23:00:00Z"}, "and has waited 7 days", True),
        ("quick-win", {"created_at": "2026-03-06"}, "and has waited 6 days", False),
        ("stale-task", {"created_at": "2026-03-08T10:00:00Z", **MOVES}, "and has been open 4 days", False),
        ("stale-task", {"created_at": "2026-03-02T10:00:00Z", **MOVES}, "and has been open 10 days", True),
    ],
)
def test_a_young_age_is_said_in_a_known_zone_only(case: tuple[str, dict[str, Any], str, bool]) -> None:
    """At 10 in UTC days differ by one between zones; from a week on that is the same age."""
    agent_id, fields, words, everywhere = case
    row = {"id": "1", "title": "Sort it", "estimate_minutes": 5, **fields}
    for zone, is_said in (("UTC", True), (..., everywhere)):
        given = [
            text(agent_id, tasks=[row], user_id=f"u{user}", timezone=zone, now_iso="2026-03-12T10:00:00Z")
            for user in range(6)
        ]

        assert any(given)
        assert any(words in each for each in given) is is_said, given
        assert is_said or not any("day" in each for each in given), given


def test_how_long_ago_a_short_chore_was_done_needs_a_zone_within_a_week() -> None:
    row = {"id": "1", "title": "Water the plants", "estimate_minutes": 5, "recurrence": "daily"}
    for day, everywhere in (("2026-03-09", False), ("2026-03-02", True)):
        done = {"task_id": "1", "completed_at": f"{day}T10:00:00Z"}
        given = [text("quick-win", tasks=[row], task_completions=[done], timezone=zone) for zone in ("UTC", ...)]

        assert ["was last done" in each for each in given] == [True, everywhere]


@for_each("agent_id", ["workload-balance", "peak-hours"])
def test_agents_that_need_the_users_hour_are_silent_without_a_zone(agent_id: str) -> None:
    rows = [due("2026-03-12", id=f"t{place}", estimate_minutes=300) for place in range(9)]
    prefs = {"capacity_min": 240, "peak_hour_local": 9.0}
    given = computed(agent_id, tasks=rows, timezone=..., agent_prefs=prefs)

    assert (given["prompt_text"], given["signals_snapshot"]["reason"]) == ("", "no_zone")


def test_without_a_zone_one_midnight_is_a_day() -> None:
    row = due("2026-03-14T00:00:00.000Z")

    assert "is due on Saturday" in text("deadline-pressure", tasks=[row], timezone=...)
    assert reading(row, timezone=...)["assumed"] == ["due_at=dates", "timezone=UTC"]


def test_an_offset_is_a_zone_and_z_is_none() -> None:
    """The offset of the moment counts where no zone is named; `Z` is how a moment is written."""
    late = due("2026-03-11")

    assert when("2026-03-11", now_iso="2026-03-11T17:30:00-07:00", timezone=...) == "is due today"
    assert when("2026-03-11", now_iso="2026-03-12T00:30:00+00:00", timezone=...) == ""
    assert when("2026-03-11", now_iso="2026-03-12T00:30:00Z", timezone="UTC") == "is 1 day past its date"
    assert "assumed" not in reading(late, now_iso="2026-03-11T17:30:00-07:00", timezone=...)


def test_a_service_may_have_a_zone_of_its_own() -> None:
    """It replaces an absent zone, and the report names it; it never replaces an unreadable one."""
    fields: dict[str, Any] = {"tasks": [due("2026-03-11")], "now_iso": "2026-03-12T00:30:00Z"}
    told = ask("compute", "/agents/deadline-pressure/compute", {**fields, "timezone": ...}, LOS_ANGELES)
    faulty = ask("compute", "/agents/deadline-pressure/compute", {**fields, "timezone": "PST"}, LOS_ANGELES)

    assert "is due today" in told["prompt_text"]
    assert told["reading"]["assumed"] == [f"timezone={LOS_ANGELES}"]
    assert faulty["prompt_text"] == ""


@pytest.mark.parametrize("agent_id", AGENTS)
def test_an_agents_own_zone_is_that_of_its_days(agent_id: str) -> None:
    """Over HTTP and over the queue."""
    rows = [*THREE, due("2026-03-11T22:30:00Z"), {"id": "s", "title": "Sort it", "created_at": "2025-11-01T00:00:00Z"}]
    prefs = {"timezone": LOS_ANGELES}
    fields = {"tasks": rows, "now_iso": "2026-03-12T05:00:00Z", "timezone": "Asia/Tokyo"}
    output = stored({**fields, "agent_prefs": {agent_id: prefs}, "agent_ids": [agent_id]})[agent_id]

    if output is not None:
        assert output["prompt_text"] == text(agent_id, **fields, agent_prefs=prefs)
        assert output["signals_snapshot"] == signals(agent_id, **fields, agent_prefs=prefs)
