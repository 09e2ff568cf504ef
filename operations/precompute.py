"""`make precompute FILE=users.jsonl`: a producer that sends one snapshot per line to PrecomputeQueue.

A line that is not a snapshot is reported and skipped. The position in the file is stored in a second file, so that the
same command continues after an interruption; a snapshot that is sent twice is harmless. At the end it lists the
unreadable values of the users whose snapshots it has sent.
"""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

from commands.program import needed, program, variable
from oo.errors import JobsUnsent
from oo.precompute.job_queue import JobQueue
from operations.aws_lookup import NotPossible, find_queue, one_sentence, physical_name, queue_client
from operations.data_summary import DataSummary
from operations.progress import Progress
from operations.snapshot_file import SnapshotFile, SnapshotLine
from operations.user_data import UserData

_SENDERS = 4
_LINES_AT_ONCE = 100
_MOST_SHOWN = 50


class Sender(Protocol):
    """Sends messages' bodies."""

    def send(self, bodies: Sequence[str]) -> None:
        """Send all of them; raises JobsUnsent."""


class _Complaints:
    """Prints the faults of lines, up to a readable number."""

    def __init__(self, file: Path, progress: Progress) -> None:
        self._file = file
        self._progress = progress
        self._said = 0

    def say(self, lines: Sequence[SnapshotLine]) -> None:
        for line in lines:
            for problem in line.problems:
                self._said += 1
                if self._said <= _MOST_SHOWN:
                    self._progress.say(f"{self._file} line {line.number}: {problem}")
                elif self._said == _MOST_SHOWN + 1:
                    self._progress.say("Further problems are only counted.")


def produce(file: SnapshotFile, sender: Sender, progress: Progress) -> DataSummary:
    """Send the rest of the file. Raises NotPossible if the queue does not accept it.

    The summary is about the users whose snapshots were sent.
    """
    complaints = _Complaints(file.path, progress)
    summary = DataSummary()
    with ThreadPoolExecutor(_SENDERS) as pool:
        for lines in _chunks(file.lines(), _LINES_AT_ONCE):
            complaints.say(lines)
            bodies = [line.body for line in lines if line.body]
            sent = pool.map(sender.send, (bodies[start::_SENDERS] for start in range(_SENDERS)))
            # Reading takes longer than sending, so it is done while the senders wait for answers.
            for message in filter(None, (line.message for line in lines)):
                summary.add(UserData(message, datetime.now(UTC)))
            try:
                # All senders must have finished before the position is stored.
                list(sent)
            except JobsUnsent as error:
                raise NotPossible(
                    "The queue did not accept every message."
                    f" Run the command again to continue at line {file.done.lines + 1}."
                ) from error
            file.keep(lines)
            progress.reach(file.done.lines)
    return summary


def summary_lines(summary: DataSummary, file: Path) -> list[str]:
    """The unreadable values of all users, and the page about them; empty if nothing was sent."""
    if not summary.users:
        return []
    found = list(summary.sentences())
    return [*found, f"`make check-data FILE={file}` gives details."] if found else ["All of their data were read."]


def _chunks(lines: Iterator[SnapshotLine], size: int) -> Iterator[list[SnapshotLine]]:
    while chunk := list(islice(lines, size)):
        yield chunk


@program("precompute")
@needed("FILE", "path", example="users.jsonl", type=Path, help="JSON objects, one per line")
@variable("QUEUE", default="PrecomputeQueue", help="a name or a URL")
@variable("STACK", help="the stack that the queue is part of")
def main(path: Path, queue: str, stack: str) -> None:
    """Send snapshots, one per line, to PrecomputeQueue.

    Ends with 1 if a line was left out, or the queue was not found.
    """
    with one_sentence(), SnapshotFile(path) as file:
        client = queue_client()
        found = find_queue(client, physical_name(queue, stack))
        before = file.done
        total = file.count()
        if before.lines == total:
            print(
                f"Nothing is left to send: {before.sent:,} snapshots were sent, {before.refused:,} lines were left out."
            )
            print(f"Delete {file.checkpoint} to send the file again.")
            return
        progress = Progress("snapshots", total, sys.stderr, done=before.lines)
        try:
            summary = produce(file, JobQueue(client, found.url), progress)
        except KeyboardInterrupt:
            raise NotPossible(f"Stopped. Run the command again to continue at line {file.done.lines + 1}.") from None
        finally:
            progress.end()
        sent, refused = file.done.sent - before.sent, file.done.refused - before.refused
        print(f"{sent:,} snapshots went to {found.name}.")
        for sentence in summary_lines(summary, path):
            print(sentence)
        if refused:
            raise NotPossible(f"{refused:,} lines were left out: correct them and send them in a separate file.")


if __name__ == "__main__":
    main()
