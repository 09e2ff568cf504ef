"""One user's parsed snapshot, as agents and estimators use it; no raw values."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import Any, TypeVar, cast

from oo.agent_kit.manifest import Manifest
from oo.agent_kit.preferences import Preferences, read_preferences
from oo.agent_kit.shared_parts import SharedParts
from oo.contract.snapshot import Snapshot
from oo.contract.vocabulary import SMALLER_IS_HIGHER
from oo.contract.zones import read_zone
from oo.frozen import frozen
from oo.snapshot.clock import DAY, FUTURE_TOLERANCE, Clock, clock_at
from oo.snapshot.completions import TaskCompletion, once_each, with_done_tasks, with_recurring
from oo.snapshot.feedback import FeedbackRow, read_feedback
from oo.snapshot.profile import read_profile
from oo.snapshot.report import ListReport
from oo.snapshot.rows import is_blank
from oo.snapshot.tasks import TaskList
from oo.snapshot.user_rows import Decided, UserRows, joined_rows, read_completion_rows, read_task_rows
from oo.snapshot.zones import UserZone, user_zone

_Read = TypeVar("_Read")


@frozen
class UserView:
    """One user's snapshot at one time.

    A part is parsed on first use, once for all agents of one zone. No content of the snapshot raises. `preferences` are
    empty until `for_agent` binds those of an agent. `_decided` comes from more rows than the snapshot's;
    `_decided_elsewhere` is the same for the zone of the preferences.
    """

    snapshot: Snapshot
    clock: Clock
    zone: UserZone
    preferences: Preferences = field(default_factory=lambda: Preferences({}, {}))
    _decided: Decided | None = None
    _decided_elsewhere: Decided | None = None
    _parts: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)
    _shared: SharedParts = field(default_factory=SharedParts, repr=False, compare=False)

    def for_agent(self, manifest: Manifest, preferences: object) -> "UserView":
        """The view with an agent's merged preferences; their `timezone` takes precedence over the clock's zone."""
        read = read_preferences(manifest, preferences)
        named = cast("str", read.values["timezone"])
        view = self if is_blank(named) else self._in_zone(named)
        return view.with_preferences(read)

    def with_preferences(self, preferences: Preferences) -> "UserView":
        """The view with an agent's preferences, in the same zone."""
        return replace(self, preferences=preferences)

    def _in_zone(self, named: str) -> "UserView":
        """The same moment in another zone; if it differs from the clock's, timestamps and days are parsed again."""
        zone = read_zone(named)
        if zone is not None and zone == self.zone.zone:
            return self
        own = UserZone(zone, is_unreadable=zone is None)
        decided = self._decided_elsewhere or self._decided
        return replace(self, clock=clock_at(self.clock.now, zone), zone=own, _decided=decided, _parts={})

    @property
    def tasks(self) -> TaskList:
        """The tasks; completions contribute to the decision which of them recur."""
        return self._part(
            "tasks",
            lambda: self._shared.once(with_recurring, self.rows.task_list, self.rows.completions, self.clock),
        )

    @property
    def profile(self) -> dict[str, float]:
        """The usable profile values."""
        return self._part("profile", lambda: read_profile(self.snapshot.profile))

    @property
    def feedback(self) -> list[FeedbackRow]:
        """Readable feedback rows in order of time."""
        return self._part(
            "feedback", lambda: self._shared.once(_feedback_until, self._feedback_of_the_day, self.clock.latest)
        )

    @property
    def feedback_changes_at(self) -> datetime | None:
        """The time at which the first feedback row dated in the future begins to count today; None without one."""
        return self._next(row.at for row in self._feedback_of_the_day)

    @property
    def completions(self) -> list[TaskCompletion]:
        """Completions in the request and those of the done tasks, once each."""
        return self._part(
            "completions",
            lambda: self._shared.once(with_done_tasks, self.sent_completions, self.tasks, self.clock.zone),
        )

    @property
    def sent_completions(self) -> list[TaskCompletion]:
        """Completions in the request, once each."""
        return self._part(
            "sent_completions",
            lambda: self._shared.once(_sent_until, self.rows.completions, self.tasks, self.clock.latest),
        )

    def completions_within(self, days: int) -> list[TaskCompletion]:
        """Completions of today and the `days - 1` local dates before, and later ones."""
        return within(self.completions, self.clock, days)

    @property
    def completions_change_at(self) -> datetime | None:
        """The time at which the first completion dated in the future begins to count today; None without one."""
        return self._next(row.completed.at for row in self.rows.completions)

    @property
    def reading(self) -> dict[str, object] | None:
        """The report of the unreadable values of snapshot and preferences; None if there are none."""
        return self.reading_of([self])

    def reading_of(self, agents: Iterable["UserView"]) -> dict[str, object] | None:
        """The report of the snapshot and of the preferences in the views of some agents.

        A preference counts once for each agent whose value cannot be read, an agent's own zone as `timezone`.
        """
        holds_feedback = bool(self._feedback_of_the_day)
        notes = self.snapshot.notes
        lost = Counter(key for view in agents for key in _unread_preferences(view, self.zone))
        if lost:
            notes = notes._replace(unreadable={**notes.unreadable, **lost})
        return self.rows.report(self.zone, notes, [self._feedback_report], holds_dates=holds_feedback)

    @property
    def _feedback_of_the_day(self) -> list[FeedbackRow]:
        return self._feedback_with_report[0]

    @property
    def _feedback_report(self) -> ListReport:
        return self._feedback_with_report[1]

    @property
    def _feedback_with_report(self) -> tuple[list[FeedbackRow], ListReport]:
        return self._part(
            "feedback_of_the_day",
            lambda: self._shared.once(
                _read_feedback,
                _rows(self.snapshot.feedback_history),
                self.clock.zone,
                self.clock.latest,
                self._end_of_the_day,
            ),
        )

    @property
    def rows(self) -> UserRows:
        """Tasks and completions as parsed, with the decisions from all rows of the user."""
        return self._part("rows", self._read_rows)

    def _read_rows(self) -> UserRows:
        once, clock = self._shared.once, self.clock
        return once(
            joined_rows,
            once(read_task_rows, _rows(self.snapshot.tasks), clock, self._shared.columns),
            once(read_completion_rows, _rows(self.snapshot.task_completions), clock),
            clock,
            smaller_is_higher=self.snapshot.priority_scale == SMALLER_IS_HIGHER,
            decided=self._decided,
        )

    @property
    def _end_of_the_day(self) -> datetime:
        """The latest end of any output: rows that begin to count later cannot end one."""
        return self.clock.midnight + FUTURE_TOLERANCE

    def _next(self, moments: Iterable[datetime]) -> datetime | None:
        latest = self.clock.latest
        return min((moment - FUTURE_TOLERANCE for moment in moments if moment > latest), default=None)

    def once(self, read: Callable[["UserView"], _Read]) -> _Read:
        """The result of a function that uses no preferences, computed once for all views that share the parts."""
        return self._part(read, lambda: read(self))

    def _part(self, name: object, read: Callable[[], _Read]) -> _Read:
        """A part of the snapshot, read once for all views that share the parts."""
        if name not in self._parts:
            self._parts[name] = read()
        return cast("_Read", self._parts[name])


def _unread_preferences(view: UserView, reported: UserZone) -> Iterator[str]:
    """The places of preferences in the report, without an unreadable zone that is reported already."""
    yield from (f"agent_prefs.{key}" for key in view.preferences.unreadable)
    if view.zone.is_unreadable and view.zone != reported:
        yield "timezone"


def within(completions: Sequence[TaskCompletion], clock: Clock, days: int) -> list[TaskCompletion]:
    """Of completions in order of time: those of today and the `days - 1` local dates before, and later ones."""
    # Most completions need no local date: those before `first` are older, and those from `surely` on are not, also
    # where the clock changed in between.
    at = attrgetter("completed.at")
    first = bisect_left(completions, clock.now - (days + 1) * DAY, key=at)
    surely = bisect_left(completions, clock.now - (days - 2) * DAY, key=at)
    near = [each for each in completions[first:surely] if clock.days_since(each.completed) < days]
    return [*near, *completions[surely:]]


def view_at(
    snapshot: Snapshot,
    now: datetime,
    default_zone: tzinfo | None = None,
    *,
    decided: Decided | None = None,
    decided_elsewhere: Decided | None = None,
    shared: SharedParts | None = None,
) -> UserView:
    """The view of a snapshot at its own time, else at `now`, which is aware.

    Views that get one object as `shared` have the same parts of what is the same in their snapshots.
    """
    moment = snapshot.now_iso or now
    zone = user_zone(snapshot.timezone, moment, default_zone)
    return UserView(
        snapshot,
        clock_at(moment, zone.zone),
        zone,
        _decided=decided,
        _decided_elsewhere=decided_elsewhere,
        _shared=shared or SharedParts(),
    )


def _read_feedback(
    rows: Sequence[object], zone: tzinfo, latest: datetime, to_come_until: datetime
) -> tuple[list[FeedbackRow], ListReport]:
    report = ListReport("feedback_history")
    return read_feedback(rows, zone, latest, report, to_come_until=to_come_until), report


def _feedback_until(rows: Sequence[FeedbackRow], latest: datetime) -> list[FeedbackRow]:
    return [row for row in rows if row.at <= latest]


def _sent_until(completions: Sequence[TaskCompletion], tasks: TaskList, latest: datetime) -> list[TaskCompletion]:
    return once_each([row for row in completions if row.completed.at <= latest], tasks)


def _rows(value: object) -> list[object] | tuple[object, ...]:
    return value if isinstance(value, list | tuple) else ()
