"""overdue-pile asks for one decision about all that is past its date."""

from datetime import UTC, datetime
from itertools import pairwise

from oo.contract.agent_output import AgentOutput
from testing.agent_snapshots import DAY, HOUR, NOW, ask, iso, snapshot
from testing.for_each import for_each
from tests.unit.agents.walks import said_within


def late(task_id: str, days: int = 2, **more: object) -> dict[str, object]:
    return {"id": task_id, "title": f"Task {task_id}", "due_at": iso(NOW - days * DAY), **more}


def pile(size: int = 5, **more: object) -> list[dict[str, object]]:
    """Tasks that are past their date, the first one for the shortest time."""
    return [{**late(f"t{n}", n + 1), **more} for n in range(size)]


def said_on(day: int, *tasks: object, **prefs: object) -> AgentOutput:
    return ask("overdue-pile", snapshot(*tasks, now=NOW + day * DAY, prefs=prefs))


def month_of(*tasks: object, **prefs: object) -> list[AgentOutput]:
    return [said_on(day, *tasks, **prefs) for day in range(30)]


SPEAKING_DAY = next(day for day in range(10) if said_on(day, *pile()).prompt_text)


def output_of(*tasks: object, **prefs: object) -> AgentOutput:
    """The output on a day on which the agent speaks."""
    return said_on(SPEAKING_DAY, *tasks, **prefs)


def test_asks_for_one_decision() -> None:
    """The line gives the number of overdue tasks with one of them, and proposes to keep a few."""
    moves = {
        "keep three for this week, and move or drop the rest in one go.",
        "choose three to keep for this week; move or drop all others in one go.",
    }
    said = [output.prompt_text for output in month_of(*pile(14)) if output.prompt_text]
    facts = {text.partition(" among them. Move: ")[0].partition(",")[0] for text in said}

    assert facts == {"[decide|3] Fact: 14 tasks are past their date"}
    assert {text.partition("Move: ")[2].partition(" Care: ")[0] for text in said} == moves
    assert all(text.endswith("Care: moving is planning, not failing.") for text in said)


def test_snapshot_holds_the_numbers() -> None:
    """The signals count the pile and its tasks of two weeks or more."""
    tasks = [late("a", 20), late("b", 14), late("c", 13), late("d", 1), late("e", 1, priority="high")]
    signals = said_on(0, *tasks).signals_snapshot

    assert [signals[name] for name in ("overdue_n", "overdue_14d_n", "oldest_d")] == [5, 2, 20]


@for_each(
    ("size", "prefs", "reason"),
    [(4, {}, "few_overdue"), (5, {}, None), (2, {"from_n": 1}, "few_overdue"), (3, {"from_n": 1}, None)],
)
def test_a_pile_begins_at_the_preferred_size(size: int, prefs: dict[str, object], reason: str | None) -> None:
    """Five overdue tasks are a pile, or as many as are preferred, three at least."""
    assert output_of(*pile(size), **prefs).signals_snapshot["reason"] == reason


@for_each(
    "more",
    [
        {"tags": ["waiting"]},
        {"status": "blocked"},
        {"status": "someday"},
        {"status": "done"},
        {"status": 7},
        {"recurrence": "daily"},
        {"due_at": "12.06.2026"},
        {"due_at": iso(NOW + (SPEAKING_DAY + 1) * DAY)},
        {"due_at": iso(NOW + SPEAKING_DAY * DAY - HOUR)},
        {"due_at": None},
    ],
)
def test_other_tasks_are_not_in_the_pile(more: dict[str, object]) -> None:
    """Waiting, recurring and later tasks are not counted, nor those due earlier today."""
    other = {**late("x"), **more}

    assert output_of(*pile(4), other).signals_snapshot["overdue_n"] == 4


def test_a_task_that_was_done_twice_is_not_in_the_pile() -> None:
    """An open task with two completions comes back by itself."""
    completions = [{"task_id": "t0", "completed_at": iso(NOW - age_d * DAY)} for age_d in (9, 16)]
    output = ask("overdue-pile", snapshot(*pile(5), completions=completions))

    assert output.signals_snapshot["overdue_n"] == 4


def test_a_parent_is_not_counted_beside_its_parts() -> None:
    """A task with four overdue parts is four tasks."""
    parts = [{**each, "parent_id": "w"} for each in pile(4)]

    assert output_of(late("w"), *parts).signals_snapshot["overdue_n"] == 4


def test_an_unread_date_makes_the_count_a_least_one() -> None:
    """Where a date cannot be read there may be more."""
    assert "Fact: at least 5 tasks are past" in output_of(*pile(5), late("x", due_at="12.06.2026")).prompt_text


def test_names_the_most_important_ones_by_turns() -> None:
    """The named task is one of the most important, of these one of the three that are overdue for the shortest time."""
    tasks = [*pile(9), *(late(f"h{n}", n + 3, priority="high") for n in range(5))]
    named = {output.signals_snapshot["top_task_id"] for output in month_of(*tasks)}

    assert named == {"h0", "h1", "h2", None}


def test_speaks_on_seven_days_of_ten_in_changing_words() -> None:
    """The decision is asked for on seven days of each ten, and never twice running in the same words."""
    for tasks in (pile(5), [late("h", 2, priority="high"), *pile(4)]):
        texts = [output.prompt_text for output in month_of(*tasks)]

        assert sum(map(bool, texts)) == 21
        assert not [text for text, following in pairwise(texts) if text and text == following]


@for_each("priority", ["high", "urgent", 4, "??", True])
def test_what_matters_is_never_dropped(priority: object) -> None:
    """Beside a task of high or unreadable priority the rest gets new dates."""
    said = [output.prompt_text for output in month_of(late("h", 2, priority=priority), *pile(5)) if output.prompt_text]

    assert said
    assert not [text for text in said if "drop" in text]


@for_each(("keep_n", "size", "word"), [(1, 5, "one"), (7, 9, "seven"), (7, 5, "four"), (3, 5, "three")])
def test_keeps_as_many_as_preferred(keep_n: int, size: int, word: str) -> None:
    """So many are kept as the preference says, and fewer than there are."""
    text = output_of(*pile(size), keep_n=keep_n).prompt_text

    assert f"keep {word} for this week" in text or f"choose {word} to keep for this week" in text


def test_untitled_tasks_are_counted_and_not_named() -> None:
    """Where no overdue task has a title none can be named."""
    assert output_of(*pile(5, title="")).signals_snapshot["reason"] == "no_title"
    assert "5 tasks are past their date, «Task t4»" in output_of(*pile(4, title=""), late("t4")).prompt_text


def test_lasts_until_midnight() -> None:
    """Dates pass at midnight, so the statement is true until then."""
    assert said_on(SPEAKING_DAY, *pile()).expires_at == NOW.replace(hour=0) + (SPEAKING_DAY + 1) * DAY


@for_each("hour", range(0, 24, 5))
def test_without_a_zone_only_what_is_past_everywhere_counts(hour: int) -> None:
    """A bare date of yesterday may be that of today somewhere, so that the count is a least one."""
    for day in range(10):
        now = datetime(2026, 6, 17 + day, hour, tzinfo=UTC)
        given = snapshot(*pile(5), {"id": "y", "title": "Y", "due_at": (now - DAY).date().isoformat()}, now=now)
        output = ask("overdue-pile", given)

        number = "6" if hour >= 12 else "at least 5"
        assert output.prompt_text == "" or f"Fact: {number} tasks" in output.prompt_text
        assert said_within("overdue-pile", given, output) == {output.prompt_text}
