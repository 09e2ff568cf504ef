"""The messages of a soak run: users' snapshots in any order and more than once, and unreadable messages.

Everything follows from the seed, and every snapshot contains its own time, so that the expected rows are known. Only
snapshots that are resent after days may have no time: by any later clock they are too old to be stored.
"""

import json
import random
from collections.abc import Iterator, Sequence
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
# Positions by which a message may be early or late: as many as are in flight at the same time.
_JITTER = 120
_REDRIVEN_AFTER_MS = 13 * 24 * 3_600_000
FAR_FUTURE = 99_999_999_999_999


@dataclass(frozen=True)
class Message:
    """One message to send.

    `kind` names its special property; `user_id` is empty if it is not a snapshot. `is_outdated` is true if the snapshot
    is older than the lifetime of any output.
    """

    queue: str
    kind: str
    body: str
    user_id: str = ""
    version: int = 0
    is_outdated: bool = False

    @property
    def is_poison(self) -> bool:
        """Whether it belongs in a dead-letter queue."""
        return not self.user_id


@dataclass(frozen=True)
class Workload:
    """Messages in the order of sending, and by user the body of the newest snapshot.

    `blocked` are the users with rows from before the run, under a version in the far future.
    """

    messages: list[Message]
    newest: dict[str, str]
    blocked: list[str]


def make(users: int, seed: int) -> Workload:
    """A workload for a number of users."""
    chance = random.Random(seed)  # noqa: S311  # repeatable chance, not secrets
    placed: list[tuple[float, int, Message]] = []
    newest: dict[str, str] = {}
    for number in range(users):
        messages = list(_of_user(f"user-{number:05}", chance))
        newest[messages[0].user_id] = next(each.body for each in messages if each.kind == "newest")
        placed += [(number + chance.uniform(0, _JITTER), number, message) for message in messages]
    for number in range(max(2, users // 20)):
        placed.append((chance.uniform(0, users), number, _come_back(f"gone-{number:05}", _version(chance), chance)))
    poison = list(_poison(max(8, users // 50)))
    placed += [(chance.uniform(0, users), users + place, message) for place, message in enumerate(poison)]
    blocked = [user_id for user_id in newest if chance.random() < 0.1]
    return Workload([message for *_, message in sorted(placed, key=lambda each: each[:2])], newest, blocked)


def in_tens(messages: Sequence[Message]) -> Iterator[tuple[str, list[Message]]]:
    """Batches of one queue each, in the order of the messages."""
    batch: list[Message] = []
    for message in messages:
        if batch and (len(batch) == 10 or message.queue != batch[0].queue):
            yield batch[0].queue, batch
            batch = []
        batch.append(message)
    if batch:
        yield batch[0].queue, batch


def _of_user(user_id: str, chance: random.Random) -> Iterator[Message]:
    version = _version(chance)
    newest = Message(SNAPSHOTS, "newest", _text(_snapshot(user_id, version, chance)), user_id, version)
    yield newest
    if chance.random() < 0.1:
        yield replace(newest, kind="the newest once more")
    for share, kind, most_ms in ((0.15, "older", 3_600_000), (0.1, "older by less than a second", 1_000)):
        if chance.random() < share:
            before = version - chance.randrange(1, most_ms)
            yield Message(SNAPSHOTS, kind, _text(_snapshot(user_id, before, chance)), user_id, before)
    if chance.random() < 0.1:
        yield _come_back(user_id, version, chance)
    for kind, changes in (
        ("a version from the far future", {"snapshot_version": FAR_FUTURE}),
        ("a version in seconds", {"snapshot_version": version // 1000}),
        ("a moment in 2099", {"snapshot_version": version + 1, "now_iso": "2099-01-01T00:00:00Z"}),
    ):
        if chance.random() < 0.05:
            yield Message(SNAPSHOTS, kind, _text(_snapshot(user_id, version, chance) | changes))


def _version(chance: random.Random) -> int:
    return int(_MORNING.timestamp() * 1000) + chance.randrange(3_600_000)


def _come_back(user_id: str, newest: int, chance: random.Random) -> Message:
    """A dead letter that is resent after 13 days; its job uses the worker's clock or that of the newest snapshot."""
    version = newest - _REDRIVEN_AFTER_MS
    moment = chance.choice((None, _moment(newest).isoformat()))
    body = _text(_snapshot(user_id, version, chance) | {"now_iso": moment})
    return Message(SNAPSHOTS, "redriven after 13 days", body, user_id, version, is_outdated=True)


def _moment(version: int) -> datetime:
    return datetime.fromtimestamp(version / 1000, UTC)


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)


def _snapshot(user_id: str, version: int, chance: random.Random) -> dict[str, Any]:
    now = _moment(version)
    return {
        "user_id": user_id,
        "tasks": [_task(place, now, chance) for place in range(chance.randrange(12))],
        "task_completions": [_completion(now, chance) for _ in range(chance.randrange(25))],
        "feedback_history": [_feedback(now, chance) for _ in range(chance.randrange(8))],
        "profile": {"completion_rate_28d": round(chance.random(), 3), "energy_now": chance.choice((None, 1.0, 0.5))},
        "now_iso": now.isoformat(),
        "timezone": chance.choice(_ZONES),
        "snapshot_version": version,
    }


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
    """Messages that are unreadable, incomplete, or about unknown agents, for both queues alternately."""
    agent = all_manifests()[0]
    other_major = f"{int(agent.version.partition('.')[0]) + 1}.0.0"
    version = int(_MORNING.timestamp() * 1000)
    job = {"agent_id": agent.agent_id, "agent_version": agent.version, "snapshot_version": version}
    kinds: list[tuple[str, str, dict[str, Any] | str]] = [
        (SNAPSHOTS, "no JSON", '{{"user_id": "poison-{number}", "tasks": ['),
        (JOBS, "no JSON", '{{"user_id": "poison-{number}", "agent_id"'),
        (SNAPSHOTS, "no user", {"tasks": []}),
        (JOBS, "another major version", {**job, "agent_version": other_major}),
        (SNAPSHOTS, "an agent that is not here", {"agent_ids": ["decision-fatigue"], "snapshot_version": version}),
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
