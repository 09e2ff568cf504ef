"""A running service for a soak run: its inputs, its tables and its queues."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.soak import faults
from local.soak.audit import DeadLetter, Job, Key
from local.soak.workload import FAR_FUTURE, JOBS, SNAPSHOTS, Message
from local.system import LocalSystem
from oo.agents.registry import all_manifests
from oo.outputs.items import from_item, to_item
from oo.outputs.store import JSON_FIELDS

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

TABLE = "AgentOutputsTable"
DEAD_LETTER_QUEUES = {SNAPSHOTS: "PrecomputeDeadLetterQueue", JOBS: "ComputeDeadLetterQueue"}
_WAITING: tuple["QueueAttributeNameType", ...] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
)
_IN_HAND_S = 600


def send(system: LocalSystem, queue: str, messages: Sequence[Message]) -> dict[str, Message]:
    """Send at most ten messages; returns them by their ids."""
    entries: Any = [{"Id": str(place), "MessageBody": message.body} for place, message in enumerate(messages)]
    answer = system.aws.sqs.send_message_batch(QueueUrl=system.queue_url(queue), Entries=entries)
    return {taken["MessageId"]: messages[int(taken["Id"])] for taken in answer["Successful"]}


def plant(system: LocalSystem, users: Iterable[str]) -> int:
    """Write rows with versions in the far future, as from a sender with a wrong clock; returns their number."""
    rows = [(user_id, manifest.agent_id) for user_id in users for manifest in all_manifests()]
    for user_id, agent_id in rows:
        row = {"user_id": user_id, "agent_id": agent_id, "snapshot_version": FAR_FUTURE, "withdrawn": True}
        system.aws.dynamodb.put_item(TableName=TABLE, Item=to_item(row))
    return len(rows)


def waiting(system: LocalSystem, queue: str) -> int:
    """The number of unfinished messages of a queue."""
    counts = system.aws.sqs.get_queue_attributes(QueueUrl=system.queue_url(queue), AttributeNames=_WAITING)[
        "Attributes"
    ]
    return sum(int(counts[name]) for name in _WAITING)


def rows(system: LocalSystem) -> dict[Key, dict[str, Any]]:
    """The whole table."""
    found: dict[Key, dict[str, Any]] = {}
    for page in system.aws.dynamodb.get_paginator("scan").paginate(TableName=TABLE):
        for item in page["Items"]:
            row = from_item(item, json_fields=JSON_FIELDS)
            found[row["user_id"], row["agent_id"]] = row
    return found


def dead_letters(system: LocalSystem) -> list[DeadLetter]:
    """All messages in both dead-letter queues."""
    return [letter for queue in DEAD_LETTER_QUEUES for letter in _dead_letters(system, queue)]


def _dead_letters(system: LocalSystem, queue: str) -> list[DeadLetter]:
    letters: list[DeadLetter] = []
    while True:
        messages = system.aws.sqs.receive_message(
            QueueUrl=system.queue_url(DEAD_LETTER_QUEUES[queue]),
            MaxNumberOfMessages=10,
            VisibilityTimeout=_IN_HAND_S,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        ).get("Messages", [])
        if not messages:
            return letters
        # The receive count continues when a message is moved, and this receive adds one.
        letters += [
            DeadLetter(each["MessageId"], queue, each["Body"], int(each["Attributes"]["ApproximateReceiveCount"]) - 1)
            for each in messages
        ]


def noted(folder: Path) -> tuple[list[Job], dict[str, int]]:
    """The jobs that workers sent, and the count of each fault."""
    jobs: list[Job] = []
    counts: dict[str, int] = {}
    for note in faults.notes(folder):
        if "fault" in note:
            counts[note["fault"]] = counts.get(note["fault"], 0) + note["count"]
        jobs += [Job(message_id, (user, agent), version) for message_id, user, agent, version in note.get("jobs", [])]
    return jobs, counts
