"""important-first names an important task before tasks that merely expire sooner."""

from datetime import UTC, datetime, timedelta

import pytest

from oo.agent_kit.rotation import rotation_index
from oo.agents.important_first import MANIFEST
from oo.contract.agent_output import AgentOutput
from oo.snapshot.user_rows import Decided
from testing.agent_snapshots import DAY, HOUR, NOW, SECOND, ask, iso, part_for_job, snapshot
from testing.for_each import for_each


def important(task_id: str = "a", **more: object) -> dict[str, object]:
    return {"id": task_id, "title": f"Task {task_id}", "priority": "high", **more}


def done(task_id: str, priority: str, age: timedelta = DAY) -> dict[str, object]:
    return important(task_id, priority=priority, status="done", completed_at=iso(NOW - age))


# Two moves take turns by day: on the day of these tests this user hears of a time for the task.
TIMED_USER = next(f"user-{n}" for n in range(9) if not rotation_index(f"user-{n}", "important-first", NOW.date(), 2))


def output_of(*tasks: object, now: datetime = NOW, **prefs: object) -> AgentOutput:
    return ask("important-first", snapshot(*tasks, now=now, prefs=prefs, user_id=TIMED_USER))


def test_names_an_important_task_without_a_date() -> None:
    """An important task is named with its priority; where recent work was mostly minor, that is said."""
    recent = [done(f"d{n}", "low") for n in range(7)] + [done(f"h{n}", "high") for n in range(2)]
    task = {"id": "a", "title": "Book the check-up", "priority": "high"}

    assert output_of(task, *recent).prompt_text == (
        "[plan|3] Fact: «Book the check-up» is high priority with no date; "
        "7 of the 9 tasks done in the last 7 days were low priority. "
        "Move: tie 25 min of it to a fixed cue, e.g. right after lunch."
    )


def test_names_a_date_that_is_not_near() -> None:
    """A date more than 72 hours ahead is named."""
    assert "is high priority and due on Sunday." in output_of(important(due_at=iso(NOW + 4 * DAY))).prompt_text


def test_snapshot_holds_the_numbers() -> None:
    """The signals count important tasks and recent completions, and describe the named task."""
    tasks = (
        important("a", created_at=iso(NOW - 3 * DAY), due_at=iso(NOW + 10 * DAY)),
        important("b", priority="low"),
        done("c", "low"),
        done("d", "high"),
    )

    assert output_of(*tasks).signals_snapshot == {
        "applicable": True,
        "reason": None,
        "important_open_n": 1,
        "top_task_id": "a",
        "top_age_d": 3,
        "top_due_d": 10,
        "low_share_7d_p": 0.5,
        "done_7d_n": 2,
    }


@for_each(("low_n", "high_n", "strength"), [(3, 2, 3), (2, 2, 2), (4, 0, 2), (5, 4, 2), (6, 4, 3)])
def test_strength_rests_on_recent_work(low_n: int, high_n: int, strength: int) -> None:
    """Strength 3 takes five tasks done in seven days, 60% of them minor."""
    recent = [done(f"l{n}", "low") for n in range(low_n)] + [done(f"h{n}", "high") for n in range(high_n)]

    assert output_of(important(), *recent).prompt_text.startswith(f"[plan|{strength}]")


@for_each(("age_d", "done_n"), [(0, 1), (6, 1), (7, 0)])
def test_recent_is_seven_local_days(age_d: int, done_n: int) -> None:
    """Recent work is that of today and the six local days before."""
    assert output_of(important(), done("d", "low", age_d * DAY)).signals_snapshot["done_7d_n"] == done_n


@for_each(("left", "reason"), [(72 * HOUR, "dates_are_near"), (72 * HOUR + SECOND, None), (-DAY, "dates_are_near")])
def test_near_dates_belong_to_others(left: timedelta, reason: str | None) -> None:
    """A task due within 72 hours or overdue is left to deadline-pressure."""
    assert output_of(important(due_at=iso(NOW + left))).signals_snapshot["reason"] == reason


@for_each(
    ("priority", "least", "words"),
    [
        ("urgent", 0.75, "high priority"),
        (4, 0.75, "high priority"),
        (2, 0.75, None),
        (3, 0.75, "high priority"),
        ("medium", 0.5, "medium priority"),
        ("whatever", 0.5, None),
        (None, 0.5, None),
        (0, 0.5, None),
    ],
)
def test_importance_is_a_known_priority(priority: object, least: float, words: str | None) -> None:
    """A task is important by a known priority of at least the preferred importance."""
    text = output_of(important(priority=priority), min_importance=least).prompt_text

    assert text == "" if words is None else words in text


@pytest.mark.parametrize(("size", "reason"), [(2, None), (3, "uninformative_priority")])
def test_one_priority_for_all_says_nothing(size: int, reason: str | None) -> None:
    """From three open tasks on, the same priority on all of them is no information."""
    tasks = [important(f"t{n}") for n in range(size)]

    assert output_of(*tasks).signals_snapshot["reason"] == reason


def test_urgent_minor_task_never_displaces_it() -> None:
    """A minor task that is due soon changes nothing about the important one."""
    alone = output_of(important())
    with_urgent = output_of(important(), important("b", priority="low", due_at=iso(NOW + HOUR)))

    assert with_urgent.prompt_text == alone.prompt_text != ""


@for_each("left_h", [1, 71, 73, 2000])
def test_removing_the_date_never_silences_it(left_h: int) -> None:
    """Where a task with a date is named, it is named without the date, too."""
    dated = output_of(important(due_at=iso(NOW + left_h * HOUR)))
    undated = output_of(important())

    assert undated.prompt_text
    assert dated.signals_snapshot["top_task_id"] in ("a", None)


def test_ends_when_its_date_comes_near() -> None:
    """A statement ends 72 hours before the date, when the task passes to deadline-pressure."""
    output = output_of(important(due_at=iso(NOW + 72 * HOUR + 90 * timedelta(minutes=1))))

    assert output.expires_at == NOW + 90 * timedelta(minutes=1)


def test_ends_when_a_near_equal_drops_out() -> None:
    """It also ends when another task that takes its turn with the named one gets a near date."""
    tasks = (important("a"), important("b", due_at=iso(NOW + 74 * HOUR)))

    assert output_of(*tasks).expires_at == NOW + 2 * HOUR


def test_block_follows_the_preference() -> None:
    """The proposed time is the preferred block."""
    assert "tie 40 min of it" in output_of(important(), block_min=40).prompt_text


@for_each(
    ("hour", "cue"),
    [
        (0, "right after lunch"),
        (9, "right after lunch"),
        (12, "right after lunch"),
        (13, "at 17:00"),
        (15, "at 17:00"),
        (16, "at 20:00"),
        (18, "at 20:00"),
        (19, "tomorrow right after breakfast"),
        (21, "tomorrow right after breakfast"),
        (23, "tomorrow right after breakfast"),
    ],
)
def test_cue_is_still_to_come(hour: int, cue: str) -> None:
    """Lunch is a cue before 13:00, then a clock time in waking hours, then tomorrow."""
    text = output_of(important(), now=NOW.replace(hour=hour, minute=59)).prompt_text

    assert text.endswith(f"Move: tie 25 min of it to a fixed cue, e.g. {cue}.")


@for_each(("hour", "ends_h"), [(9, 13), (13, 16), (17, 19)])
def test_ends_before_the_cue_has_passed(hour: int, ends_h: int) -> None:
    """A statement ends at the hour from which on another cue is named."""
    assert output_of(important(), now=NOW.replace(hour=hour)).expires_at == NOW.replace(hour=ends_h)


def test_without_a_zone_the_cue_is_an_event() -> None:
    """Where no zone is known nothing is said of an hour or of tomorrow."""
    for hour in (9, 14, 21):
        text = output_of(important(), now=NOW.replace(hour=hour).astimezone(UTC)).prompt_text

        assert text.endswith("to a fixed cue, e.g. right after the next meal.")


@for_each(
    ("estimate", "words"),
    [
        (10, "tie 10 min of it"),
        (7.5, "tie 7.5 min of it"),
        (0.4, "tie under 1 min of it"),
        (25, "tie 25 min of it"),
        (59, "tie 25 min of it"),
        (0, "tie 25 min of it"),
        ("45m", "tie 25 min of it"),
    ],
)
def test_block_is_no_longer_than_the_task(estimate: object, words: str) -> None:
    """The proposed time is the smaller of the preferred block and a known estimate."""
    assert words in output_of(important(estimate_minutes=estimate)).prompt_text


@for_each(
    "more",
    [{"estimate_minutes": 60}, {"created_at": iso(NOW - 14 * DAY)}, {"due_history": ["2026-06-01"]}],
)
def test_long_old_and_moved_tasks_get_a_first_step(more: dict[str, object]) -> None:
    """From an hour of work, two weeks of age or one moved date on, the first two minutes are proposed, in two ways."""
    texts = texts_of_two_days({**important(), **more})

    assert len(texts) == 2
    assert all(text.startswith("[start|2]") and "first two minutes of it" in text for text in texts)


def texts_of_two_days(*tasks: object) -> set[str]:
    return {output_of(*tasks, now=NOW + day * DAY).prompt_text for day in range(2)}


def test_no_words_return_on_the_next_day() -> None:
    """A time for the task and its first step alternate by day."""
    assert {text[:6] for text in texts_of_two_days(important())} == {"[plan|", "[start"}


@for_each(
    "more",
    [
        {"due_at": "12.07.2026"},
        {"date": "2026-07-12"},
        {"tags": ["waiting"]},
        {"status": "someday"},
        {"status": 2},
        {"priority": 7},
        {"priority": True},
        {"priority": None, "flag": 1},
    ],
)
def test_what_is_not_known_is_not_said(more: dict[str, object]) -> None:
    """Nothing is said of a date or a priority that cannot be read, nor of a task that waits or rests."""
    assert output_of({**important(), **more}).prompt_text == ""


@for_each("priority", [7, "??", True])
def test_unread_priorities_are_not_compared(priority: object) -> None:
    """Where the priority of one recent task cannot be read, nothing is said of how many were low."""
    recent = [done(f"l{n}", "low") for n in range(5)]
    unread = {**done("x", "low"), "priority": priority}

    assert "low priority" in output_of(important(), *recent).prompt_text
    assert "low priority" not in output_of(important(), *recent, unread).prompt_text


def test_unsent_tasks_are_not_compared() -> None:
    """Of a completion without its task the priority is not known."""
    recent = [done(f"l{n}", "low") for n in range(5)]
    other = {"task_id": "z", "completed_at": iso(NOW - 2 * DAY)}
    given = snapshot(important(), *recent, completions=[other], user_id=TIMED_USER)

    assert "low priority" not in ask("important-first", given).prompt_text


def test_a_job_knows_which_completion_is_that_of_a_task() -> None:
    """Which list a done task is of goes along in its job: a completion of another list is another one."""
    recent = [done(f"l{n}", "low") | {"project_id": "p"} for n in range(5)]
    other = {"project_id": "q", "completed_at": recent[0]["completed_at"]}
    whole = snapshot(important(), *recent, completions=[other], user_id=TIMED_USER)
    cut = part_for_job(whole, MANIFEST.requires, Decided({}, is_four_steps=True))

    assert ask("important-first", cut).prompt_text == ask("important-first", whole).prompt_text


def test_a_recurring_task_has_no_age() -> None:
    """The age of a recurring task neither counts nor is mentioned."""
    output = output_of(important(recurrence="weekly", created_at=iso(NOW - 300 * DAY)))

    assert output.signals_snapshot["top_age_d"] is None
    assert "first two minutes" not in output.prompt_text
