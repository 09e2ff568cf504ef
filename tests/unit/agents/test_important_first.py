"""important-first holds up what matters against what merely expires sooner."""

from datetime import timedelta

import pytest

from oo.contract.agent_output import AgentOutput
from testing.agent_snapshots import DAY, HOUR, NOW, SECOND, ask, iso, snapshot


def important(task_id: str = "a", **more: object) -> dict[str, object]:
    return {"id": task_id, "title": f"Task {task_id}", "priority": "high", **more}


def done(task_id: str, priority: str, age: timedelta = DAY) -> dict[str, object]:
    return important(task_id, priority=priority, status="done", completed_at=iso(NOW - age))


def output_of(*tasks: object, **prefs: object) -> AgentOutput:
    return ask("important-first", snapshot(*tasks, prefs=prefs))


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
    """The snapshot counts important tasks and what was done lately, and describes the named one."""
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


@pytest.mark.parametrize(("low_n", "high_n", "strength"), [(3, 2, 3), (2, 2, 2), (4, 0, 2), (5, 4, 2), (6, 4, 3)])
def test_strength_rests_on_recent_work(low_n: int, high_n: int, strength: int) -> None:
    """Strength 3 takes five tasks done in seven days, 60% of them minor."""
    recent = [done(f"l{n}", "low") for n in range(low_n)] + [done(f"h{n}", "high") for n in range(high_n)]

    assert output_of(important(), *recent).prompt_text.startswith(f"[plan|{strength}]")


@pytest.mark.parametrize(("age_d", "done_n"), [(0, 1), (6, 1), (7, 0)])
def test_recent_is_seven_local_days(age_d: int, done_n: int) -> None:
    """Recent work is that of today and the six local days before."""
    assert output_of(important(), done("d", "low", age_d * DAY)).signals_snapshot["done_7d_n"] == done_n


@pytest.mark.parametrize(
    ("left", "reason"), [(72 * HOUR, "dates_are_near"), (72 * HOUR + SECOND, None), (-DAY, "dates_are_near")]
)
def test_near_dates_belong_to_others(left: timedelta, reason: str | None) -> None:
    """A task due within 72 hours or overdue is left to deadline-pressure."""
    assert output_of(important(due_at=iso(NOW + left))).signals_snapshot["reason"] == reason


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("left_h", [1, 71, 73, 2000])
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
