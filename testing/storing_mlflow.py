"""A fake MLflow server that stores everything: traces with spans and assessments, runs, and registered prompts.

Its responses are those of MLflow 3.17.2, as far as programs of this repository need them; tests/mlflow runs the same
requests on a real one.
"""

import json
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]  # no stubs are installed
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from testing.fake_assessments import AssessmentTable, is_about_assessments
from testing.fake_mlflow import http_answer
from testing.fake_prompt_registry import PromptRegistry
from testing.raw_server import Connection, serving

_TAG = "mlflow.traceTag."
_SINCE = re.compile(r"timestamp_ms >= (\d+)")
_EXPERIMENT_ID = "7"
_API = "/api/2.0/mlflow/"
_REGISTRY = (f"{_API}registered-models/", f"{_API}model-versions/")


@dataclass
class StoringMlflow:
    """A server; `asked` counts requests by verb and path, `answer` is the response to all requests, if set.

    With `hides_assessments` it returns traces without them, as if they had been stored a moment later. `refuses` is a
    path for which it answers 503.
    """

    url: str = ""
    answer: bytes | None = None
    page: int = 500
    hides_assessments: bool = False
    refuses: str = ""
    traces: dict[str, dict[str, Any]] = field(default_factory=dict)
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    experiments: set[str] = field(default_factory=set)
    assessments: AssessmentTable = field(default_factory=AssessmentTable)
    asked: Counter[str] = field(default_factory=Counter)
    filters: list[str] = field(default_factory=list)
    prompts: PromptRegistry = field(default_factory=PromptRegistry)

    @property
    def writes(self) -> int:
        """The requests that changed an assessment, or failed to."""
        return sum(verb != "GET" for verb in self.assessments.asked)

    def serve(self, connection: Connection) -> None:
        """Play one connection."""
        while connection.request():
            connection.send(self.answer or self._reply(connection))

    def _reply(self, connection: Connection) -> bytes:
        verb, target, _ = connection.head.split(b"\r\n")[0].decode().split(" ")
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        self.asked[f"{verb} {path.partition('/tr-')[0]}"] += 1
        if path == self.refuses:
            return http_answer(b"{}", "503 Service Unavailable")
        if is_about_assessments(connection.head):
            status, fields = self.assessments.answer(connection.head, connection.body, set(self.traces))
            return http_answer(json.dumps(fields).encode(), f"{status} Answer")
        if path == "/v1/traces":
            self._take_spans(connection.body)
            return http_answer(b"", content_type="application/x-protobuf")
        body = json.loads(connection.body) if connection.body else {}
        if path.startswith(_REGISTRY):
            status, fields = self.prompts.answer(f"{verb} {path.removeprefix(_API)}", body, query)
            return http_answer(json.dumps(fields).encode(), f"{status} Answer")
        return http_answer(json.dumps(self._fields(f"{verb} {path}", body, query)).encode())

    def _fields(self, asked: str, body: dict[str, Any], query: dict[str, list[str]]) -> dict[str, Any]:
        match asked:
            case "GET /api/2.0/mlflow/experiments/get-by-name":
                self.experiments.update(query["experiment_name"])
                return {"experiment": {"experiment_id": _EXPERIMENT_ID, "lifecycle_stage": "active"}}
            case "POST /api/3.0/mlflow/traces":
                return {"trace": {"trace_info": self._merge(body["trace"]["trace_info"])}}
            case "POST /api/3.0/mlflow/traces/search":
                return self._search(body)
            case "GET /api/3.0/mlflow/traces/batchGet":
                found = [self.traces[each] for each in query["trace_ids"] if each in self.traces]
                return {"traces": [self._told(each) for each in found]}
            case "POST /api/2.0/mlflow/runs/create":
                run_id = f"run-{len(self.runs)}"
                self.runs[run_id] = {"status": "RUNNING", **body}
                return {"run": {"info": {"run_id": run_id}}}
            case "POST /api/2.0/mlflow/runs/log-batch" | "POST /api/2.0/mlflow/runs/update":
                self.runs[body["run_id"]] |= body
                return {}
        raise AssertionError(asked)

    def _take_spans(self, body: bytes) -> None:
        message = ExportTraceServiceRequest.FromString(body)
        for group in message.resource_spans:
            for span in (span for scope in group.scope_spans for span in scope.spans):
                trace = self._trace(f"tr-{span.trace_id.hex()}")
                trace["spans"].append(MessageToDict(span, preserving_proto_field_name=True))
                if not span.parent_span_id:
                    tags = {pair.key: pair.value.string_value for pair in span.attributes if pair.key.startswith(_TAG)}
                    trace["trace_info"]["tags"] |= {key.removeprefix(_TAG): value for key, value in tags.items()}
                    for pair in span.attributes:
                        if pair.key == "user.id":
                            trace["trace_info"]["trace_metadata"]["mlflow.trace.user"] = pair.value.string_value
                    trace["trace_info"]["state"] = (
                        "ERROR" if span.status.code == span.status.STATUS_CODE_ERROR else "OK"
                    )
                    trace["at_ms"] = span.start_time_unix_nano // 10**6

    def _merge(self, sent: dict[str, Any]) -> dict[str, Any]:
        trace = self._trace(sent["trace_id"])
        info: dict[str, Any] = trace["trace_info"]
        for assessment in sent.get("assessments", ()):
            made = f"a-{secrets.token_hex(16)}"
            self.assessments.rows[assessment.get("assessment_id", made)] = {
                **assessment,
                "trace_id": sent["trace_id"],
                "valid": True,
            }
        info["state"] = sent["state"]
        trace["at_ms"] = int(datetime.fromisoformat(sent["request_time"]).timestamp() * 1000)
        for name in ("tags", "trace_metadata"):
            info[name] |= sent.get(name, {})
        info |= {name: sent[name] for name in ("request_preview", "response_preview") if name in sent}
        return info

    def _trace(self, trace_id: str) -> dict[str, Any]:
        info = {"trace_id": trace_id, "state": "IN_PROGRESS", "tags": {}, "trace_metadata": {}}
        return self.traces.setdefault(trace_id, {"trace_info": info, "spans": [], "at_ms": 0})

    def _told(self, trace: dict[str, Any]) -> dict[str, Any]:
        info = trace["trace_info"]
        of_trace = [row for row in self.assessments.rows.values() if row["trace_id"] == info["trace_id"]]
        rows = [] if self.hides_assessments else of_trace
        return {"trace_info": info | ({"assessments": rows} if rows else {}), "spans": trace["spans"]}

    def _search(self, body: dict[str, Any]) -> dict[str, Any]:
        self.filters.append(body["filter"])
        since = _SINCE.search(body["filter"])
        named = re.search(r"tags\.`?([\w.]+)`? = '([^']+)'", body["filter"])
        assert named is not None
        found = [
            trace
            for trace in sorted(self.traces.values(), key=lambda each: -each["at_ms"])
            if trace["trace_info"]["tags"].get(named[1]) == named[2] and trace["at_ms"] >= int(since[1] if since else 0)
        ]
        start = int(body.get("page_token", 0))
        end = start + min(self.page, body["max_results"])
        more = {"next_page_token": str(end)} if end < len(found) else {}
        return {"traces": [self._told(each)["trace_info"] for each in found[start:end]]} | more


@contextmanager
def storing_mlflow(answer: bytes | None = None) -> Iterator[StoringMlflow]:
    """A server for the block's time."""
    server = StoringMlflow(answer=answer)
    with serving(server.serve) as listening:
        server.url = listening.url
        yield server
