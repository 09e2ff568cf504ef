"""A file of snapshots, one JSON object per line, and the position up to which it has been sent."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Self

from oo.agents.registry import all_manifests
from oo.contract.queues import PrecomputeMessage
from oo.errors import InvalidMessage
from oo.precompute.job_queue import message_text
from oo.precompute.messages import read_message
from operations.aws_lookup import NotPossible


@dataclass(frozen=True)
class SnapshotLine:
    """One line, counted from 1: the body to send, unchanged, or its fault. A blank line has neither."""

    number: int
    raw: bytes
    body: str = ""
    problems: tuple[str, ...] = ()
    message: PrecomputeMessage | None = None


@dataclass(frozen=True)
class Done:
    """The position up to which a file has been sent. `digest` is that of the first `size` bytes."""

    lines: int = 0
    size: int = 0
    sent: int = 0
    refused: int = 0
    digest: str = hashlib.sha256().hexdigest()


class SnapshotFile:
    """Reads a file from its last position, which is stored in `<file>.done`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoint = path.with_name(f"{path.name}.done")
        self._hash = hashlib.sha256()
        self.done = Done()

    def __enter__(self) -> Self:
        try:
            self._file: BinaryIO = self.path.open("rb")
        except OSError as error:
            raise NotPossible(f"{self.path} cannot be read: {error.strerror}.") from error
        try:
            self.done = self._read_checkpoint()
        except NotPossible:
            self._file.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def count(self) -> int:
        """All lines of the file, including those that were sent."""
        with self.path.open("rb") as file:
            return sum(1 for _ in file)

    def lines(self) -> Iterator[SnapshotLine]:
        """The rest of the file, parsed and checked line by line."""
        for number, raw in enumerate(self._file, start=self.done.lines + 1):
            yield _read(number, raw)

    def keep(self, lines: list[SnapshotLine]) -> None:
        """Record that these next lines are finished; atomically, so that a crash leaves the old position."""
        for line in lines:
            self._hash.update(line.raw)
        self.done = Done(
            lines=self.done.lines + len(lines),
            size=self.done.size + sum(len(line.raw) for line in lines),
            sent=self.done.sent + sum(bool(line.body) for line in lines),
            refused=self.done.refused + sum(bool(line.problems) for line in lines),
            digest=self._hash.hexdigest(),
        )
        draft = self.checkpoint.with_name(f"{self.checkpoint.name}.draft")
        draft.write_text(json.dumps(asdict(self.done)) + "\n", encoding="utf-8")
        draft.replace(self.checkpoint)

    def _read_checkpoint(self) -> Done:
        """The stored position, if it is about this file; reads the file up to it."""
        try:
            done = Done(**json.loads(self.checkpoint.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Done()
        except (ValueError, TypeError) as error:
            raise NotPossible(f"{self.checkpoint} is not valid: delete it to send the whole file.") from error
        for _ in range(done.lines):
            self._hash.update(self._file.readline())
        if self._file.tell() != done.size or self._hash.hexdigest() != done.digest:
            raise NotPossible(
                f"{self.path} is not the file of {self.checkpoint}: delete the latter to send the whole file."
            )
        return done


def _read(number: int, raw: bytes) -> SnapshotLine:
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return SnapshotLine(number, raw, problems=("body: Input should be UTF-8 text",))
    if not text:
        return SnapshotLine(number, raw)
    try:
        message = read_message(text, datetime.now(UTC))
    except InvalidMessage as error:
        return SnapshotLine(number, raw, problems=tuple(_sentence(problem) for problem in error.errors))
    unknown = set(message.agent_ids or ()) - {manifest.agent_id for manifest in all_manifests()}
    if unknown:
        return SnapshotLine(number, raw, problems=("agent_ids: Input should name registered agents",))
    return SnapshotLine(number, raw, body=message_text(text), message=message)


def _sentence(problem: dict[str, Any]) -> str:
    return f"{'.'.join(str(part) for part in problem['loc']).removeprefix('body.')}: {problem['msg']}"
