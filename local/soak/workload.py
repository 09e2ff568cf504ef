"""What a soak run sends: users whose snapshots come in any order and more than once, and messages that nobody can read.

Everything follows from the seed, and every snapshot names its own moment, so that what has to be stored is known.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from oo.agents.registry import all_manifests

SNAPSHOTS = "PrecomputeQueue"
JOBS = "ComputeQueue"
_MORNING = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC", None)
_VERBS = ("Send", "Draft", "Call about", "Review", "Book", "Sort", "Pay", "Answer")
_THINGS = ("the invoice", "the outline", "the dentist", "the lease", "the train", "the photos", "the fee", "Łódź")
# Places in the line that a message may be early or late: as many as are under way at the same time.
_JITTER = 120


@dataclass(frozen=True)
class Message:
    """One message to send. `kind` names what is special about it; `user_id` is empty for what is no snapshot."""

    queue: str
    kind: str
    body: str
    user_id: str = ""
    version: int = 0

    @property
    def is_poison(self) -> bool:
        """Whether it belongs in a dead-letter queue."""
        return not self.user_id


@dataclass(frozen=True)
class Workload:
    """Messages in the order of sending, and by user the body of the newest snapshot."""

    messages: list[Message]
    newest: dict[str, str]


def make(users: int, seed: int) -> Workload:
    """A workload for so many users."""
    chance = random.Random(seed)  # noqa: S311  # repeatable chance, not secrets
    placed: list[tuple[float, int, Message]] = []
    newest: dict[str, str] = {}
    for number in range(users):
        messages = list(_of_user(f"user-{number:05}", chance))
        newest[messages[0].user_id] = next(each.body for each in messages if each.kind == "newest")
        placed += [(number + chance.uniform(0, _JITTER), number, message) for message in messages]
    poison = list(_poison(max(8, users // 50)))
    placed += [(chance.uniform(0, users), users + place, message) for place, message in enumerate(poison)]
    return Workload([message for *_, message in sorted(placed, key=lambda each: each[:2])], newest)


def _of_user(user_id: str, chance: random.Random) -> Iterator[Message]:
    version = int(_MORNING.timestamp() * 1000) + chance.randrange(3_600_000)
    newest = Message(SNAPSHOTS, "newest", _snapshot(user_id, version, chance), user_id, version)
    yield newest
    if chance.random() < 0.1:
        yield replace(newest, kind="the newest once more")
    for share, kind, most_ms in ((0.15, "older", 3_600_000), (0.1, "older by less than a second", 1_000)):
        if chance.random() < share:
            before = version - chance.randrange(1, most_ms)
            yield Message(SNAPSHOTS, kind, _snapshot(user_id, before, chance), user_id, before)


def _snapshot(user_id: str, version: int, chance: random.Random) -> str:
    now = datetime.fromtimestamp(version / 1000, UTC)
    body: dict[str, Any] = {
        "user_id": user_id,
        "tasks": [_task(place, now, chance) for place in range(chance.randrange(12))],
        "task_completions": [_completion(now, chance) for _ in range(chance.randrange(25))],
        "feedback_history": [_feedback(now, chance) for _ in range(chance.randrange(8))],
        "profile": {"completion_rate_28d": round(chance.random(), 3), "energy_now": chance.choice((None, 1.0, 0.5))},
        "now_iso": now.isoformat(),
        "timezone": chance.choice(_ZONES),
        "snapshot_version": version,
    }
    return json.dumps(body, ensure_ascii=False)


def _task(place: int, now: datetime, chance: random.Random) -> dict[str, Any]:
    due = now + timedelta(hours=chance.randrange(-72, 240)) if chance.random() < 0.6 else None
    return {
        "id": f"t{place}",
        "title": f"{chance.choice(_VERBS)} {chance.choice(_THINGS)} {chance.randrange(1000)}",
        "status": chance.choice(("open", "open", "open", "done")),
        "due_at": due and due.isoformat(),
        "created_at": (now - timedelta(hours=chance.randrange(1, 1500))).isoformat(),
        "priority": chance.choice((None, 1, 2, 3, 4)),
        "estimate_minutes": chance.choice((None, 5, 15, 30, 90)),
        "project_id": chance.choice((None, "home", "work", "trip")),
    }


def _completion(now: datetime, chance: random.Random) -> dict[str, Any]:
    done = now - timedelta(hours=chance.randrange(1, 1400))
    due = done + timedelta(hours=chance.randrange(-48, 48)) if chance.random() < 0.7 else None
    return {
        "project_id": chance.choice(("home", "work", "trip")),
        "completed_at": done.isoformat(),
        "due_at": due and due.isoformat(),
    }


def _feedback(now: datetime, chance: random.Random) -> dict[str, Any]:
    return {
        "action": chance.choice(("shown", "opened", "helpful", "done", "snoozed", "dismissed")),
        "dwell_ms": chance.choice((None, 900, 5_200)),
        "created_at": (now - timedelta(hours=chance.randrange(1, 600))).isoformat(),
    }


def _poison(count: int) -> Iterator[Message]:
    """Unreadable, incomplete, and about agents that are not here; for both queues in turn."""
    agent = all_manifests()[0]
    other_major = f"{int(agent.version.partition('.')[0]) + 1}.0.0"
    job = {"agent_id": agent.agent_id, "agent_version": agent.version, "snapshot_version": 1}
    kinds: list[tuple[str, str, dict[str, Any] | str]] = [
        (SNAPSHOTS, "no JSON", '{{"user_id": "poison-{number}", "tasks": ['),
        (JOBS, "no JSON", '{{"user_id": "poison-{number}", "agent_id"'),
        (SNAPSHOTS, "no user", {"tasks": []}),
        (JOBS, "another major version", {**job, "agent_version": other_major}),
        (SNAPSHOTS, "an agent that is not here", {"agent_ids": ["decision-fatigue"], "snapshot_version": 1}),
        (JOBS, "an agent that is not here", {**job, "agent_id": "decision-fatigue"}),
        (SNAPSHOTS, "a number that is none", '{{"user_id": "poison-{number}", "profile": {{"energy_now": NaN}}}}'),
        (JOBS, "no version", {"agent_id": agent.agent_id, "agent_version": agent.version}),
    ]
    for number in range(count):
        queue, kind, body = kinds[number % len(kinds)]
        if isinstance(body, str):
            text = body.format(number=number)
        else:
            name = {} if kind == "no user" else {"user_id": f"poison-{number}"}
            text = json.dumps({**name, **body, "number": number})
        yield Message(queue, kind, text)
