"""A fake MLflow server for this service: experiments, traces over OTLP, assessments, and planned faults."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from testing.fake_assessments import AssessmentTable, is_about_assessments
from testing.raw_server import Connection, serving

VERSION = b"3.17.2"
Answer = Callable[[Connection], None]

EXPERIMENT = json.dumps({"experiment": {"experiment_id": "7", "lifecycle_stage": "active"}}).encode()


@dataclass(frozen=True)
class Export:
    """One received trace: its spans' names, and the root's text attributes by name.

    Times are in seconds since 1970: the request had arrived, the response was being sent.
    """

    trace_id: str
    spans: tuple[str, ...]
    texts: dict[str, str]
    arrived_at: float
    answered_at: float


@dataclass
class FakeMlflow:
    """A server; `answer` is the response to every request, None that of a healthy server, each after `delay_s`.

    With `closes`, each response about assessments closes its connection.
    """

    url: str = ""
    answer: Answer | None = None
    delay_s: float = 0.0
    closes: bool = False
    requests: int = 0
    exports: list[Export] = field(default_factory=list)
    infos: list[dict[str, Any]] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    assessments: AssessmentTable = field(default_factory=AssessmentTable)
    landed: set[str] = field(default_factory=set)
    """Ids of stored traces in addition to the exported ones."""

    @property
    def trace_ids(self) -> list[str]:
        """The ids of the received traces, in their order."""
        return [export.trace_id for export in self.exports]

    def serve(self, connection: Connection) -> None:
        """Play one connection."""
        while connection.request():
            self.requests += 1
            self.asked.set()
            self.reply(connection)

    def reply(self, connection: Connection) -> None:
        """Answer the request that was read last."""
        arrived_at = time.time()
        connection.wait(self.delay_s)
        if self.answer is not None:
            self.answer(connection)
        elif connection.head.startswith(b"POST /v1/traces "):
            self.exports.extend(_exports(connection.body, arrived_at))
            connection.send(http_answer(b"", content_type="application/x-protobuf"))
        elif connection.head.startswith(b"POST /api/3.0/mlflow/traces "):
            trace = json.loads(connection.body)["trace"]
            self.infos.append(trace["trace_info"])
            trace["trace_info"].setdefault("tags", {})["mlflow.trace.spansLocation"] = "TRACKING_STORE"
            connection.send(http_answer(json.dumps({"trace": trace}).encode()))
        elif connection.head.startswith(b"GET /version "):
            connection.send(http_answer(VERSION, content_type="text/plain"))
        elif is_about_assessments(connection.head):
            landed = {f"tr-{trace_id}" for trace_id in (*self.trace_ids, *self.landed)}
            status, fields = self.assessments.answer(connection.head, connection.body, landed)
            connection.send(http_answer(json.dumps(fields).encode(), f"{status} Answer", closes=self.closes))
        else:
            connection.send(http_answer(EXPERIMENT))


def http_answer(
    body: bytes,
    status: str = "200 OK",
    *,
    content_type: str = "application/json",
    location: str = "",
    closes: bool = False,
) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"content-type: {content_type}", f"content-length: {len(body)}"]
    more = [f"location: {location}"] * bool(location) + ["connection: close"] * closes
    return "\r\n".join([*lines, *more, "", ""]).encode() + body


@contextmanager
def fake_mlflow(answer: Answer | None = None) -> Iterator[FakeMlflow]:
    """A server for the block's time."""
    server = FakeMlflow(answer=answer)
    with serving(server.serve) as listening:
        server.url = listening.url
        yield server


def _exports(body: bytes, arrived_at: float) -> Iterator[Export]:
    """MLflow's own client may send several traces at once."""
    message = ExportTraceServiceRequest.FromString(body)
    all_spans = [span for group in message.resource_spans for scope in group.scope_spans for span in scope.spans]
    for trace_id in dict.fromkeys(span.trace_id for span in all_spans):
        spans = [span for span in all_spans if span.trace_id == trace_id]
        (root,) = (span for span in spans if not span.parent_span_id)
        yield Export(
            trace_id=trace_id.hex(),
            spans=tuple(span.name for span in spans),
            texts={pair.key: pair.value.string_value for pair in root.attributes if pair.value.string_value},
            arrived_at=arrived_at,
            answered_at=time.time(),
        )
