"""Endpoint and worker of feedback in this process, with queues in memory and an MLflow server."""

import io
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from local.system import LocalSystem
from oo.bootstrap.exporters import mlflow_server
from oo.bootstrap.feedback import ENDPOINT
from oo.bootstrap.settings import TraceSettings
from oo.contract.shown_ids import hashed
from oo.errors import FeedbackUnavailable
from oo.feedback.assessment_store import AssessmentStore
from oo.feedback.receiver import FeedbackReceiver
from oo.feedback.records import newest_of_each, read_feedback
from oo.feedback.worker import FeedbackDeadLetters, FeedbackWorker
from oo.runtime.http_gateway import HttpGateway
from oo.runtime.sqs_batch import SqsBatch
from oo.telemetry.instrumentation import Shim
from oo.telemetry.logs import make_logger, make_metrics
from oo.telemetry.spans import Trace
from testing.entries import invoke
from testing.fake_mlflow import FakeMlflow, fake_mlflow
from testing.http_events import http_event
from testing.sqs_events import sqs_event, sqs_record

NOW = datetime(2026, 3, 12, 12, 5, tzinfo=UTC)
SERVED = "0bff8def915684475846643a4708a1c3"
USER = "user-7 of the feedback"
COMMENT = "my secret words"


class MemoryQueue:
    """Stores the bodies; with `is_down` it accepts none."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.is_down = False

    def send(self, body: str) -> None:
        if self.is_down:
            raise FeedbackUnavailable("EndpointConnectionError")
        self.bodies.append(body)


class _Traces:
    """Receives finished traces as the exporters do."""

    def __init__(self) -> None:
        self.taken: list[Trace] = []

    @contextmanager
    def invocation(self, request_id: str) -> Iterator[None]:
        yield

    def hand_over(self, trace: Trace) -> None:
        self.taken += [trace] if trace.spans else []


class Feedback:
    """The endpoint and the worker, which calls the MLflow at `url`; `now` is the worker's clock."""

    def __init__(self, url: str = "", *, ratio: float = 1, keeps_comments: bool = True) -> None:
        self.mlflow: FakeMlflow | None = None
        self.queue, self.dead_letters = MemoryQueue(), MemoryQueue()
        self.log, self.now = io.StringIO(), NOW
        self.pseudonym: Any = hashed
        self._traces = _Traces()
        logger, metrics = make_logger(self.log, secrets.token_hex(4)), make_metrics()
        shim = Shim(logger, metrics, self._traces)
        receiver = FeedbackReceiver(self.queue, logger, self._name, keeps_comments=keeps_comments)
        self._api = HttpGateway(shim, ENDPOINT, receiver.receive, llm_budget_s=25).handler
        self.server = mlflow_server(TraceSettings(mlflow_tracking_uri=url)) if url else None
        store = AssessmentStore(self.server) if self.server else None
        self._worker = SqsBatch(
            shim,
            read_feedback,
            FeedbackWorker(store, ratio, self._name, metrics, keeps_comments).run,
            clock=lambda: self.now,
            select=newest_of_each,
            give_up=FeedbackDeadLetters(self.dead_letters, metrics).take,
        ).handler

    def _name(self, user_id: str) -> str | None:
        name: str | None = self.pseudonym(user_id)
        return name

    @property
    def traces(self) -> list[Trace]:
        """The traces of jobs."""
        return self._traces.taken

    def post(self, **fields: Any) -> tuple[int, dict[str, Any]]:
        """Status and body of the endpoint's response."""
        answer = invoke(self._api, http_event("POST", "/feedback", said(**fields)))
        return answer["statusCode"], json.loads(answer["body"])

    def deliver(
        self, *bodies: object, times: int = 1, age: timedelta = timedelta(seconds=5), **context: Any
    ) -> list[str]:
        """Process one batch; returns the numbers of the records to deliver again."""
        sent_ms = int((self.now - age).timestamp() * 1000)
        records = [
            sqs_record(body, str(place), receive_count=times, sent_ms=sent_ms) for place, body in enumerate(bodies)
        ]
        answer = invoke(self._worker, sqs_event(*records), **context)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    @property
    def assessments(self) -> list[dict[str, Any]]:
        """The assessments in MLflow."""
        assert self.mlflow is not None
        return list(self.mlflow.assessments.rows.values())

    @property
    def values(self) -> dict[str, float]:
        """The values of one tip's assessments, by name."""
        return {row["assessment_name"]: row["feedback"]["value"] for row in self.assessments}

    def lines(self, event: str) -> list[dict[str, Any]]:
        """The log's lines of one event."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in lines if line["message"] == event]


@contextmanager
def feedback_before(url: str, **options: Any) -> Iterator[Feedback]:
    """A scene with a given server."""
    feedback = Feedback(url, **options)
    yield feedback
    assert feedback.server is not None
    feedback.server.close()


@contextmanager
def feedback_before_mlflow(**options: Any) -> Iterator[Feedback]:
    """A scene with a fake server that has the trace of SERVED."""
    with fake_mlflow() as mlflow:
        mlflow.landed.add(SERVED)
        with feedback_before(mlflow.url, **options) as feedback:
            feedback.mlflow = mlflow
            yield feedback


def said(**fields: Any) -> dict[str, Any]:
    """A body of the endpoint."""
    return {"user_id": USER, "serve_id": SERVED, "action": "helpful", **fields}


def queued(**fields: Any) -> dict[str, Any]:
    """A message as the endpoint queues it; `minute` is that of its time."""
    minute = fields.pop("minute", 5)
    return said(created_at=f"2026-03-12T12:{minute:02}:00Z", **fields)


def counted(output: str, name: str) -> float:
    """The sum of one metric in the output of calls."""
    blobs = [json.loads(line) for line in output.splitlines() if '"_aws"' in line]
    return sum(sum(blob[name]) for blob in blobs if name in blob)


def messages(system: LocalSystem, queue: str) -> int:
    """Messages of the local system's queue that are waiting or in progress."""
    counts = system.aws.sqs.get_queue_attributes(QueueUrl=system.queue_url(queue), AttributeNames=["All"])["Attributes"]
    return (
        int(counts["ApproximateNumberOfMessages"])
        + int(counts["ApproximateNumberOfMessagesDelayed"])
        + int(counts["ApproximateNumberOfMessagesNotVisible"])
    )
