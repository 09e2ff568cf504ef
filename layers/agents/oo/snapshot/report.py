"""The report of the unreadable values of a snapshot: counts and names of keys, never values."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from oo.contract.leniency import MOST_KEYS, NO_NOTES, OTHER_KEYS, BodyNotes

PLAIN_KEY = re.compile(r"[A-Za-z0-9_.$-]{1,32}\Z")
"""A key that may be named: no sentence and no address."""


class ListReport:
    """The unreadable values of one list of rows, by the list's name in the body."""

    __slots__ = ("_dropped", "_unread", "_unreadable", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._unread: Counter[str] = Counter()
        self._unreadable: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()

    def copy(self) -> "ListReport":
        """A report with the same counts."""
        copied = ListReport(self.name)
        copied._unread, copied._unreadable = self._unread.copy(), self._unreadable.copy()
        copied._dropped = self._dropped.copy()
        return copied

    def unread_key(self, key: str, rows: int = 1) -> None:
        """Count a key that no field uses."""
        self._unread[key] += rows

    def unreadable(self, field: str, rows: int = 1) -> None:
        """Count an unreadable value of a field, by the field's documented name."""
        self._unreadable[field] += rows

    def dropped(self, why: str, rows: int = 1) -> None:
        """Count a row that is dropped: `duplicate_id`, `not_object`, `future` or `no_time`."""
        self._dropped[why] += rows

    def unread_keys(self) -> dict[str, int]:
        """The ten most frequent plain names, ties by name, and the occurrences of all others under `*`."""
        plain = [(key, rows) for key, rows in self._unread.items() if PLAIN_KEY.match(key)]
        named = dict(sorted(plain, key=lambda item: (-item[1], item[0]))[:MOST_KEYS])
        others = self._unread.total() - sum(named.values())
        return dict(sorted(named.items())) | ({OTHER_KEYS: others} if others else {})

    def counts(self, of: str) -> dict[str, int]:
        """The counts `unreadable` or `dropped`, by the list's name and the field or cause."""
        found = self._unreadable if of == "unreadable" else self._dropped
        return {f"{self.name}.{key}": rows for key, rows in found.items() if rows}


def reading(
    lists: Iterable[ListReport],
    *,
    tasks: Mapping[str, int] | None = None,
    unreadable: Mapping[str, int] | None = None,
    assumed: Iterable[str] = (),
    notes: BodyNotes = NO_NOTES,
) -> dict[str, object] | None:
    """The report for answers: sorted, without empty parts; None if everything was read.

    `notes` are those of the body's own reading. `unreadable` holds values outside of lists, such as `timezone`. `tasks`
    has the number of rows, and their counts by type. It is part of the report only if there is something else to
    report, or a row is untitled or without a readable due date.
    """
    lists = [*lists, _body(notes)]
    parts: dict[str, object] = {
        "assumed": sorted({*assumed, *notes.assumed}),
        "dropped": _merged([*(each.counts("dropped") for each in lists), notes.dropped]),
        "unread_keys": {
            each.name: keys for each in sorted(lists, key=lambda one: one.name) if (keys := each.unread_keys())
        },
        "unreadable": _merged([*(each.counts("unreadable") for each in lists), unreadable or {}, notes.unreadable]),
    }
    found = {name: part for name, part in parts.items() if part}
    if not found and not (tasks and (tasks["untitled"] or tasks["unreadable_due"])):
        return None
    return dict(sorted((found | ({"tasks": dict(sorted(tasks.items()))} if tasks else {})).items()))


def _body(notes: BodyNotes) -> ListReport:
    """The keys of the body's top level."""
    body = ListReport("body")
    for key in notes.unread_keys:
        body.unread_key(key)
    return body


def _merged(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for each in counts:
        found.update(each)
    return dict(sorted(found.items()))
