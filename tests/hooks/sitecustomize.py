"""Python imports this module first where its folder comes first: the sandbox then suffers its faults.

MOVED_CLOCK names a file with the seconds by which the wall clock is off; the clock that counts from the process's start
goes on as it was, as it does over a freeze. READ_ONLY_DISK=1 refuses to open or make any file for writing.
CLOSED_STDOUT=1 closes the reader of standard output. SLOW_IMPORT_S has the seconds that the import of mlflow
takes more than it would, as with little processor time. RESTORED=1 lets the runtime go on where it would wait for the
restore of a snapshot, which the emulator does not know: its hooks run between init and first call.
"""

import errno
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _move_the_clock(file: Path) -> None:
    seconds, nanoseconds = time.time, time.time_ns

    def offset_s() -> int:
        return int(file.read_text())

    time.time = lambda: seconds() + offset_s()
    time.time_ns = lambda: nanoseconds() + offset_s() * 1_000_000_000


def _refuse_to_write(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook; its exceptions reach the caller of the audited function."""
    # A number is a file that is open already.
    is_write = event == "open" and not isinstance(arguments[0], int) and arguments[2] & _WRITES
    if is_write or event in {"os.mkdir", "os.rename", "os.truncate"}:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), arguments[0])


def _close_stdout() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    os.dup2(writing, 1)


class _SlowImport:
    """A finder that finds nothing, and takes its time to say so of mlflow."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def find_spec(self, name: str, *_: object) -> None:
        if name == "mlflow":
            time.sleep(self._seconds)


def _restore_at_once() -> None:
    client = import_module("awslambdaric.lambda_runtime_client")
    for kind in vars(client).values():
        if isinstance(kind, type) and "restore_next" in vars(kind):
            setattr(kind, "restore_next", lambda _: None)  # noqa: B010  # the class is known at run time only


if os.environ.get("MOVED_CLOCK"):
    _move_the_clock(Path(os.environ["MOVED_CLOCK"]))
if os.environ.get("READ_ONLY_DISK"):
    sys.addaudithook(_refuse_to_write)
if os.environ.get("CLOSED_STDOUT"):
    _close_stdout()
if os.environ.get("RESTORED"):
    _restore_at_once()
if os.environ.get("SLOW_IMPORT_S"):
    sys.meta_path.insert(0, _SlowImport(float(os.environ["SLOW_IMPORT_S"])))
