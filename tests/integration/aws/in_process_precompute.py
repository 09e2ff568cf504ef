"""Precompute as it is deployed, in one process: real queues and a real table over HTTP, and the workers of bootstrap.

Lambda's work between a queue and a worker is done step by step here, with the local poller's own reading of events
and answers, so that a test can put a fault at any place and nothing has to be waited for.
"""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.retries.standard import ExponentialBackoff

from local.aws.resources import Clients, create_resources
from local.deployment.template import Template, TemplateQueue
from local.lambda_emulation.batch import build_event, failed_ids
from local.lambda_emulation.runtime import Failure, FunctionAnswer
from local.soak import faults
from local.soak.audit import AuditResult, DeadLetter, Job, Key, Remains, audit
from local.soak.expected import Expectation
from local.soak.system import DEAD_LETTER_QUEUES
from local.soak.workload import JOBS, SNAPSHOTS, Message
from oo.agents.registry import all_manifests
from oo.bootstrap import compute_worker, precompute_worker
from oo.outputs.items import from_item
from oo.outputs.store import JSON_FIELDS
from oo.telemetry.instrumentation import Handler
from testing.lambda_context import FakeContext

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

AGENTS = [manifest.agent_id for manifest in all_manifests()]
WAITING: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
Invoke = Callable[[Handler, dict[str, Any]], FunctionAnswer]


def invoke(worker: Handler, event: dict[str, Any], context: FakeContext | None = None) -> FunctionAnswer:
    """One call as Lambda makes it; a worker that raises is an answer, too."""
    try:
        answer = worker(event, cast("LambdaContext", context or FakeContext(remaining_ms=60_000)))
    except Exception:  # noqa: BLE001  # whatever a function raises, Lambda goes on
        return FunctionAnswer(b"", Failure.HANDLER)
    return FunctionAnswer(json.dumps(answer).encode())


def killed(worker: Handler, event: dict[str, Any]) -> FunctionAnswer:
    """A call whose work is done and whose process is gone before it could say so."""
    invoke(worker, event)
    return FunctionAnswer(b"", Failure.CRASHED)


def counted(output: str, metric: str) -> int:
    """The sum of a metric over the functions' output."""
    blobs = [json.loads(line) for line in output.splitlines() if f'"{metric}":' in line]
    return int(sum(sum(blob[metric]) for blob in blobs))


class House:
    """Queues, dead-letter queues, a table, and both workers, for this test only."""

    def __init__(self, template: Template, clients: Clients, session: boto3.Session, patch: pytest.MonkeyPatch) -> None:
        self._session = session
        self._handlers: list[tuple[str, Callable[..., Any]]] = []
        self._clients = clients
        self.sqs = clients.sqs
        self.dynamodb = clients.dynamodb
        mark = secrets.token_hex(3)
        self.queues = {name: _renamed(queue, mark) for name, queue in template.queues.items()}
        self.table = f"{mark}-AgentOutputsTable"
        table = replace(template.tables["AgentOutputsTable"], name=self.table)
        queues = {queue.name: queue for queue in self.queues.values()}
        create_resources(clients, Template(queues=queues, tables={table.name: table}))
        self.sent: dict[str, Message] = {}
        self.jobs: dict[str, Job] = {}
        self.workers: dict[str, Handler] = {}
        patch.setattr(boto3, "DEFAULT_SESSION", session)
        # How long the client would wait between its attempts is not what any test is about.
        patch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0.0)
        patch.setenv("COMPUTE_QUEUE_URL", self.queues[JOBS].url)
        patch.setenv("AGENT_OUTPUTS_TABLE", self.table)

    def on(self, event: str, handler: Callable[..., Any]) -> None:
        """Let something happen at one of botocore's events in the workers' clients."""
        self._session.events.register(event, handler)
        self._handlers.append((event, handler))

    def close(self) -> None:
        """Remove the faults; a new session for every test would take most of its time."""
        for event, handler in self._handlers:
            self._session.events.unregister(event, handler)

    def refuse(self, operation: str, times: int, *, status: int = 400, code: str = "ThrottlingException") -> None:
        """Have the first calls of an operation refused, as `dynamodb.PutItem`."""
        left = times

        def answer(request: Any, **_: object) -> Any:
            nonlocal left
            if left == 0:
                return None
            left -= 1
            return faults.refusal(request.url, status, code)

        self.on(f"before-send.{operation}", answer)

    def worker(self, queue: str) -> Handler:
        """The function behind a queue, as bootstrap composes it."""
        if queue not in self.workers:
            compose = {SNAPSHOTS: precompute_worker.handler, JOBS: compute_worker.handler}
            self.workers[queue] = compose[queue]()
        return self.workers[queue]

    def send(self, queue: str, *bodies: object, poison: bool = False) -> list[str]:
        """Send bodies, text as it stands and anything else as JSON; their message ids."""
        ids = []
        for body in bodies:
            text = body if isinstance(body, str) else json.dumps(body)
            message_id = self.sqs.send_message(QueueUrl=self.queues[queue].url, MessageBody=text)["MessageId"]
            fields = body if isinstance(body, dict) else {}
            user, version = ("", 0) if poison else (fields["user_id"], fields["snapshot_version"])
            if queue == SNAPSHOTS or poison:
                self.sent[message_id] = Message(queue, "", text, user, version)
            ids.append(message_id)
        return ids

    def receive(self, queue: str) -> Sequence["MessageTypeDef"]:
        """Up to ten messages, which are then out of sight; jobs among them are noted."""
        answer = self.sqs.receive_message(
            QueueUrl=self.queues[queue].url,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages = answer.get("Messages", [])
        if queue == JOBS:
            for message in messages:
                self._note_job(message)
        return messages

    def deliver(self, queue: str, how: Invoke = invoke) -> list[str] | None:
        """One batch to the worker; the ids that failed, which can be received again, or None without a message."""
        messages = self.receive(queue)
        if not messages:
            return None
        answer = how(self.worker(queue), build_event(messages, self.queues[queue]))
        failed = failed_ids(answer, [message["MessageId"] for message in messages], partial_failures=True)
        self.give_back(queue, [message for message in messages if message["MessageId"] in failed])
        self._delete(queue, [message for message in messages if message["MessageId"] not in failed])
        return [message["MessageId"] for message in messages if message["MessageId"] in failed]

    def give_back(self, queue: str, messages: Sequence["MessageTypeDef"]) -> None:
        """Let messages be received again, as after their visibility timeout."""
        entries: Any = [{**entry, "VisibilityTimeout": 0} for entry in _entries(messages)]
        if entries:
            self.sqs.change_message_visibility_batch(QueueUrl=self.queues[queue].url, Entries=entries)

    def drain(self, how: Invoke = invoke) -> None:
        """Deliver until nothing can be received any more."""
        while any(self.deliver(queue, how) is not None for queue in (SNAPSHOTS, JOBS)):
            pass

    def rows(self) -> dict[Key, dict[str, Any]]:
        """The table, withdrawals included."""
        rows = [from_item(item, json_fields=JSON_FIELDS) for item in self.dynamodb.scan(TableName=self.table)["Items"]]
        return {(row["user_id"], row["agent_id"]): row for row in rows}

    def dead(self, queue: str) -> list[DeadLetter]:
        """The dead letters of a queue; looking at them does not change them."""
        letters: list[DeadLetter] = []
        url = self.queues[DEAD_LETTER_QUEUES[queue]].url
        seen: list[str] = []
        while messages := self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["ApproximateReceiveCount"]
        ).get("Messages", []):
            for message in messages:
                deliveries = int(message["Attributes"]["ApproximateReceiveCount"]) - 1
                letters.append(DeadLetter(message["MessageId"], queue, message["Body"], deliveries))
                seen.append(message["ReceiptHandle"])
        for receipt in seen:
            self.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)
        return letters

    def judge(self, *newest: dict[str, Any]) -> AuditResult:
        """The audit of everything, where these are the users' newest snapshots."""
        expectation = Expectation()
        expected = {
            (snapshot["user_id"], agent): row
            for snapshot in newest
            for agent, row in expectation.rows(json.dumps(snapshot)).items()
        }
        expectation.close()
        waiting = {}
        for queue in (SNAPSHOTS, JOBS):
            answer = self.sqs.get_queue_attributes(QueueUrl=self.queues[queue].url, AttributeNames=WAITING)
            waiting[queue] = sum(int(count) for count in answer["Attributes"].values())
        dead = [letter for queue in (SNAPSHOTS, JOBS) for letter in self.dead(queue)]
        jobs = [job for message_id, job in self.jobs.items() if message_id not in self.sent]
        return audit(Remains(self.sent, jobs, self.rows(), dead, waiting), expected, AGENTS)

    def _delete(self, queue: str, messages: Sequence["MessageTypeDef"]) -> None:
        entries: Any = _entries(messages)
        if entries:
            self.sqs.delete_message_batch(QueueUrl=self.queues[queue].url, Entries=entries)

    def _note_job(self, message: "MessageTypeDef") -> None:
        if message["MessageId"] not in self.sent:
            body = json.loads(message["Body"])
            key = (body["user_id"], body["agent_id"])
            self.jobs[message["MessageId"]] = Job(message["MessageId"], key, body["snapshot_version"])


def _entries(messages: Sequence["MessageTypeDef"]) -> list[dict[str, str]]:
    return [{"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]} for place, message in enumerate(messages)]


def _renamed(queue: TemplateQueue, mark: str) -> TemplateQueue:
    name = f"{mark}-{queue.name}"
    target = queue.dead_letter_queue and f"{mark}-{queue.dead_letter_queue}"
    return replace(queue, name=name, url=queue.url.replace(queue.name, name), dead_letter_queue=target)
