"""Which keys of a row hold which field, and the state of a field: a value, None where absent, or why it is unknown.

Rows of one app have the same keys, so each set of keys is looked at once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Final, NamedTuple, TypeVar

from oo.contract.vocabulary import FieldKeys
from oo.snapshot.report import ListReport

_Value = TypeVar("_Value")


class Unreadable(Enum):
    """The state of a field that holds something else than a readable value."""

    UNREADABLE = "unreadable"
    """A key of the field holds a value that cannot be read."""
    HINTED = "hinted"
    """Only a key that carries the field in some apps holds a value; it is not read."""


UNREADABLE: Final = Unreadable.UNREADABLE
HINTED: Final = Unreadable.HINTED


def is_blank(value: object) -> bool:
    """Whether the value says nothing: null, blank text, an empty list or object."""
    return (
        value is None
        or (not value and isinstance(value, str | list | dict))
        or (isinstance(value, str) and value.isspace())
    )


class RowKeys(NamedTuple):
    """The keys of one field that a row has, in the order in which they are read, and its hints."""

    keys: tuple[str, ...]
    hints: tuple[str, ...]


RowPlan = Mapping[str, RowKeys]
"""The fields that a row has any key of."""


class RowPlans:
    """The plans for the rows of one list."""

    def __init__(self, fields: Mapping[str, FieldKeys]) -> None:
        self._fields = fields
        self._used = frozenset(key for field in fields.values() for key in field.keys)
        self._plans: dict[tuple[str, ...], RowPlan] = {}
        self._rows: Counter[tuple[str, ...]] = Counter()

    def of(self, row: Mapping[str, object]) -> RowPlan:
        """The plan for a row."""
        shape = tuple(row)
        self._rows[shape] += 1
        plan = self._plans.get(shape)
        if plan is None:
            plan = self._plans[shape] = self._plan(row)
        return plan

    def report_unread(self, report: ListReport) -> None:
        """Count the keys that no field uses, over all rows that were planned."""
        for shape, rows in self._rows.items():
            for key in shape:
                if key not in self._used:
                    report.unread_key(key, rows)

    def _plan(self, row: Mapping[str, object]) -> RowPlan:
        found = {}
        for name, field in self._fields.items():
            keys = tuple(key for key in field.keys if key in row)
            hints = tuple(key for key in field.hints if key in row)
            if keys or hints:
                found[name] = RowKeys(keys, hints)
        return found


NO_KEYS = RowKeys((), ())


def read_field(
    row: Mapping[str, object],
    plan: RowPlan,
    field: str,
    read: Callable[[object], _Value | Unreadable | None],
    report: ListReport | None = None,
) -> _Value | Unreadable | None:
    """The first readable value of a field in a row; else why there is none, and `report` gets what is unreadable."""
    keys, hints = plan.get(field, NO_KEYS)
    is_unreadable = False
    for key in keys:
        value = row[key]
        if value is None:
            continue
        found = read(value)
        if found is UNREADABLE:
            is_unreadable = True
        elif found is not None:
            return found
    if is_unreadable:
        if report is not None:
            report.unreadable(field)
        return UNREADABLE
    return hinted(row, hints) if hints else None


def hinted(row: Mapping[str, object], hints: Iterable[str]) -> Unreadable | None:
    """HINTED where one of the hints holds a value; a flag that is not set carries nothing."""
    return HINTED if any(row[hint] is not False and not is_blank(row[hint]) for hint in hints) else None
