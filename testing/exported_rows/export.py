"""The form of rows that apps export, including unread keys, and of the expected report on them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

Row = dict[str, Any]

SMALLER_IS_HIGHER = {"priority_scale": "smaller_is_higher"}
NO_TASK = "There is no open task"


class AppUser(NamedTuple):
    """One user's rows.

    `says` contains, by agent (`tip` is the template tip), a part of its sentence. `never` are parts of no sentence.
    `report` contains counts required in the report, by part and name.
    """

    rows: list[Row]
    says: Mapping[str, str]
    never: tuple[str, ...]
    report: Mapping[str, Mapping[str, Any]] = {}
    fields: Mapping[str, Any] = {}


class Export(NamedTuple):
    """One user's rows from an app with a mapping, with the time and zone of the sentence about them."""

    rows: list[Row]
    says: str
    """Part of some agent's sentence about the mapped rows; empty if none is required."""
    now_iso: str = "2026-03-12T09:00:00Z"
    timezone: str = "Europe/Berlin"
    never: tuple[str, ...] = ()
    """Titles that no sentence names."""

    def user(
        self,
        says: Mapping[str, str],
        *never: str,
        report: Mapping[str, Mapping[str, Any]] | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> AppUser:
        """The user who sends the rows unchanged."""
        sent = {"now_iso": self.now_iso, "timezone": self.timezone, **(fields or {})}
        return AppUser(self.rows, says, (*self.never, *never), report or {}, sent)
