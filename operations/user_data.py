"""One user's data as the service reads them, for data producers: counts and names of keys, never values."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from oo.agent_kit.user_view import view_at
from oo.contract.snapshot import Snapshot
from oo.contract.vocabulary import DONE_FLAG, SMALLER_IS_HIGHER, TASK_FIELDS
from oo.snapshot.numbers import numeric
from oo.snapshot.report import PLAIN_KEY
from oo.snapshot.rows import is_blank
from oo.snapshot.task_fields import title_state
from oo.snapshot.words import word_key
from operations.known_apps import App, app_of
from operations.title_keys import USED_KEYS, Row, TitleKeys

_FIELD_OF = {word_key(key): name for name, field in TASK_FIELDS.items() for key in field.keys}
"""The field of a key in another spelling."""

_HINT_NOTES = {
    "due_at": "if it is the due date",
    "priority": "as low, medium, high or urgent",
    "estimate_minutes": "in minutes",
}


class UserData:
    """One user's snapshot, read at its own time, else at `now`."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self._snapshot = snapshot
        self._view = view_at(snapshot, now)

    @cached_property
    def reading(self) -> Mapping[str, Any]:
        """The report as in answers; empty if everything was read."""
        return self._view.reading or {}

    @property
    def untitled(self) -> int:
        """Open tasks without a readable title."""
        return cast("int", self.reading.get("tasks", {}).get("untitled", 0))

    @property
    def names_no_task(self) -> bool:
        """Whether there are open tasks, but none that a tip can name."""
        tasks = self._view.tasks
        return bool(self.untitled) and self.untitled == len(tasks.open) + len(tasks.set_aside)

    @property
    def counts(self) -> Counter[str]:
        """Counts of rows by type. Titles, due dates and priorities are those of tasks that are not gone."""
        tasks = self._view.tasks
        listed = (*tasks.open, *tasks.set_aside, *tasks.done, *tasks.unclear)
        dropped: Mapping[str, int] = self.reading.get("dropped", {})
        not_read = dropped.get("tasks.not_object", 0) + dropped.get("tasks.duplicate_id", 0)
        given = len(self._snapshot.tasks) + self._snapshot.notes.dropped.get("tasks.not_object", 0)
        return Counter(
            {
                "task": given,
                "open": len(tasks.open) + len(tasks.set_aside),
                "done": len(tasks.done),
                "cancelled or deleted": given - not_read - len(listed),
                "of an unknown status": len(tasks.unclear),
                "title": sum(bool(task.title) for task in listed),
                "due date": sum(task.due is not None for task in listed),
                "priority": sum(task.priority_known for task in listed),
                "completion": len(self._view.rows.completions),
                "row of feedback": len(self._view.feedback),
            }
        )

    @cached_property
    def app(self) -> App | None:
        """The known app that the rows of the tasks resemble."""
        return app_of(self._rows)

    @property
    def scale(self) -> str:
        """The `priority_scale` that the app's numbers need and the body lacks; else empty."""
        scale = self.app.scale if self.app and self._has_numbers else ""
        return scale if scale != self._snapshot.priority_scale else ""

    @property
    def scale_is_unclear(self) -> bool:
        """Whether it is unknown which end of the priorities' numbers is the highest."""
        return self.app is None and self._has_numbers and self._snapshot.priority_scale != SMALLER_IS_HIGHER

    @property
    def aliases(self) -> dict[str, str]:
        """The fields of keys that are read without a mapping, and are not the documented ones."""
        fields = {key: name for name, field in TASK_FIELDS.items() for key in field.keys[1:]}
        fields |= {key: "done" for key in DONE_FLAG.keys if any(isinstance(row.get(key), bool) for row in self._rows)}
        return {key: name for key, name in fields.items() if key in self._keys and key not in self.mapping}

    @cached_property
    def mapping(self) -> dict[str, str]:
        """The lines of the mapping to write, by the key of the rows."""
        if self.app is not None:
            return {key: field.line(key) for key, field in self.app.mapping(self._keys).items()}
        found = {key: _guess(key, field) for key, field in self.guesses}
        if self.untitled and all(field != "title" for _, field in self.guesses):
            keys = TitleKeys()
            keys.add(self.untitled_rows)
            best = keys.best()
            found |= {best: f"{best} -> title: if it is the title"} if best else {}
        return found

    @cached_property
    def guesses(self) -> Counter[tuple[str, str]]:
        """Keys and their possible fields, for rows without a value under a key of that field."""
        return Counter(
            (key, name)
            for row in self._rows
            for name, field in TASK_FIELDS.items()
            if all(is_blank(row.get(key)) for key in field.keys)
            for key, value in row.items()
            if _may_hold(key, name) and value is not False and not is_blank(value)
        )

    @property
    def untitled_rows(self) -> Iterator[Row]:
        """Rows of tasks without a readable title."""
        return (row for row in self._rows if not _has_title(row))

    @cached_property
    def _rows(self) -> list[Row]:
        return [row for row in self._snapshot.tasks if isinstance(row, Mapping)]

    @cached_property
    def _keys(self) -> dict[str, None]:
        """The keys with a value in any row, in the order of the rows."""
        return dict.fromkeys(key for row in self._rows for key in row if not is_blank(row[key]))

    @property
    def _has_numbers(self) -> bool:
        keys = TASK_FIELDS["priority"].keys
        return any(numeric(row.get(key)) is not None for row in self._rows for key in keys)


def _guess(key: str, field: str) -> str:
    note = _HINT_NOTES.get(field, "") if key in TASK_FIELDS[field].hints else ""
    return f"{key} -> {field}" + (f": {note}" if note else "")


def _may_hold(key: str, field: str) -> bool:
    """Whether an unread key may contain a field: by a hint, or as a key in another spelling."""
    if key in USED_KEYS or not PLAIN_KEY.match(key):
        return False
    return key in TASK_FIELDS[field].hints or _FIELD_OF.get(word_key(key)) == field


def _has_title(row: Row) -> bool:
    keys = TASK_FIELDS["title"].keys
    return any(isinstance(title_state(row[key]), tuple) for key in keys if key in row)
