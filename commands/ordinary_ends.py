"""Ends of a program without a fault of its code: Ctrl-C, a closed pipe, an unusable file."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import NoReturn


@contextmanager
def ordinary_ends() -> Iterator[None]:
    """End the process with at most one sentence if one of them ends the block.

    After Ctrl-C and a closed pipe the process dies of the signal, so that its shell and make know the reason. A closed
    pipe is silent.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        _die_of(signal.SIGINT)
    except BrokenPipeError:
        _die_of(signal.SIGPIPE)
    except OSError as problem:
        # Python would complain once more of output that could not be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(_sentence(problem))


def _die_of(number: signal.Signals) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    raise SystemExit(128 + number)


def _sentence(problem: OSError) -> str:
    reason = problem.strerror or str(problem) or type(problem).__name__
    if problem.filename is None:
        return f"A file or a connection cannot be used: {reason}."
    return f"{os.fsdecode(problem.filename)} cannot be used: {reason}."
