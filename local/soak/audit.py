"""The outcome of everything that a soak run sent: by message, by row, and by the rule that nothing gets lost."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.soak.workload import Message

Key = tuple[str, str]
"""A user and an agent."""


@dataclass(frozen=True)
class Job:
    """A job that the queue accepted from a fan-out."""

    message_id: str
    key: Key
    version: int


@dataclass(frozen=True)
class DeadLetter:
    """A message in a dead-letter queue; `queue` is its source queue, `deliveries` its receive count."""

    message_id: str
    queue: str
    body: str
    deliveries: int


@dataclass(frozen=True)
class Remains:
    """All observations after a run.

    `sent` is by message id, `rows` are the table's, `waiting` is by queue. `timeouts` counts invocations that were cut
    off.
    """

    sent: Mapping[str, Message]
    jobs: Iterable[Job]
    rows: Mapping[Key, Mapping[str, Any]]
    dead: Iterable[DeadLetter]
    waiting: Mapping[str, int]
    faults: Mapping[str, int] = field(default_factory=dict)
    timeouts: int = 0


@dataclass(frozen=True)
class AuditResult:
    """The places of all messages, and each violation as a sentence; without violations nothing is lost."""

    snapshots: Counter[str]
    jobs: Counter[str]
    poison: Counter[str]
    outputs: Counter[str]
    breaches: list[str]


def audit(remains: Remains, expected: Mapping[Key, Mapping[str, Any]], agents: Iterable[str]) -> AuditResult:
    """Find every message and every row; `expected` contains the required fields of each row."""
    dead_ids = {letter.message_id for letter in remains.dead}
    jobs = _ends_of_jobs(remains, dead_ids)
    produced = {(*job.key, job.version) for job in remains.jobs}
    wanted = tuple(agents)
    snapshots = Counter(
        _end_of_snapshot(message_id, message, produced, dead_ids, wanted)
        for message_id, message in remains.sent.items()
        if not message.is_poison
    )
    poison = Counter(
        _end_of_poison(message_id, remains) for message_id, message in remains.sent.items() if message.is_poison
    )
    outputs = Counter(_state_of_row(key, row, remains.rows) for key, row in expected.items())
    outputs.update("of nobody" for key in remains.rows if key not in expected)
    verdict = AuditResult(snapshots, jobs, poison, outputs, [])
    verdict.breaches.extend(_breaches(verdict, remains))
    return verdict


def _ends_of_jobs(remains: Remains, dead_ids: set[str]) -> Counter[str]:
    ends: Counter[str] = Counter()
    stored: set[Key] = set()
    outdated = {(message.user_id, message.version) for message in remains.sent.values() if message.is_outdated}
    for job in remains.jobs:
        version = remains.rows.get(job.key, {}).get("snapshot_version", -1)
        if (job.key[0], job.version) in outdated:
            ends[_end_of_outdated(job, version, dead_ids)] += 1
        elif version == job.version:
            # Of several jobs for one version one has written; the row does not show which.
            ends["repeated" if job.key in stored else "stored"] += 1
            stored.add(job.key)
        elif version > job.version:
            ends["superseded"] += 1
        else:
            ends["dead letter" if job.message_id in dead_ids else "lost"] += 1
    return ends


def _end_of_outdated(job: Job, stored_version: int, dead_ids: set[str]) -> str:
    if stored_version == job.version:
        return "stored though outdated"
    return "dead letter" if job.message_id in dead_ids else "outdated"


def _end_of_snapshot(
    message_id: str,
    message: Message,
    produced: set[tuple[str, str, int]],
    dead_ids: set[str],
    agents: tuple[str, ...],
) -> str:
    if all((message.user_id, agent, message.version) in produced for agent in agents):
        return "fanned out"
    return "dead letter" if message_id in dead_ids else "lost"


def _end_of_poison(message_id: str, remains: Remains) -> str:
    letters = [letter for letter in remains.dead if letter.message_id == message_id]
    message = remains.sent[message_id]
    if not letters:
        return "lost"
    if len(letters) > 1:
        return "there more than once"
    if (letters[0].queue, letters[0].body) != (message.queue, message.body):
        return "changed or in the wrong queue"
    return f"dead letter after {letters[0].deliveries} deliveries"


def _state_of_row(key: Key, expected: Mapping[str, Any], rows: Mapping[Key, Mapping[str, Any]]) -> str:
    row = rows.get(key)
    if row is None:
        return "missing"
    if row["snapshot_version"] < expected["snapshot_version"]:
        return "older over newer"
    if row["snapshot_version"] > expected["snapshot_version"]:
        return "blocked by a version that nobody sent"
    # By their spelling: 1 and 1.0 are equal to Python, and not the same output.
    same = all(repr(row.get(name)) == repr(value) for name, value in expected.items())
    return "newest" if same else "different"


def _breaches(verdict: AuditResult, remains: Remains) -> Iterator[str]:
    fine = {
        "snapshots": {"fanned out"},
        "jobs": {"stored", "repeated", "superseded", "outdated"},
        "poison": {"dead letter after 5 deliveries"},
        "outputs": {"newest"},
    }
    for name, ends in fine.items():
        counted: Counter[str] = getattr(verdict, name)
        yield from (f"{count} {name}: {end}" for end, count in counted.items() if count and end not in ends)
    yield from (f"{count} messages are left in {queue}" for queue, count in remains.waiting.items() if count)
    if remains.timeouts:
        yield f"{remains.timeouts} invocations were cut off"
    strangers = [letter for letter in remains.dead if letter.message_id not in remains.sent]
    if strangers:
        yield f"{len(strangers)} dead letters that nobody sent as poison"
