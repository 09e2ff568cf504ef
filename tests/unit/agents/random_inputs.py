"""Random snapshots for properties that hold for every agent: realistic ones with a sprinkle of the unreadable."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import cast
from zoneinfo import ZoneInfo

from oo.agent_kit.manifest import Manifest
from oo.contract.agents import ComputeRequest

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Africa/Cairo",
)
# Around clock changes of those zones, a leap day, a year's end, and plain days.
DAYS = (
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC),
    datetime(2026, 4, 24, tzinfo=UTC),
    datetime(2028, 2, 29, tzinfo=UTC),
    datetime(2026, 12, 31, tzinfo=UTC),
    datetime(2026, 6, 17, tzinfo=UTC),
    datetime(2026, 6, 21, tzinfo=UTC),
)
GARBAGE: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    1e300,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "0000-00-00",
    "2026-02-30",
    "ten",
    "\u202e\u200b",
    "x" * 5000,
    [],
    [[1]],
    {},
    {"a": {"b": None}},
)
TITLES = (
    "Send the invoice",
    "Pay the water bill",
    "Book the check-up",
    "Sort the garage",
    "Réserver l'hôtel",
    "写报告",
    "اتصل بالبنك",
    "Call +49 30 1234567 about contract 2024/117 and everything that was left open there last year",
    "🏃 Run 5 km",
)


def seeded(seed: int) -> Random:
    """A reproducible source of choices."""
    return Random(seed)  # noqa: S311  # plans tests, keeps no secrets


def random_input(seed: int, manifest: Manifest, *, garbage: float = 0.03) -> ComputeRequest:
    """A snapshot; about `garbage` of all fields hold something unreadable. Every task has an id of its own."""
    random = seeded(seed)
    zone = ZoneInfo(random.choice(ZONES))
    now = _random_now(random).astimezone(zone)
    size = random.choice((0, 1, 2, 3, 5, 8, 15, 30))
    tasks = [_task(random, now, f"t{number}", garbage) for number in range(size)]
    if random.random() < 0.1:
        tasks += _burst(random, now)
    return ComputeRequest.model_construct(
        user_id=f"user-{random.randrange(1000)}",
        tasks=tasks,
        profile=_profile(random, garbage),
        feedback_history=[_event(random, now, garbage) for _ in range(random.choice((0, 2, 10, 40)))],
        now_iso=now,
        agent_prefs=_preferences(random, manifest, garbage),
        task_completions=[_completion(random, now, garbage) for _ in range(random.choice((0, 5, 30, 90)))],
    )


def _random_now(random: Random) -> datetime:
    now = random.choice(DAYS) + timedelta(seconds=random.randrange(-86_400, 86_400))
    if random.random() < 0.2:
        return now.replace(minute=0, second=0)
    return now + timedelta(microseconds=random.choice((0, 1, 999_999)))


def _task(random: Random, now: datetime, task_id: str, garbage: float) -> dict[str, object]:
    task: dict[str, object] = {"id": task_id, "title": f"{random.choice(TITLES)} {task_id}"}
    if random.random() < 0.65:
        task["due_at"] = _stamp(random, now + _offset(random))
    if random.random() < 0.8:
        task["created_at"] = _stamp(random, now - timedelta(days=random.choice((0, 1, 6, 7, 13, 20, 45, 90))))
    if random.random() < 0.6:
        task["priority"] = random.choice((1, 2, 3, 4, 3.5, "high", "low", "Urgent", "normal", "2"))
    if random.random() < 0.6:
        key = random.choice(("estimate_minutes", "estimate", "duration_minutes"))
        task[key] = random.choice((1, 5, 7.5, 10, 25, 30, 60, "15", 240, 0.4))
    if random.random() < 0.4:
        task["tags"] = random.sample(["someday", "home", "work", "@waiting"], random.randrange(3))
    _set_course(random, now, task)
    _set_status(random, now, task)
    return _spoil(random, task, garbage, keep=("id",))


def _set_course(random: Random, now: datetime, task: dict[str, object]) -> None:
    """Set the task's project, parent, earlier due dates and recurrence."""
    if random.random() < 0.2:
        task["due_history"] = [_stamp(random, now - timedelta(days=days)) for days in (20, 9, 2)[random.randrange(3) :]]
    if random.random() < 0.1:
        task[random.choice(("recurrence", "is_recurring"))] = random.choice(("weekly", True))
    if random.random() < 0.1:
        task["parent_id"] = f"t{random.randrange(5)}"
    if random.random() < 0.5:
        task["project_id"] = random.choice(("p1", "p2", 3, None))


def _set_status(random: Random, now: datetime, task: dict[str, object]) -> None:
    draw = random.random()
    if draw < 0.25:
        task["status"] = random.choice(("done", "Completed", "closed"))
    elif draw < 0.4:
        task["status"] = random.choice(("in progress", "doing", "cancelled", "todo", "blocked", "parked", 2))
    if draw < 0.35:
        ahead = timedelta(minutes=random.choice((4, 9, 20, 90)))
        past = timedelta(hours=random.choice((0, 1, 5, 30, 100, 160, 170, 500)))
        task["completed_at"] = _stamp(random, now + ahead if random.random() < 0.15 else now - past)


def _offset(random: Random) -> timedelta:
    """Around everything that matters about a due date: now, the hours, midnight, 72 hours, the horizon."""
    return random.choice(
        (
            timedelta(0),
            timedelta(seconds=random.randrange(-600, 600)),
            timedelta(minutes=random.randrange(-120, 16 * 60)),
            timedelta(hours=random.randrange(-40, 40)),
            timedelta(hours=72, minutes=random.randrange(-200, 200)),
            timedelta(days=random.choice((7, 14)), minutes=random.randrange(-300, 300)),
            timedelta(days=random.randrange(-30, 40)),
        )
    )


def _stamp(random: Random, moment: datetime) -> object:
    forms = (
        moment.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        moment.isoformat(timespec="seconds"),
        moment.replace(tzinfo=None).isoformat(timespec="minutes"),
        moment.date().isoformat(),
        int(moment.timestamp()),
        moment.timestamp() * 1000,
    )
    return random.choice(forms)


def _burst(random: Random, now: datetime) -> list[dict[str, object]]:
    made = (now - timedelta(days=random.choice((3, 30)))).astimezone(UTC)
    return [
        {"id": f"b{n}", "title": f"Imported {n}", "created_at": (made + timedelta(seconds=2 * n)).isoformat()}
        for n in range(random.choice((9, 12)))
    ]


def _completion(random: Random, now: datetime, garbage: float) -> dict[str, object]:
    done = now - timedelta(hours=random.randrange(0, 24 * 60))
    completion: dict[str, object] = {"project_id": random.choice(("p1", "p2", 3, None))}
    if random.random() < 0.5:
        completion["task_id"] = f"t{random.randrange(20)}"
    completion["completed_at"] = _stamp(random, done)
    if random.random() < 0.6:
        completion["due_at"] = _stamp(random, done + timedelta(hours=random.randrange(-96, 96)))
    return _spoil(random, completion, garbage)


def _event(random: Random, now: datetime, garbage: float) -> dict[str, object]:
    event: dict[str, object] = {
        "action": random.choice(("shown", "opened", "clicked", "dismissed", "snoozed", "done", "helpful")),
        "created_at": _stamp(random, now - timedelta(minutes=random.randrange(0, 60 * 24 * 40))),
        "dwell_ms": random.choice((None, 300, 2500, 15_000)),
    }
    return _spoil(random, event, garbage)


def _profile(random: Random, garbage: float) -> dict[str, object]:
    names = ("completion_rate_28d", "mean_daily_done_28d", "energy_now", "something_else")
    profile: dict[str, object] = {name: random.choice((None, 0.3, 4.0)) for name in names}
    return _spoil(random, profile, garbage)


def _preferences(random: Random, manifest: Manifest, garbage: float) -> dict[str, object]:
    preferences: dict[str, object] = {}
    for key, schema in manifest.preferences.items():
        if key not in ("enabled", "timezone") and random.random() < 0.4:
            preferences[key] = _valid(random, schema)
    if random.random() < 0.2:
        preferences["timezone"] = random.choice((*ZONES, "Nowhere/Else"))
    return _spoil(random, preferences, garbage)


def _valid(random: Random, schema: object) -> object:
    known = cast("dict[str, object]", schema)
    if "enum" in known:
        return random.choice(cast("list[object]", known["enum"]))
    if known["type"] in ("integer", "number"):
        low, high = cast("float", known["minimum"]), cast("float", known["maximum"])
        return random.randint(int(low), int(high)) if known["type"] == "integer" else random.uniform(low, high)
    return {"boolean": random.random() < 0.5, "string": "", "array": []}[cast("str", known["type"])]


def _spoil(random: Random, row: dict[str, object], garbage: float, keep: tuple[str, ...] = ()) -> dict[str, object]:
    return {
        key: random.choice(GARBAGE) if key not in keep and random.random() < garbage else value
        for key, value in row.items()
    }
