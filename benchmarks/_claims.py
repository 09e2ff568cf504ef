"""The agents' claims about a persona, from their signals and learned values, and their agreement with the truth.

A figure is a contradiction only outside the tolerance of its test, because agents estimate. Statements
about tasks have to be exact. Silence is not a claim.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log
from typing import cast
from zoneinfo import ZoneInfo

from benchmarks._personas import FIRST_DAY, PROJECTS_N, WEEKS, Life, LivedTask, Persona
from oo.contract.agent_output import AgentOutput
from oo.snapshot.feedback import WORDS_PER_MINUTE
from oo.snippets.grammar import read_snippet

_DAY = timedelta(days=1)
_WAKING_H = 16
_HIGH = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, whether it is true, and whether it was estimated rather than read from tasks."""

    name: str
    holds: bool
    estimated: bool = False


@dataclass(frozen=True)
class Said:
    """One agent's output on one day of a life, and its learned values by then."""

    life: Life
    now: datetime
    output: AgentOutput
    learned: Mapping[str, object]

    @property
    def persona(self) -> Persona:
        """The persona of the life."""
        return self.life.persona

    @property
    def zone(self) -> ZoneInfo:
        """The persona's time zone."""
        return ZoneInfo(self.persona.zone)

    @property
    def kind(self) -> str:
        """The kind of the statement; empty for silence."""
        line = read_snippet(self.output.prompt_text)
        return line.kind if line else ""

    def number(self, name: str) -> float | None:
        """A numeric signal."""
        return cast("float | None", self.output.signals_snapshot[name])

    def task(self, name: str) -> LivedTask | None:
        """The task whose id is in a signal."""
        task_id = self.output.signals_snapshot[name]
        return next((task for task in self.life.tasks if task.id == task_id), None)

    def done_on(self, days_ago: int) -> int:
        """Tasks done on a local day up to now."""
        day = self.now.astimezone(self.zone).date() - days_ago * _DAY
        return sum(done.astimezone(self.zone).date() == day for done in self.done())

    def done(self) -> Iterator[datetime]:
        """The times at which tasks were done up to now."""
        return (task.done for task in self.life.finished if task.done and task.done <= self.now)

    def learns(self, key: str, truth: float, tolerance: float) -> Iterator[Claim]:
        """The claim that a learned value is within a tolerance of the planted one."""
        if key in self.learned:
            yield Claim(key, abs(cast("float", self.learned[key]) - truth) <= tolerance, estimated=True)

    def names(self, name: str = "top_task_id") -> Iterator[Claim]:
        """The claim that the named task is open."""
        task = self.task(name)
        if self.output.prompt_text and task:
            yield Claim("open task", task.created <= self.now and not (task.done and task.done <= self.now))


def deadline_pressure(said: Said) -> Iterator[Claim]:
    """The named task is open and due at the stated time; the lead time is right within a day."""
    yield from said.names()
    task, slack_h = said.task("top_task_id"), said.number("top_slack_h")
    if task and task.due and slack_h is not None:
        yield Claim("due date", abs((task.due - said.now) / timedelta(hours=1) - slack_h) < 0.02)
    yield from said.learns("lead_days", max(0.0, -said.persona.lateness_d), 1)


def lateness_buffer(said: Said) -> Iterator[Claim]:
    """Medians are right within a day, the 80% point within a day and a half, the late share within 0.15.

    A user who is reported as late is late with more than one dated task in four, one reported as on time with
    fewer.
    """
    persona = said.persona
    late_p = 1 - late_below(persona, 0)
    if said.output.prompt_text:
        yield Claim("verdict", late_p > 0.25 if said.kind == "plan" else late_p < 0.25, estimated=True)
    yield from said.names("target_task_id")
    yield from said.learns("late_p", late_p, 0.15)
    yield from said.learns("lateness_p50_d", persona.lateness_d, 1)
    yield from said.learns("lateness_p80_d", persona.lateness_d - persona.lateness_scale_d * log(0.4), 1.5)


def late_below(persona: Persona, days: float) -> float:
    """The share of dated tasks that are done by this number of days after their date: a Laplace distribution."""
    apart = (days - persona.lateness_d) / persona.lateness_scale_d
    return 1 - exp(-apart) / 2 if apart > 0 else exp(apart) / 2


def peak_hours(said: Said) -> Iterator[Claim]:
    """The hour is right within one hour on the local clock; for a persona without one every hour is wrong."""
    yield from said.names("deep_task_id")
    hour = said.number("peak_hour_local_h")
    if hour is not None:
        planted = said.persona.peak_h
        yield Claim("peak hour", planted is not None and hours_apart(hour, planted) <= 1, estimated=True)


def hours_apart(one: float, other: float) -> float:
    """The distance between two hours on the clock, 0 to 12."""
    return abs((one - other + 12) % 24 - 12)


def momentum(said: Said) -> Iterator[Claim]:
    """Counts of today are exact; a busier or lighter week has a planted pace that differs by at least a tenth.

    "Ahead of the usual pace" is more than this persona has done by this hour on average. The learned pace is right
    within a quarter or 0.75 per day; each learned rest day is a planted one.
    """
    if said.kind in ("finish", "advice"):
        yield Claim("done today", said.number("done_today_n") == said.done_on(0))
    if said.kind == "advice":
        yield Claim("ahead of pace", said.done_on(0) > usual_by_now(said), estimated=True)
    if said.kind == "start":
        local = said.now.astimezone(said.zone)
        yield Claim("fresh start", local.day == 1 or local.weekday() == 0)
    if said.kind in ("rest", "shrink"):
        change = planted_change(said)
        yield Claim("week's pace", change >= 1.1 if said.kind == "rest" else change <= 0.9, estimated=True)
    if not said.persona.rates:
        rate = said.persona.rate * (1 - len(said.persona.rest_weekdays) / 7)
        yield from said.learns("daily_rate", rate, max(0.75, rate / 4))
    if "rest_days" in said.learned:
        learned = set(cast("list[int]", said.learned["rest_days"]))
        yield Claim("rest_days", learned <= said.persona.rest_weekdays, estimated=True)


def usual_by_now(said: Said) -> float:
    """The tasks that the persona has done by this hour of a day, on average over its working days."""
    local = said.now.astimezone(said.zone)
    stamps = [task.done.astimezone(said.zone) for task in said.life.finished if task.done]
    days = [day for day in range(7 * WEEKS) if said.persona.rate_on(day)]
    return sum(stamp.time() <= local.time() for stamp in stamps) / len(days)


def planted_change(said: Said) -> float:
    """The planted pace of the last seven full days over that of the 28 before."""
    today = (said.now.astimezone(said.zone).date() - FIRST_DAY).days
    last, before = (
        [said.persona.rate_on(day) for day in range(today - first, today - past)] for first, past in ((7, 0), (35, 7))
    )
    return 4 * sum(last) / max(sum(before), 0.1)


def quick_win(said: Said) -> Iterator[Claim]:
    """The named task is open and its estimate is the stated one."""
    yield from said.names()
    task = said.task("top_task_id")
    if task:
        yield Claim("estimate", task.estimate_min == said.number("top_est_min"))


def important_first(said: Said) -> Iterator[Claim]:
    """The named task is open and of high priority; the number of tasks done in seven days is exact."""
    yield from said.names()
    task = said.task("top_task_id")
    if task:
        yield Claim("priority", (task.priority or 0) >= _HIGH)
        yield Claim("done in a week", said.number("done_7d_n") == sum(map(said.done_on, range(7))))


def stale_task(said: Said) -> Iterator[Claim]:
    """The named task is open and as old as stated."""
    yield from said.names()
    task = said.task("top_task_id")
    if task:
        made = task.created.astimezone(said.zone).date()
        yield Claim("age", (said.now.astimezone(said.zone).date() - made).days == said.number("top_age_d"))


def workload_balance(said: Said) -> Iterator[Claim]:
    """Counts of tasks due later today, and of earlier ones, are exact; the capacity is right within two tasks.

    The planted capacity is the upper quartile of tasks on active days of this life.
    """
    yield from said.names("defer_task_id")
    today, dues = said.now.astimezone(said.zone).date(), [task.due for task in open_tasks(said) if task.due]
    ahead = [due.astimezone(said.zone).date() for due in dues if due > said.now]
    yield Claim("due today", said.number("today_n") == ahead.count(today))
    yield Claim("overdue", said.number("overdue_n") == sum(due <= said.now for due in dues))
    if "daily_capacity_n" in said.learned:
        counts = sorted(filter(None, (said.done_on(day) for day in range(1, 60))))
        yield from said.learns("daily_capacity_n", counts[len(counts) * 3 // 4], 2)


def open_tasks(said: Said) -> Iterator[LivedTask]:
    """The open tasks at the time."""
    return (
        task
        for task in said.life.tasks
        if task.created <= said.now and not (task.done is not None and task.done <= said.now)
    )


def project_focus(said: Said) -> Iterator[Claim]:
    """Open tasks of the project are exact; a user reported to stay in one list does 1.25 times as often as by chance.

    A quiet project had no completion for 14 days. The learned lift is right within 0.6 or three tenths of it.
    """
    yield from said.names()
    signals, lift = said.output.signals_snapshot, planted_lift(said)
    near, quiet = signals["near_project_id"], signals["quiet_project_id"]
    if near:
        left = sum(task.project_id == near for task in open_tasks(said))
        yield Claim("left of the project", said.number("remaining_n") == left)
    if quiet:
        past = said.now - 13 * _DAY
        yield Claim(
            "quiet project",
            not any(
                task.project_id == quiet and task.done and past <= task.done <= said.now for task in said.life.tasks
            ),
        )
    if said.kind == "start":
        yield Claim("stays in one list", lift >= 1.25, estimated=True)
    yield from said.learns("batching_lift", lift, max(0.6, 0.3 * lift))


def planted_lift(said: Said) -> float:
    """The rate at which the next task is of the same project, relative to chance, by the projects of finished tasks."""
    done = [task.project_id for task in said.life.finished if task.done and task.done <= said.now]
    chance = sum((done.count(project_id) / len(done)) ** 2 for project_id in set(done))
    return (said.persona.stay + (1 - said.persona.stay) / PROJECTS_N) / chance if chance else 1.0


def tip_receptivity(said: Said) -> Iterator[Claim]:
    """The accepted share is right within 0.15; the hour is inside the planted hours or at most an hour from them.

    If tips are reported as accepted more often than not, they are; words are right within a third; the run of tips
    turned down is exact.
    """
    persona = said.persona
    low_h, high_h = persona.tip_hours
    inside = (high_h - low_h) / _WAKING_H if persona.accepts_in is not None else 0.0
    accepts = persona.accepts * (1 - inside) + (persona.accepts_in or 0) * inside
    if said.output.prompt_text:
        outcomes = [outcome for at, outcome, _ in said.life.tips if said.now - 27 * _DAY <= at <= said.now]
        run_n = next((n for n, outcome in enumerate(reversed(outcomes)) if outcome == "done"), len(outcomes))
        yield Claim("run", said.number("neg_run_n") == run_n)
    if "fuller reason" in said.output.prompt_text:
        yield Claim("taken up", accepts > 0.5, estimated=True)
    yield from said.learns("accept_p", accepts, 0.15)
    words = min(max(persona.reads_s * WORDS_PER_MINUTE / 60, 12), 40)
    yield from said.learns("max_words", words, words / 3)
    hour = said.number("receptive_hour_local_h")
    if hour is not None:
        is_planted = persona.accepts_in is not None
        yield Claim("receptive hour", is_planted and low_h - 1 <= hour <= high_h + 1, estimated=True)


JUDGES: Mapping[str, Callable[[Said], Iterator[Claim]]] = {
    "deadline-pressure": deadline_pressure,
    "lateness-buffer": lateness_buffer,
    "peak-hours": peak_hours,
    "momentum": momentum,
    "quick-win": quick_win,
    "important-first": important_first,
    "stale-task": stale_task,
    "workload-balance": workload_balance,
    "project-focus": project_focus,
    "tip-receptivity": tip_receptivity,
}
