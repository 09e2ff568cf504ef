"""The learned record of late tasks, by the dates that were set first."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from math import log
from random import Random
from statistics import median
from typing import NamedTuple

import pytest

from oo.agents.registry import get_agent
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import DAY, HOUR, ask, changed, learn, snapshot
from testing.for_each import for_each
from testing.seeds import SLACK, seeds
from tests.unit.inference.planted_habits import completion, share
from tests.unit.inference.planted_pace import late_around, late_in
from tests.unit.inference.planted_users import NEWEST, history, seeded

MANIFEST = get_agent("lateness-buffer").manifest


def learned(key: str, given: ComputeRequest) -> float:
    return float(str(learn(MANIFEST, given)[key]))


@pytest.mark.all_seeds
@pytest.mark.parametrize(
    ("median_d", "size", "outliers", "within_d", "least"),
    [(2, 40, 0, 0.5, 0.94), (2, 20, 0, 0.75, 0.94), (2, 20, 0.1, 0.75, 0.94), (0, 20, 0, 0.5, 0.94)],
)
def test_usual_lateness_is_found(median_d: float, size: int, outliers: float, within_d: float, least: float) -> None:
    """A planted median is found for 94% of users, also where one in ten completions is months late."""
    found = share(
        lambda random: (
            abs(learned("lateness_p50_d", late_around(random, median_d, size, outliers)) - median_d) <= within_d
        )
    )

    assert found >= least - SLACK


@pytest.mark.all_seeds
def test_safe_lateness_is_found() -> None:
    """The planted 80% point is found within a day for 96% of users with 40 completions."""
    # The 80% point of a Laplace distribution of scale 1 lies ln 2.5 above its median.
    planted_d = 2 + log(2.5)

    found = share(lambda random: abs(learned("lateness_p80_d", late_around(random, 2, 40)) - planted_d) <= 1)

    assert found >= 0.96 - SLACK


@pytest.mark.all_seeds
@pytest.mark.parametrize("planted", [0.2, 0.5, 0.8])
@pytest.mark.parametrize(("size", "within", "least"), [(60, 0.1, 0.88), (30, 0.15, 0.84)])
def test_late_share_is_found(planted: float, size: int, within: float, least: float) -> None:
    """A planted share of late tasks is found within 0.1 for 88% of users with 60 completions, with 30 for 84%."""
    found = share(lambda random: abs(learned("late_p", late_in(random, planted, size)) - planted) <= within)

    assert found >= least - SLACK


@for_each(
    ("size", "keys"),
    [(5, set()), (7, {"late_p"}), (9, {"late_p", "lateness_p50_d", "lateness_p80_d", "date_record"})],
)
def test_gates_open_with_the_evidence(size: int, keys: set[str]) -> None:
    """A share takes six dated completions' worth of evidence, quantiles take eight of them."""
    undated = [completion(NEWEST - timedelta(minutes=20 * n)) for n in range(40)]
    dated = [completion(NEWEST - timedelta(days=n), due_at=NEWEST.isoformat()) for n in range(size)]

    assert learn(MANIFEST, history([*undated, *dated])).keys() == keys


def test_prior_is_weak_and_expects_few_late_ones() -> None:
    """Sixteen late completions of one day, each in a sitting of its own, leave little of the prior."""
    day = [completion(NEWEST - timedelta(minutes=95 * n), due_at="2026-06-01") for n in range(16)]

    assert learned("late_p", history(day)) == pytest.approx(16.4 / 18.4, abs=0.01)


def test_bare_dates_are_late_from_the_next_day_on() -> None:
    """A task done in the evening of its date is on time, in the zone of the user."""
    evenings = [NEWEST.replace(hour=22) - timedelta(days=n) for n in range(1, 30)]
    rows = history([completion(at, due_at=f"{at:%Y-%m-%d}") for at in evenings])

    assert learned("late_p", rows) < 0.15
    assert float(str(learn(MANIFEST, changed(rows, timezone="Asia/Tokyo"))["late_p"])) > 0.85


def test_the_agent_counts_what_inference_would_learn() -> None:
    """Without learned values the agent comes to the same ones from the same completions."""
    rows = late_around(seeded(3), 2, 30)
    completions = [
        {"project_id": each["project_id"], "completed_at": each["completed_at"], "due_at": each["due_at"]}
        for each in rows.task_completions
    ]
    counted = ask("lateness-buffer", snapshot(completions=completions, now=NEWEST)).signals_snapshot

    numbers = learn(MANIFEST, rows)

    assert numbers.pop("date_record") == "late"
    assert {key: counted[key] for key in numbers} == numbers


MONDAY = datetime(2026, 6, 15, 9, tzinfo=UTC)
WEEKS = 12


class Life(NamedTuple):
    """Dated tasks as a backend knows them: done ones, and those that are still open at a time."""

    tasks: Sequence[tuple[datetime, datetime | None, list[datetime]]]

    def asked(self, now: datetime) -> ComputeRequest:
        """A request at a given time, with the data known by then."""
        done = [
            completion(at, due_at=(due + 3 * DAY if moves else due).isoformat()) | _history(moves)
            for due, at, moves in self.tasks
            if at and at <= now
        ]
        opened = [
            {"id": f"o{n}", "title": "Open", "due_at": due.isoformat()} | _history(moves)
            for n, (due, at, moves) in enumerate(self.tasks)
            if due - 5 * DAY <= now and not (at and at <= now)
        ]
        return changed(history(done), tasks=opened, now_iso=now)


def _history(moves: list[datetime]) -> dict[str, object]:
    return {"due_history": [each.isoformat() for each in moves]} if moves else {}


def lived(random: Random, late: Callable[[float], float], *, left_open: bool = False, moves: float = 0) -> Life:
    """One and a half dated tasks a day over twelve weeks; `late` is the share of late ones by the day.

    Late ones may be left open for ever, or their dates be moved before they are done.
    """
    found: list[tuple[datetime, datetime | None, list[datetime]]] = []
    for number in range(WEEKS * 7 * 3 // 2):
        day = number * 2 / 3
        due = MONDAY - (WEEKS * 7 - day) * DAY + random.uniform(0, 9) * HOUR
        if random.random() >= late(day):
            found.append((due, due - random.uniform(0.1, 2) * DAY, []))
        else:
            is_moved = random.random() < moves
            done = None if left_open else due + random.uniform(1, 3) * DAY
            found.append((due, done, [due] if is_moved else []))
    return Life(found)


def records(life: Life, weeks: Iterable[int]) -> list[object]:
    """The record on Mondays, counted from the first week."""
    asks = (MONDAY - timedelta(weeks=WEEKS - week) for week in weeks)
    return [learn(MANIFEST, life.asked(now)).get("date_record") for now in asks]


def share_of(users: int, holds: Callable[[Random], bool]) -> float:
    found = [holds(seeded(seed)) for seed in seeds(users, few=12)]
    return sum(found) / len(found)


LOOKS = range(2, WEEKS + 1, 2 if SLACK else 1)


@pytest.mark.all_seeds
def test_neither_is_claimed_of_one_late_task_in_four() -> None:
    """A user late with a quarter of the dated tasks deserves neither verdict: 25% get one in twelve weeks at most."""
    assert (
        share_of(100, lambda random: bool({"late", "on_time"} & set(records(lived(random, lambda _: 0.25), LOOKS))))
        <= 0.25
    )


@pytest.mark.all_seeds
@pytest.mark.parametrize(("late", "record"), [(0.5, "late"), (0.05, "on_time")])
def test_a_clear_record_is_claimed(late: float, record: str) -> None:
    """A user late with every second task is reported as late, one who hardly ever is as on time."""
    found = [records(lived(seeded(seed), lambda _: late), (4, 8, 12)) for seed in seeds(100, few=12)]

    assert sum(record in each for each in found) / len(found) >= 0.97 - SLACK
    assert not any(({"late", "on_time"} - {record}) & set(each) for each in found)


@pytest.mark.all_seeds
def test_moving_dates_hides_nothing() -> None:
    """Of users late with 70% who move 90% of these dates none is reported as on time, and 85% as late."""

    def found(seed: int) -> list[object]:
        return records(lived(seeded(seed), lambda _: 0.7, moves=0.9), (4, 8, 12))

    all_found = [found(seed) for seed in seeds(100, few=12)]

    assert not any("on_time" in each for each in all_found)
    assert sum("late" in each for each in all_found) / len(all_found) >= 0.85


@pytest.mark.all_seeds
def test_what_is_left_open_is_no_trust() -> None:
    """Of users late with 37% who never do these tasks at most 5% are reported as on time."""
    assert (
        share_of(100, lambda random: "on_time" in records(lived(random, lambda _: 0.37, left_open=True), LOOKS)) <= 0.05
    )


@pytest.mark.all_seeds
def test_an_improved_habit_is_noticed_within_three_weeks() -> None:
    """A user who is late no more is no longer told so after three weeks; half of the users after two."""

    def days(seed: int) -> int:
        life = lived(seeded(seed), lambda day: 0.9 if day < 42 else 0)
        change = MONDAY - 42 * DAY
        return next(
            day for day in range(60) if learn(MANIFEST, life.asked(change + day * DAY)).get("date_record") != "late"
        )

    noticed = [days(seed) for seed in seeds(60, few=8)]

    assert min(noticed) > 0
    assert median(noticed) <= 14
    assert max(noticed) <= 21


def test_sixty_tasks_two_days_after_their_first_date() -> None:
    """Each moved by three days and done before its last date: dated tasks land two days after their first date."""
    days = [MONDAY.date() - timedelta(days=n) for n in range(3, 63)]
    rows = [
        {
            "due_history": [f"{day}"],
            "due_at": f"{day + timedelta(days=3)}",
            "completed_at": f"{day + timedelta(days=2)}T10:00:00Z",
        }
        for day in days
    ]
    task = {"id": "a", "title": "Draft report", "due_at": "2026-06-20"}
    given = changed(history(rows), tasks=[task], now_iso=MONDAY)
    text = ask("lateness-buffer", changed(given, agent_prefs=learn(MANIFEST, given))).prompt_text

    assert "dated tasks here usually land about 2 days after their first date" in text


def test_twenty_open_tasks_are_no_trust() -> None:
    """Twenty tasks on time and twenty that are overdue by three to thirty days."""
    done = [completion(MONDAY - n * DAY, due_at=(MONDAY - n * DAY).isoformat()) for n in range(1, 21)]
    opened = [
        {"id": f"o{n}", "title": "Open", "due_at": f"{MONDAY - (3 + n * 27 / 19) * DAY:%Y-%m-%d}"} for n in range(20)
    ]
    ahead = {"id": "a", "title": "Draft report", "due_at": "2026-06-20"}
    given = changed(history(done), tasks=[*opened, ahead], now_iso=MONDAY)
    learned_of = learn(MANIFEST, given)

    for prefs in (learned_of, {}):
        text = ask("lateness-buffer", changed(given, agent_prefs=prefs)).prompt_text

        assert "land on time" not in text
        assert "dated tasks here land after their date" in text
    assert learned_of["date_record"] == "late"
    assert learn(MANIFEST, changed(given, tasks=[ahead]))["date_record"] == "on_time"
