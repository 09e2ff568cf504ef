"""Choosing among equals."""

from datetime import date, timedelta

import pytest

from oo.agent_kit.rotation import Scored, choose, near_best, rotation_index
from oo.snapshot.tasks import Task
from oo.snapshot.user_rows import read_user_rows
from testing.agent_snapshots import DAY, NOW, clock_at

TODAY = date(2026, 6, 17)


def task(task_id: str, **fields: object) -> Task:
    return read_user_rows([{"id": task_id, **fields}], (), clock_at()).task_list.open[0]


@pytest.mark.parametrize(("score", "size"), [(0.9, 2), (0.89, 1)])
def test_near_best_reach_nine_tenths(score: float, size: int) -> None:
    """A candidate with nine tenths of the best score is its equal."""
    assert len(near_best([Scored(task("a"), 1.0), Scored(task("b"), score)])) == size


def test_ties_fall_by_date_age_and_id() -> None:
    """Of equal scores the earlier date goes first, then the older task, then the smaller id."""
    tasks = [
        task("d"),
        task("c"),
        task("b", created_at=NOW - DAY),
        task("a", created_at=NOW - 2 * DAY),
        task("e", due_at=NOW + DAY),
    ]

    assert [each.task.id for each in near_best([Scored(one, 1.0) for one in tasks])] == ["e", "a", "b", "c", "d"]


def test_turns_go_round() -> None:
    """On consecutive days each of m equals has its turn once."""
    turns = [rotation_index("user", "agent", TODAY + timedelta(days=day), 5) for day in range(5)]

    assert sorted(turns) == [0, 1, 2, 3, 4]


def test_turns_differ_between_users() -> None:
    """Users do not all get the same one on the same day."""
    assert {rotation_index(f"user-{n}", "agent", TODAY, 3) for n in range(20)} == {0, 1, 2}


def test_odd_user_ids_have_their_turn() -> None:
    """Any text is a user id, also one that UTF-8 has no bytes for."""
    assert choose([Scored(task("a"), 1.0)], "\ud800", "agent", TODAY).id == "a"
