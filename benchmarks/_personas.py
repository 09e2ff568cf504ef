"""Invented users with known habits, and their simulated weeks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from math import exp
from random import Random
from zoneinfo import ZoneInfo

WEEKS = 12
# The clocks of Berlin change in the ninth week.
FIRST_DAY = date(2026, 2, 2)
PROJECTS_N = 4
_DAYS = 7 * WEEKS
_WAKING_H = 16.0
_BULK_H = 21.5
_LATIN = ("Send the invoice", "Order the tiles", "Book the check-up", "Draft the report", "Call the bank")


@dataclass(frozen=True)
class Persona:
    """Habits: hours are local, `lateness_d` is the median of days from due to done, shares lie in [0, 1].

    `rates` overrides the tasks per day for a range of days (first, last, rate). `tip_hours` are those in which tips are
    accepted with the second probability instead of the first. `bulk` is the share ticked off together in the evening.
    """

    name: str
    zone: str = "Europe/Berlin"
    first_day: int = 0
    rate: float = 4.0
    rest_weekdays: frozenset[int] = frozenset()
    rates: Sequence[tuple[int, int, float]] = ()
    peak_h: float | None = 9.0
    noise: float = 0.15
    bulk: float = 0.0
    dated: float = 0.6
    lateness_d: float = 0.0
    lateness_scale_d: float = 0.7
    stay: float = 0.25
    backlog_per_week: float = 1.0
    with_estimate: float = 0.8
    accepts: float = 0.4
    accepts_in: float | None = None
    tip_hours: tuple[float, float] = (18.0, 21.0)
    reads_s: float = 6.0
    titles: Sequence[str] = _LATIN
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    @property
    def wakes_h(self) -> float:
        """The hour at which the waking day begins: eight hours before the peak of a night worker, seven for others."""
        return 7.0 if self.peak_h is None or 8 <= self.peak_h <= 20 else self.peak_h - _WAKING_H / 2

    def rate_on(self, day: int) -> float:
        """The average number of tasks done on a simulated day."""
        if day < self.first_day or (FIRST_DAY + timedelta(days=day)).weekday() in self.rest_weekdays:
            return 0.0
        return next((rate for first, last, rate in self.rates if first <= day <= last), self.rate)


PERSONAS = (
    Persona("new user", first_day=72, rate=3, peak_h=10),
    Persona(
        "deadline-driven",
        peak_h=15,
        dated=0.95,
        lateness_d=-0.4,
        lateness_scale_d=0.3,
        rates=((56, 62, 9.0),),
        accepts=0.5,
    ),
    Persona(
        "overloaded",
        rate=6,
        peak_h=10,
        noise=0.3,
        lateness_d=2,
        lateness_scale_d=1,
        backlog_per_week=8,
        stay=0.6,
        accepts=0.2,
        reads_s=2.5,
    ),
    Persona(
        "steady",
        rate=5,
        rest_weekdays=frozenset({5, 6}),
        lateness_d=-2,
        accepts=0.75,
        reads_s=12,
        stay=0.85,
        settings={"momentum": {"daily_goal": 5}},
    ),
    Persona("returning", rates=((40, 58, 0.0),), peak_h=11, lateness_d=0.5, accepts=0.3),
    Persona("list hoarder", rate=1.5, peak_h=None, dated=0.2, backlog_per_week=15, stay=0, with_estimate=0.2),
    Persona(
        "night worker",
        zone="Asia/Kathmandu",
        rate=3,
        peak_h=0.5,
        lateness_d=1,
        stay=0,
        accepts=0.25,
        accepts_in=0.8,
        tip_hours=(20.0, 23.0),
    ),
    Persona(
        "bulk ticker",
        rate=6,
        bulk=0.5,
        stay=0,
        titles=("写报告", "اتصل بالبنك", "Réserver l'hôtel", "купить плитку"),
        with_estimate=0.4,
        accepts=0.6,
    ),
)


@dataclass(frozen=True, slots=True)
class LivedTask:
    """A task from creation to completion; `done` is None for one that stays open."""

    id: str
    title: str
    project_id: str
    created: datetime
    due: datetime | None
    done: datetime | None
    priority: int | None
    estimate_min: int | None

    def row(self, now: datetime) -> dict[str, object]:
        """The task as a backend would send it at a given time."""
        is_done = self.done is not None and self.done <= now
        return {
            "id": self.id,
            "title": self.title,
            "project_id": self.project_id,
            "created_at": self.created.isoformat(),
            "due_at": self.due.isoformat() if self.due else None,
            "status": "done" if is_done else "open",
            "completed_at": self.done.isoformat() if self.done and is_done else None,
            "priority": self.priority,
            "estimate_minutes": self.estimate_min,
        }


@dataclass(frozen=True)
class Life:
    """One persona's tasks and tips over the weeks, reproducible by its seed."""

    persona: Persona
    tasks: Sequence[LivedTask]
    tips: Sequence[tuple[datetime, str, float]]

    @cached_property
    def finished(self) -> Sequence[LivedTask]:
        """The finished tasks, in order of time."""
        return sorted((task for task in self.tasks if task.done), key=lambda task: task.done or task.created)

    def now(self, day: int, hour: float) -> datetime:
        """A time of the simulation on the local clock."""
        return _at(self.persona, day, hour)


def live(persona: Persona, seed: int) -> Life:
    """The weeks of a persona."""
    random = Random(f"{persona.name} {seed}")  # noqa: S311  # plans a measurement, keeps no secrets
    finished = [_finished(random, persona, number, done) for number, done in enumerate(_completions(random, persona))]
    return Life(persona, [*_in_projects(random, persona, finished), *_backlog(random, persona)], _tips(random, persona))


def _completions(random: Random, persona: Persona) -> list[datetime]:
    return sorted(
        _at(persona, day, _finishing_hour(random, persona))
        for day in range(_DAYS)
        for _ in range(_poisson(random, persona.rate_on(day)))
    )


def _finishing_hour(random: Random, persona: Persona) -> float:
    if random.random() < persona.bulk:
        return _BULK_H + random.uniform(0, 0.2)
    if persona.peak_h is None or random.random() < persona.noise:
        return persona.wakes_h + random.uniform(0, _WAKING_H)
    return random.gauss(persona.peak_h, 1.5)


def _finished(random: Random, persona: Persona, number: int, done: datetime) -> LivedTask:
    late = timedelta(days=persona.lateness_d + _laplace(random, persona.lateness_scale_d))
    due = done - late if random.random() < persona.dated else None
    created = min(done, due or done) - timedelta(days=random.uniform(0.2, 12))
    return _task(random, persona, f"t{number}", created, due, done)


def _backlog(random: Random, persona: Persona) -> list[LivedTask]:
    """Tasks that are created and stay open."""
    size = _poisson(random, persona.backlog_per_week * (WEEKS - persona.first_day / 7))
    days = [random.randrange(persona.first_day, _DAYS) for _ in range(size)]
    return [
        _task(random, persona, f"b{number}", _at(persona, day, 12), _backlog_due(random, persona, day), None)
        for number, day in enumerate(days)
    ]


def _backlog_due(random: Random, persona: Persona, day: int) -> datetime | None:
    is_dated = random.random() < persona.dated / 2
    return _at(persona, day + random.randrange(3, 40), 17) if is_dated else None


def _task(
    random: Random, persona: Persona, task_id: str, created: datetime, due: datetime | None, done: datetime | None
) -> LivedTask:
    return LivedTask(
        id=task_id,
        title=f"{random.choice(persona.titles)} {task_id}",
        project_id=f"p{random.randrange(PROJECTS_N)}",
        created=created,
        due=due,
        done=done,
        priority=random.choice((None, 1, 2, 3, 4)),
        estimate_min=random.choice((5, 15, 30, 60, 120)) if random.random() < persona.with_estimate else None,
    )


def _in_projects(random: Random, persona: Persona, finished: Sequence[LivedTask]) -> Iterator[LivedTask]:
    """The tasks with projects: after each finished task the persona stays in the project, or picks a random one."""
    project_id = "p0"
    for task in finished:
        if random.random() >= persona.stay:
            project_id = f"p{random.randrange(PROJECTS_N)}"
        yield replace(task, project_id=project_id)


def _tips(random: Random, persona: Persona) -> list[tuple[datetime, str, float]]:
    """Three tips per waking day, each with its outcome and the milliseconds for which it was visible."""
    found = []
    for day in range(persona.first_day, _DAYS):
        for _ in range(3):
            hour = persona.wakes_h + random.uniform(0, _WAKING_H)
            taken_p = persona.accepts
            if persona.accepts_in is not None and persona.tip_hours[0] <= hour % 24 < persona.tip_hours[1]:
                taken_p = persona.accepts_in
            outcome = "done" if random.random() < taken_p else "dismissed"
            found.append((_at(persona, day, hour), outcome, 1000 * persona.reads_s * exp(random.gauss(0, 0.4))))
    return sorted(found)


def _at(persona: Persona, day: int, hour: float) -> datetime:
    local = datetime.combine(FIRST_DAY, time()) + timedelta(days=day, hours=hour)
    return local.replace(tzinfo=ZoneInfo(persona.zone)).astimezone(UTC).replace(microsecond=0)


def _poisson(random: Random, mean: float) -> int:
    if mean <= 0:
        return 0
    count, passed = 0, random.expovariate(mean)
    while passed < 1:
        count, passed = count + 1, passed + random.expovariate(mean)
    return count


def _laplace(random: Random, scale: float) -> float:
    return random.expovariate(1 / scale) - random.expovariate(1 / scale)
