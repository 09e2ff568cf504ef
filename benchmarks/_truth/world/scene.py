"""One time of a planted life: open tasks, finished tasks, and the rows that a backend would send."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from benchmarks._truth.world.habits import Habits
from benchmarks._truth.world.life import Life
from benchmarks._truth.world.tasks import Due, PlantedTask

MOST_EARLIER_DUES = 20
"""The number of a task's earlier dates that are sent, oldest first."""

_COMPLETIONS_SENT = timedelta(days=90)


class Reaction(NamedTuple):
    """A tip that was shown, and the response to it; `outcome` is "shown" without a response."""

    at: datetime
    content: str
    kind: str
    task_id: str | None
    outcome: str
    dwell_ms: float

    @property
    def words_n(self) -> int:
        """Words of the tip."""
        return len(self.content.split())


class Finished(NamedTuple):
    """A task and one of the times at which it was done."""

    task: PlantedTask
    at: datetime


@dataclass(frozen=True)
class Scene:
    """The state at one time; `reactions` are the responses to all tips so far."""

    life: Life
    now: datetime
    reactions: Sequence[Reaction] = ()

    @property
    def habits(self) -> Habits:
        """The user's habits on this day."""
        return self.life.habits.on(self.day)

    @cached_property
    def local(self) -> datetime:
        """The local time of the user."""
        return self.now.astimezone(self.life.zone)

    @property
    def today(self) -> date:
        """The user's date."""
        return self.local.date()

    @cached_property
    def day(self) -> int:
        """The simulated day."""
        return self.life.day_of(self.now)

    @property
    def hour(self) -> float:
        """The hour on the user's clock."""
        return self.local.hour + self.local.minute / 60

    @cached_property
    def open(self) -> list[PlantedTask]:
        """Every open task, including waiting and recurring ones."""
        return [task for task in self.life.tasks if task.is_open(self.now)]

    @cached_property
    def dues(self) -> Mapping[str, Due]:
        """The dates of the open tasks that have one, by id."""
        return {task.id: due for task in self.open if (due := task.due(self.now))}

    @cached_property
    def finished(self) -> list[Finished]:
        """All completions so far, oldest first."""
        found = [Finished(task, at) for task in self.life.tasks for at in task.done if at <= self.now]
        return sorted(found, key=lambda each: each.at)

    def days_ago(self, at: datetime) -> int:
        """Local days since a given time, negative for the future."""
        return (self.today - at.astimezone(self.life.zone).date()).days

    def done_today(self) -> int:
        """Tasks done today."""
        return sum(self.days_ago(each.at) == 0 for each in self.finished)

    def setting(self, agent_id: str, key: str) -> Any:  # noqa: ANN401  # settings hold any JSON
        """The user's own value, None if unset."""
        return self.life.habits.prefs.get(agent_id, {}).get(key)

    def task_rows(self) -> list[dict[str, object]]:
        """Open tasks, and those done within the backend's window."""
        kept = self.now - timedelta(days=self.life.habits.done_kept_d)
        done = [each for each in self.finished if not each.task.recurs and each.at >= kept]
        return [*(self._task_row(task, None) for task in self.open), *(self._task_row(*each) for each in done)]

    def completion_rows(self) -> list[dict[str, object]]:
        """All completions of the last 90 days."""
        return [
            {
                "task_id": each.task.id,
                "project_id": each.task.list_id,
                "completed_at": self._stamp(each.at),
                **self._date_fields(each.task, each.at - timedelta(seconds=1)),
            }
            for each in self.finished
            if each.at >= self.now - _COMPLETIONS_SENT
        ]

    def feedback_rows(self) -> list[dict[str, object]]:
        """Two events per tip, one if there was no response."""
        return [event for each in self.reactions for event in _events(each)]

    def recent_tips(self) -> list[dict[str, object]]:
        """The last 20 tips."""
        return [
            {"content": each.content, "kind": each.kind, "task_id": each.task_id, "created_at": each.at.isoformat()}
            for each in self.reactions[-20:]
        ]

    def _task_row(self, task: PlantedTask, done: datetime | None) -> dict[str, object]:
        waits = task.waiting_word if done is None and task.is_waiting(self.now) else ""
        word = waits.removeprefix("status:")
        in_status = word != waits
        row: dict[str, object] = {
            "id": task.id,
            "title": task.title,
            "project_id": task.list_id,
            "status": "done" if done else word if in_status else "open",
            "created_at": self._stamp(task.created),
            **self._date_fields(task, done - timedelta(seconds=1) if done else self.now),
        }
        optional: dict[str, object] = {
            "completed_at": self._stamp(done) if done else None,
            "priority": task.priority,
            "estimate_minutes": task.estimate_min,
            "recurrence": "every so often" if task.says_recurrence else None,
            "tags": [word] if waits and not in_status else None,
        }
        return row | {key: value for key, value in optional.items() if value is not None}

    def _date_fields(self, task: PlantedTask, at: datetime) -> dict[str, object]:
        due = task.due(at)
        if due is None:
            return {}
        earlier = [self._date(each) for each in task.earlier_dues(at)][:MOST_EARLIER_DUES]
        return {"due_at": self._date(due), **({"due_history": earlier} if earlier else {})}

    def _date(self, due: Due) -> str:
        return due.at.astimezone(self.life.zone).date().isoformat() if due.is_bare else self._stamp(due.at)

    def _stamp(self, at: datetime) -> str:
        habits = self.life.habits
        zone = ZoneInfo(habits.zone_on(self.life.day_of(at))) if habits.stamps_with_offset else UTC
        return at.astimezone(zone).isoformat(timespec="seconds")


def _events(each: Reaction) -> Iterator[dict[str, object]]:
    yield {"action": "shown", "created_at": each.at.isoformat(), "words_n": each.words_n}
    if each.outcome != "shown":
        at = each.at + timedelta(milliseconds=each.dwell_ms)
        yield {
            "action": each.outcome,
            "created_at": at.isoformat(),
            "dwell_ms": round(each.dwell_ms),
            "words_n": each.words_n,
        }
