"""No test of `make test` measures time: on a busy machine any time may pass between two readings of a clock."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from testing.for_each import for_each

TESTS = Path(__file__).parents[2]
STOPWATCHES = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "thread_time"}
"""Their readings mean nothing but a difference. Watchdogs are in testing/waiting.py."""

WALL_CLOCKS = {"time", "time_ns"}


def names(tree: ast.AST) -> set[str]:
    """Attributes that are read of `time`, and names that are imported from it."""
    read = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time"
    }
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
    }
    return read | imported


def measured(source: str) -> Iterator[int]:
    """Lines that read a stopwatch, subtract two readings of the wall clock, or hold one in an assertion."""
    if not re.search(r"\btime\b", source):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute | ast.ImportFrom) and names(node) & STOPWATCHES:
            yield node.lineno
        if isinstance(node, ast.Assert) and names(node) & WALL_CLOCKS:
            yield node.lineno
        if isinstance(node, ast.BinOp) and names(node.left) & names(node.right) & WALL_CLOCKS:
            yield node.lineno


def test_no_test_measures_time() -> None:
    """Count attempts and waits, pass a clock in, or assert the outcome."""
    found = {
        f"{path.relative_to(TESTS)}:{line}"
        for folder in ("unit", "integration")
        for path in (TESTS / folder).rglob("*.py")
        for line in measured(path.read_text(encoding="utf-8"))
    }

    assert set() == found


@for_each(
    "source",
    [
        "started = time.monotonic()",
        "from time import perf_counter",
        "assert time.time() - started < 1",
        "assert before < int(time.time_ns())",
        "took_s = time.time() - int(time.time())",
    ],
)
def test_a_measured_time_is_found(source: str) -> None:
    assert list(dict.fromkeys(measured(source))) == [1]


def test_a_planted_moment_is_no_measurement() -> None:
    source = "row = {'opened_at': int(time.time() - seconds_ago), 'at': clock.monotonic}"

    assert list(measured(source)) == []
