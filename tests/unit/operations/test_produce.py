import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from oo.errors import JobsUnsent
from operations.aws_lookup import NotPossible
from operations.precompute import produce
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
    """Send a file; what was said."""
    said = io.StringIO()
    with SnapshotFile(path) as file:
        produce(file, sender, Progress("snapshots", 250, said, done=file.done.lines))
    return said.getvalue()


def test_a_run_that_was_stopped_goes_on_where_everything_had_arrived(path: Path) -> None:
    """Nothing is left out; what had gone out of the hundred that failed goes out twice."""
    first = Sender("user-142")
    with pytest.raises(NotPossible, match="goes on at line 101"):
        run(path, first)

    second = Sender()
    run(path, second)

    assert {*first.bodies, *second.bodies} == {f'{{"user_id": "user-{number:03}"}}' for number in range(250)}
    assert len(second.bodies) == 150


def test_complaints_end_where_nobody_reads_them(tmp_path: Path) -> None:
    """Fifty are said."""
    path = tmp_path / "users.jsonl"
    path.write_text("{\n" * 80)

    said = run(path, Sender())

    assert said.count(": body: Input should be valid JSON") == 50
    assert said.count("There are more") == 1
