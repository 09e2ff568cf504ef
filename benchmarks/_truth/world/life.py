"""The weeks of a planted user: tasks created, dated, moved, done or left open, reproducible by its seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from benchmarks._truth.world.draws import count, hours_of_a_day, laplace
from benchmarks._truth.world.habits import Habits
from benchmarks._truth.world.tasks import Due, PlantedTask
from benchmarks._truth.world.titles import titles

FIRST_DAY = date(2026, 2, 2)
"""A Monday; clocks change within the weeks that follow, in America in the fifth, in Europe in the eighth."""

_WAITING_WORDS = (
    "@waiting",
    "Waiting for",
    "waiting_for",
    "BLOCKED",
    "On-Hold",
    "@delegated",
    "status:blocked",
    "status:Waiting",
)
_ESTIMATES = (5, 10, 15, 30, 45, 60, 90, 120)
_PROJECT_SIZES = (5, 6, 7, 9, 12)
_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Life:
    """One user's tasks over all weeks."""

    name: str
    habits: Habits
    days: int
    tasks: tuple[PlantedTask, ...]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The user's time zone."""
        return ZoneInfo(self.habits.zone)

    def moment(self, day: int, hour: float) -> datetime:
        """An hour of a day in the user's own time."""
        return _moment(self.zone, day, hour)

    def day_of(self, now: datetime) -> int:
        """The simulated day at a given time."""
        return (now.astimezone(self.zone).date() - FIRST_DAY).days

    def rate_on(self, day: int) -> float:
        """Tasks done on a day, on average."""
        return self.habits.rate_on(day, (FIRST_DAY + day * _DAY).weekday())


def live(name: str, habits: Habits, weeks: int, seed: int) -> Life:
    """A user's weeks."""
    random = Random(f"{name} {habits.kind} {seed}")  # noqa: S311  # plans a measurement, keeps no secrets
    return Life(name, habits, 7 * weeks, tuple(_Planner(random, habits, 7 * weeks).tasks()))


def _moment(zone: ZoneInfo, day: int, hour: float) -> datetime:
    local = datetime.combine(FIRST_DAY, time()) + timedelta(days=day, hours=hour)
    return local.replace(tzinfo=zone).astimezone(UTC).replace(microsecond=0)


class _Planner:
    """Plans tasks backwards from the day on which each is done, so that the habits are exactly the planted ones."""

    def __init__(self, random: Random, habits: Habits, days: int) -> None:
        self._random = random
        self._habits = habits
        self._days = days
        self._zone = ZoneInfo(habits.zone)
        self._titles = titles(random, habits.writes)
        self._numbers = 0
        self._list_id = "list-0"
        self._project: tuple[str, int, datetime] | None = None

    def tasks(self) -> Iterator[PlantedTask]:
        """All tasks, in no order."""
        chores = [self._chore() for _ in range(self._habits.recurring)]
        for day in range(self._habits.first_day, self._days):
            mean = self._habits.rate_on(day, (FIRST_DAY + day * _DAY).weekday())
            number = count(self._random, mean, self._habits.overdispersion)
            place = ZoneInfo(self._habits.zone_on(day))
            done = [
                _moment(place, day, hour) for hour in hours_of_a_day(self._random, self._habits.on(day).rhythm, number)
            ]
            for moment in done:
                chore = next((chore for chore in chores if chore.is_due(day)), None)
                if chore:
                    chore.do(moment, day)
                else:
                    yield from self._finished(day, moment)
        yield from (chore.task(self._zone) for chore in chores)
        yield from self._backlog()

    def _chore(self) -> "_Chore":
        random = self._random
        every_d = random.choice((1, 2, 7, 7, 14))
        begins = self._habits.first_day + random.randrange(every_d)
        created = _moment(self._zone, self._habits.first_day - random.randrange(20, 300), 12)
        return _Chore(
            self._task(created, list_id="list-home"), every_d, begins, random.random() < 0.5, random.random() < 0.7
        )

    def _finished(self, day: int, done: datetime) -> Iterator[PlantedTask]:
        random, habits = self._random, self._habits.on(day)
        if random.random() < habits.projects:
            yield self._of_project(done)
            return
        if random.random() >= habits.stays:
            self._list_id = f"list-{random.randrange(habits.lists)}"
        if random.random() >= habits.dated:
            yield self._waiting(self._task(done - random.uniform(0.1, 10) * _DAY)._replace(done=(done,)))
            return
        due = self._due(done - laplace(random, habits.lateness_d, habits.lateness_scale_d) * _DAY)
        yield self._dated(due, done)
        while random.random() < habits.never_done:
            yield self._dated(self._due(done + random.uniform(-2, 5) * _DAY), None)

    def _dated(self, due: tuple[datetime, bool], done: datetime | None) -> PlantedTask:
        created = min(due[0], done or due[0]) - self._random.uniform(0.1, 9) * _DAY
        task = self._waiting(self._task(created)._replace(done=(done,) if done else ()))
        return task._replace(dues=tuple(self._dates(created, *due, done)))

    def _due(self, about: datetime) -> tuple[datetime, bool]:
        """The due date nearest to a time, at one of the user's usual hours for dates; without these the time itself."""
        if not self._habits.due_hours:
            return about.replace(microsecond=0), False
        hour = self._random.choice(self._habits.due_hours)
        day = (about.astimezone(self._zone).date() - FIRST_DAY).days
        if hour is None:
            return _moment(self._zone, day + 1, 0) - timedelta(seconds=1), True
        near = [_moment(self._zone, each, hour) for each in (day - 1, day, day + 1)]
        return min(near, key=lambda each: abs(each - about)), False

    def _dates(self, created: datetime, at: datetime, is_bare: bool, done: datetime | None) -> Iterator[Due]:  # noqa: FBT001
        """The first date and those to which it is moved, until the task is done or the simulation ends."""
        random, end = self._random, done or _moment(self._zone, self._days, 0)
        due = Due(created, at, is_bare)
        yield due
        if random.random() < self._habits.moves_ahead and due.at - _DAY / 4 > created:
            moved_at = created + random.uniform(0.2, 0.9) * (due.at - created)
            if moved_at < end:
                due = Due(moved_at, self._shifted(due, random.randint(1, 6)), is_bare)
                yield due
        morning = self._morning_after(due.at)
        while morning < end:
            if random.random() < self._habits.redates:
                ahead_d = random.randint(*self._habits.redates_to_d)
                late_d = (morning.astimezone(self._zone).date() - due.at.astimezone(self._zone).date()).days
                due = Due(morning, self._shifted(due, late_d + ahead_d), is_bare)
                yield due
                morning = self._morning_after(due.at)
            else:
                morning += _DAY

    def _morning_after(self, at: datetime) -> datetime:
        day = (at.astimezone(self._zone).date() - FIRST_DAY).days + 1
        return _moment(self._zone, day, self._random.uniform(6.0, 6.8))

    def _shifted(self, due: Due, days: int) -> datetime:
        local = due.at.astimezone(self._zone).replace(tzinfo=None) + days * _DAY
        return local.replace(tzinfo=self._zone).astimezone(UTC)

    def _of_project(self, done: datetime) -> PlantedTask:
        """A task of a list that is created at once and done task by task."""
        list_id, left, made = self._project or ("", 0, done)
        if not left:
            list_id, left = f"project-{self._numbers}", self._random.choice(_PROJECT_SIZES)
            made = done - self._random.uniform(1, 6) * _DAY
        self._project = (list_id, left - 1, made)
        return self._task(made + timedelta(minutes=left), list_id=list_id)._replace(done=(done,))

    def _backlog(self) -> Iterator[PlantedTask]:
        """Tasks that stay open: some from before the simulation, others created in it."""
        random, habits = self._random, self._habits
        for _ in range(habits.backlog):
            day = habits.first_day - random.expovariate(1 / 60)
            yield self._left(_moment(self._zone, 0, 12) + day * _DAY)
        for day in range(habits.first_day, self._days):
            for _ in range(count(random, habits.backlog_a_week / 7)):
                yield self._left(_moment(self._zone, day, random.uniform(8, 20)))

    def _left(self, created: datetime) -> PlantedTask:
        random = self._random
        self._list_id = f"list-{random.randrange(self._habits.lists)}"
        if random.random() >= self._habits.dated / 3:
            return self._waiting(self._task(created))
        due = self._due(created + random.uniform(2, 40) * _DAY)
        task = self._waiting(self._task(created))
        return task._replace(dues=tuple(self._dates(created, *due, None)))

    def _waiting(self, task: PlantedTask) -> PlantedTask:
        """The task, which may wait for another person from soon after it was made until shortly before it is done."""
        random = self._random
        if random.random() >= self._habits.waits:
            return task
        until = task.done[0] - random.uniform(0.02, 0.5) * _DAY if task.done else datetime.max.replace(tzinfo=UTC)
        since = min(task.created + random.uniform(0, 2) * _DAY, until)
        return task._replace(waits=(since, until), waiting_word=random.choice(_WAITING_WORDS))

    def _task(self, created: datetime, list_id: str | None = None) -> PlantedTask:
        random, habits = self._random, self._habits
        self._numbers += 1
        return PlantedTask(
            id=f"t{self._numbers}",
            title=next(self._titles),
            list_id=list_id or self._list_id,
            created=created.replace(microsecond=0),
            priority=random.choices((1, 2, 3, 4), (3, 4, 2, 1))[0] if random.random() < habits.with_priority else None,
            estimate_min=random.choice(_ESTIMATES) if random.random() < habits.with_estimate else None,
        )


class _Chore:
    """A recurring task, due again some days after it was done."""

    def __init__(self, task: PlantedTask, every_d: int, due_day: int, is_dated: bool, says_so: bool) -> None:  # noqa: FBT001
        self._task = task._replace(recurs=True, says_recurrence=says_so)
        self._every_d = every_d
        self._due_day = due_day
        self._is_dated = is_dated
        self._days = [(task.created, due_day)]
        self._done: list[datetime] = []

    def is_due(self, day: int) -> bool:
        """Whether it is due on a day or earlier."""
        return self._due_day <= day

    def do(self, moment: datetime, day: int) -> None:
        """Do it; it is due again some days later."""
        self._due_day = day + self._every_d
        self._done.append(moment)
        self._days.append((moment, self._due_day))

    def task(self, zone: ZoneInfo) -> PlantedTask:
        """The task with all of its dates."""
        dues = [Due(at, _moment(zone, day + 1, 0) - timedelta(seconds=1), True) for at, day in self._days]
        return self._task._replace(done=tuple(self._done), dues=tuple(dues) if self._is_dated else ())
