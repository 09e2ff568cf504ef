"""Parts of snapshots that several jobs of one batch have in common."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any, Final, ParamSpec, TypeVar, cast

from oo.snapshot.clock import Clock
from oo.snapshot.rows import Columns
from oo.snapshot.user_rows import Decided

_Given = ParamSpec("_Given")
_Read = TypeVar("_Read")

_BY_VALUE: Final = (Clock, Decided, datetime, tzinfo, bool)
"""Small values without numbers. All others are compared by identity: for Python 1, 1.0 and True are equal."""


class SharedParts:
    """Results of pure functions; the same function with the same arguments runs once.

    The arguments are kept as well, so that no other object can take the identity of one. `columns` are those of lists
    that differ in others; None if there is one list only.
    """

    def __init__(self, columns: Columns | None = None) -> None:
        self.columns = columns
        self._found: dict[Callable[..., object], list[tuple[tuple[object, ...], Any]]] = {}

    def once(self, read: Callable[_Given, _Read], *given: _Given.args, **named: _Given.kwargs) -> _Read:
        """The result of `read`, which is never changed."""
        arguments = (*given, *named.values())
        of_read = self._found.setdefault(read, [])
        for earlier, result in of_read:
            if all(map(_is_same, earlier, arguments)):
                return cast("_Read", result)
        found = read(*given, **named)
        of_read.append((arguments, found))
        return found


def _is_same(one: object, other: object) -> bool:
    return one is other or (isinstance(one, _BY_VALUE) and one == other)
