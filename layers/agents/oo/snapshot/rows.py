"""Which keys of a row hold which field, and the state of a field: a value, absent, or why it is unknown.

Rows of one app have the same keys, so each set of keys is looked at once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import Enum
from typing import Any, Final, TypeVar

from oo.contract.vocabulary import FieldKeys
from oo.snapshot.report import ListReport


class Unreadable(Enum):
    """The state of a field that holds something else than a readable value."""

    UNREADABLE = "unreadable"
    """A key of the field holds a value that cannot be read."""
    HINTED = "hinted"
    """Only a key that carries the field in some apps holds a value; it is not read."""


UNREADABLE: Final = Unreadable.UNREADABLE
HINTED: Final = Unreadable.HINTED

_Value = TypeVar("_Value")

Row = Mapping[str, Any]
Read = Callable[[Any], Any]
"""The state of a value that is not null: what was read, UNREADABLE, or None where it says that there is nothing."""


def is_blank(value: object) -> bool:
    """Whether the value says nothing: null, blank text, an empty list or object."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or value in ([], {})


class RowPlan:
    """Where rows with one set of keys have the fields of a list.

    `fields` holds by name the first of a field's keys, whether it has more keys or hints, and all of them. `hinted` are
    fields of which there are hints only. `flags` are the keys of fields that `read_row` leaves alone.
    """

    __slots__ = ("fields", "flags", "hinted", "rows_n")

    def __init__(self, fields: Mapping[str, FieldKeys], flags: Collection[str]) -> None:
        keyed = {name: field for name, field in fields.items() if field.keys}
        self.flags = {name: field.keys for name, field in keyed.items() if name in flags}
        self.fields = [
            (name, field.keys[0], len(field.keys) > 1 or bool(field.hints), field)
            for name, field in keyed.items()
            if name not in flags
        ]
        self.hinted = [(name, field) for name, field in fields.items() if field.hints and not field.keys]
        self.rows_n = 0

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of one of the `fields`."""
        return next((field.keys for field_name, _, _, field in self.fields if field_name == name), ())


class RowPlans:
    """The plans for the rows of one list."""

    def __init__(self, fields: Mapping[str, FieldKeys], flags: Collection[str] = ()) -> None:
        self._fields = fields
        self._flags = flags
        self._plans: dict[tuple[str, ...], RowPlan] = {}

    def of(self, row: Row) -> RowPlan:
        """The plan for a row of the list."""
        keys = tuple(row)
        plan = self._plans.get(keys)
        if plan is None:
            plan = self._plans[keys] = self._plan(row)
        plan.rows_n += 1
        return plan

    def report_unread(self, report: ListReport) -> None:
        """Count the keys that no field uses, over all rows that were planned."""
        used = {key for field in self._fields.values() for key in field.keys}
        for keys, plan in self._plans.items():
            for key in keys:
                if key not in used:
                    report.unread_key(key, plan.rows_n)

    def _plan(self, row: Row) -> RowPlan:
        own = {
            name: FieldKeys(*(tuple(key for key in keys if key in row) for keys in field))
            for name, field in self._fields.items()
        }
        return RowPlan(own, self._flags)


def readers_by_key(fields: Mapping[str, FieldKeys], readers: Mapping[str, Read]) -> dict[str, Read]:
    """The readers of some fields, by each of the fields' keys."""
    return {key: read for name, read in readers.items() for key in fields[name].keys}


def read_row(
    row: Row, plan: RowPlan, readers: Mapping[str, Read], report: ListReport
) -> tuple[dict[str, Any], Mapping[str, Unreadable]]:
    """The fields of a row that are read, and those that are unknown; what is in neither is absent.

    `readers` are by key. The first readable value of a field wins; the report gets the fields that have values, but
    none that can be read.
    """
    values: dict[str, Any] = {}
    unsettled = [*plan.hinted]
    for name, first, has_more, field in plan.fields:
        value = row[first]
        # Most fields have one key, with a value that can be read, or null.
        state = None if value is None else readers[first](value)
        if state is not None and state is not UNREADABLE:
            values[name] = state
        elif has_more or state is UNREADABLE:
            unsettled.append((name, field))
    unknown: Mapping[str, Unreadable] = _NOTHING_UNKNOWN
    if unsettled:
        states = {name: _state(row, field, readers) for name, field in unsettled}
        unknown = {name: state for name, state in states.items() if isinstance(state, Unreadable)}
        values |= {name: state for name, state in states.items() if state is not None and name not in unknown}
        for name, state in unknown.items():
            if state is UNREADABLE:
                report.unreadable(name)
    return values, unknown


_NOTHING_UNKNOWN: Mapping[str, Unreadable] = {}


def _state(row: Row, field: FieldKeys, readers: Mapping[str, Read]) -> Any:  # noqa: ANN401  # as the readers give it
    """The state of a field by all of its keys; a hint that is not set carries nothing."""
    state = first_readable(readers[key](row[key]) for key in field.keys if row[key] is not None)
    if state is None and any(row[hint] is not False and not is_blank(row[hint]) for hint in field.hints):
        return HINTED
    return state


def first_readable(states: Iterable[_Value | Unreadable | None]) -> _Value | Unreadable | None:
    """The first value among the states of a field's keys, else UNREADABLE where one of them is, else None."""
    unknown: Unreadable | None = None
    for state in states:
        if isinstance(state, Unreadable):
            unknown = state
        elif state is not None:
            return state
    return unknown
