"""Parts that are read once for several views."""

from datetime import UTC
from typing import Any

from oo.agent_kit.shared_parts import SharedParts
from oo.snapshot.clock import clock_at
from oo.snapshot.user_rows import Decided
from testing.for_each import for_each
from testing.stored_outputs import NOW

ROWS = [{"id": 1}]


@for_each(
    ("first", "second", "runs"),
    [
        ((ROWS,), (ROWS,), 1),
        ((ROWS,), (ROWS.copy(),), 2),
        (((ROWS,),), ((ROWS,),), 2),
        ((1,), (1.0,), 2),
        ((clock_at(NOW, UTC),), (clock_at(NOW, UTC),), 1),
        ((clock_at(NOW, UTC),), (clock_at(NOW, None),), 2),
        ((Decided({"due_at": "utc"}, is_four_steps=True),), (Decided({"due_at": "utc"}, is_four_steps=True),), 1),
        ((Decided({}, is_four_steps=True),), (Decided({}, is_four_steps=False),), 2),
        ((ROWS, True), (ROWS, False), 2),
        ((ROWS, None), (ROWS, None), 1),
    ],
)
def test_the_same_arguments_give_the_same_result(first: Any, second: Any, runs: int) -> None:
    """Data is the same if it is one object; clocks, decisions, times and flags if they are equal."""
    calls = []
    parts = SharedParts()

    def read(*given: object) -> None:
        calls.append(given)

    for given in (first, second):
        parts.once(read, *given)

    assert len(calls) == runs


def test_each_function_has_results_of_its_own() -> None:
    """The same arguments give another function its own result, and the first one its first object again."""
    parts = SharedParts()

    results = [parts.once(read, ROWS) for read in (list, tuple, list)]

    assert results == [ROWS, tuple(ROWS), ROWS]
    assert results[0] is results[2]
