"""Run pytest with the values that make's targets of tests take."""

import os
import signal
import sys
from collections.abc import Sequence

import click
import pytest

from commands.program import program, variable
from commands.values import Number


class _Interrupts:
    """Lets Ctrl-C wait while pytest starts its workers, whose starts would print tracebacks.

    Workers inherit the blocked signal, and unblock it in tests/conftest.py. If it came, this process ends at once, and
    the workers end with it.
    """

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Block it."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Let it through: from here on pytest ends the tests' own processes."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, signal.default_int_handler)


@program("test", context_settings={"ignore_unknown_options": True})
@click.option("--parallel", is_flag=True, help="use WORKERS processes")
@click.option("--fuzz", is_flag=True, help="send FUZZ_REQUESTS generated requests")
@variable("WORKERS", type=Number(1, 256), default=(os.cpu_count() or 1) + 1, help="processes that run tests")
@variable("FUZZ_REQUESTS", type=Number(1, 10_000_000), default=10_000, help="generated requests")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def main(workers: int, fuzz_requests: int, arguments: Sequence[str], *, parallel: bool, fuzz: bool) -> None:
    """Run pytest with these arguments; the exit code is its own.

    One worker more than processors is the default, as many tests wait for a process or an answer that does not come.
    """
    if fuzz:
        os.environ["FUZZ_REQUESTS"] = str(fuzz_requests)
    chosen = [*(["-n", str(workers)] if parallel else []), *arguments]
    sys.exit(pytest.main(chosen, plugins=[_Interrupts()]))
