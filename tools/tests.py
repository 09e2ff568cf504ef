"""Run pytest with the values that make's targets of tests take."""

import os
import sys
from collections.abc import Sequence

import click
import pytest

from commands.program import program, variable
from commands.values import Number


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
    sys.exit(pytest.main([*(["-n", str(workers)] if parallel else []), *arguments]))
