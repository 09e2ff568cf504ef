import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from oo.errors import JobsUnsent
from operations.aws_lookup import NotPossible
from operations.precompute import produce, summary_lines
from operations.progress import Progress
from operations.snapshot_file import SnapshotFile


class Sender:
    """Takes bodies until one of `refused` is among them."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.bodies: list[str] = []

    def send(self, bodies: Sequence[str]) -> None:
        if any(name in body for body in bodies for name in self.refused):
            raise JobsUnsent(len(bodies))
        self.bodies += bodies


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "users.jsonl"
    path.write_text("".join(f'{{"user_id": "user-{number:03}"}}\n' for number in range(250)))
    return path


def run(path: Path, sender: Sender) -> str:
    """Send a file; returns the output."""
    said = io.StringIO()
    with SnapshotFile(path) as file:
        produce(file, sender, Progress("snapshots", 250, said, done=file.done.lines))
    return said.getvalue()


def test_a_run_that_was_stopped_goes_on_where_everything_had_arrived(path: Path) -> None:
    """No line is left out; the sent part of the hundred that failed is sent twice."""
    first = Sender("user-142")
    with pytest.raises(NotPossible, match="continue at line 101"):
        run(path, first)

    second = Sender()
    run(path, second)

    assert {*first.bodies, *second.bodies} == {f'{{"user_id": "user-{number:03}"}}' for number in range(250)}
    assert len(second.bodies) == 150


def summary_of(path: Path, *users: Mapping[str, object]) -> list[str]:
    """The last lines of a run that sends these users."""
    path.write_text("".join(f"{json.dumps({'user_id': 'u', 'timezone': 'UTC', **user})}\n" for user in users))
    path.with_name(f"{path.name}.done").unlink(missing_ok=True)
    with SnapshotFile(path) as file:
        summary = produce(file, Sender(), Progress("snapshots", len(users), io.StringIO()))
    return summary_lines(summary, path)


def test_the_summary_asks_for_the_key_of_the_titles(path: Path) -> None:
    """The most frequent key that holds text and that no field uses."""
    rows = [{"id": number, "description": f"Pay {number}", "project": "home", "entry": "20260104"} for number in (1, 2)]
    named = {"tasks": [{"id": 1, "title": "Pay"}]}

    assert summary_of(path, {"tasks": rows}, {"tasks": rows[:1]}, named)[0] == (
        "2 of 3 users have tasks without a title: is it called `description`?"
    )
    assert summary_of(path, {"tasks": [{"id": 1, "due_at": "2026-03-12"}]})[0] == (
        "1 of 1 user has tasks without a title: send it as `title`."
    )


def test_the_summary_has_a_sentence_for_each_part_of_the_report(path: Path) -> None:
    """With the number of users, and of the values or rows."""
    tasks = [
        {"id": "1", "title": "a", "due_at": "12.03.2026", "priority": "?", "colour": "red"},
        {"id": "1", "title": "b", "due_at": "03/12/2026"},
        5,
    ]
    feedback = [{"action": "waved", "created_at": "2026-03-12T09:00:00Z"}, {"action": "done"}]

    words = "shown, opened, helpful, done, snoozed, dismissed or not_helpful"

    assert summary_of(
        path,
        {"tasks": tasks, "feedback_history": feedback, "profile": {"energy_now": "high"}, "extra": 1},
        {"tasks": [{"title": "a", "when": "2026-03-12"}], "timezone": "Mars"},
        {"user_id": 7, "tasks": [{"title": "a", "due_at": "2026-03-12"}], "timezone": None, "feedback_history": None},
        {"tasks": [{"title": str(day), "due_at": f"2026-03-{day}T00:00:00Z"} for day in (12, 20, 25)]},
    ) == [
        "1 of 4 users has tasks whose due date is unknown: is it called `when`?",
        f"1 of 4 users has `feedback_history.action` that cannot be read: write {words} (1).",
        "1 of 4 users has `profile.energy_now` that cannot be read: write numbers (1).",
        "1 of 4 users has `tasks.due_at` that cannot be read: write 2026-03-12, or 2026-03-12T17:00:00+01:00 (2).",
        "1 of 4 users has `tasks.priority` that cannot be read: write low, medium, high or urgent, or 1 to 4 (1).",
        "1 of 4 users has `timezone` that cannot be read: write an IANA name, as Europe/Berlin (1).",
        "1 of 4 users has rows of `feedback_history` that do not count: they have no readable time (1).",
        "1 of 4 users has rows of `tasks` that do not count: a later row has the same id (1).",
        "1 of 4 users has rows of `tasks` that do not count: they are not objects (1).",
        "1 of 4 users has midnights in `due_at`, which are read as days: write 2026-03-12.",
        "1 of 4 users has null as `feedback_history`, which is read as empty.",
        "1 of 4 users has no time zone, so tips name no day: send `timezone`.",
        "1 of 4 users has a number as `user_id`, which is read as its digits.",
        "Keys of `body` that no field uses: extra (1).",
        "Keys of `tasks` that no field uses: colour (1), when (1).",
        f"`make check-data FILE={path}` gives details.",
    ]


def test_the_summary_of_data_that_were_read_is_one_line(path: Path) -> None:
    """Of a file in which no line was sent there is none."""
    assert summary_of(path, {"tasks": [{"title": "a", "due_at": "2026-03-12"}]}) == ["All of their data were read."]
    assert summary_of(path, {"user_id": ""}) == []


def test_complaints_end_where_nobody_reads_them(tmp_path: Path) -> None:
    """Fifty are said."""
    path = tmp_path / "users.jsonl"
    path.write_text("{\n" * 80)

    said = run(path, Sender())

    assert said.count(": body: Input should be valid JSON") == 50
    assert said.count("Further problems are only counted") == 1
