"""Served tips and feedback out of MLflow: the reader on a fake server, which tests/mlflow asks of a real one."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from oo.bootstrap.settings import TraceSettings
from oo.contract.shown_ids import hashed
from operations.aws_lookup import NotPossible
from operations.experiment.served_tips import ServedTip
from operations.experiment.traced_tips import PAGE, TracedTips
from testing.fake_mlflow import EXPERIMENT as FOUND
from testing.fake_mlflow import http_answer
from testing.for_each import for_each
from testing.free_port import free_port
from testing.raw_server import Connection, serving
from testing.traced_tips import ALICE, BOB, EXPERIMENT, PLANTED, PlantedTrace, expected, ordered

MISSING = b'{"error_code": "RESOURCE_DOES_NOT_EXIST"}'


def shown(trace: PlantedTrace) -> dict[str, Any]:
    """A trace as MLflow 3.17.2 returns it from a search."""
    cost = json.dumps({"input_cost": 0.003, "output_cost": 0.001, "total_cost": trace.cost_usd})
    return {
        "trace_id": f"tr-{trace.serve_id}",
        "request_time": "2026-03-12T09:00:00Z",
        "execution_duration": "1.250s",
        "state": "ERROR" if trace.has_failed else "OK",
        "trace_metadata": ({"mlflow.trace.user": hashed(trace.user)} if trace.user else {})
        | ({"mlflow.trace.cost": cost} if trace.cost_usd is not None else {}),
        "tags": {"mlflow.traceName": "recommend", "serve_id": trace.serve_id, **trace.tags},
        **({"assessments": [assessment(*each) for each in trace.assessments]} if trace.assessments else {}),
    }


def assessment(name: str, kind: str, source: str, value: object, metadata: Mapping[str, str]) -> dict[str, Any]:
    known = hashed(source) if source in (ALICE, BOB) else source
    return {
        "assessment_id": f"a-{name}-{source}",
        "assessment_name": name,
        "source": {"source_type": kind, "source_id": known},
        "feedback": {"value": value},
        "metadata": metadata,
        "valid": True,
    }


@dataclass
class SearchedServer:
    """Finds traces by the tag `experiment`, so many at once; `answer` is that to all requests, `found` to searches."""

    traces: list[dict[str, Any]]
    page: int = PAGE
    answer: bytes | None = None
    found: bytes | None = None
    searches: list[dict[str, Any]] = field(default_factory=list)

    def serve(self, connection: Connection) -> None:
        while connection.request():
            connection.send(self.answer or self._found(connection))

    def _found(self, connection: Connection) -> bytes:
        if connection.head.startswith(b"GET /api/2.0/mlflow/experiments/get-by-name?"):
            return http_answer(FOUND)
        assert connection.head.startswith(b"POST /api/3.0/mlflow/traces/search ")
        if self.found is not None:
            return http_answer(self.found)
        body = json.loads(connection.body)
        self.searches.append(body)
        named = re.fullmatch(r"tags\.experiment = '([a-z0-9-]+)'", body["filter"])
        assert named is not None
        found = [trace for trace in self.traces if trace["tags"].get("experiment") == named[1]]
        start = int(body.get("page_token", 0))
        end = start + min(self.page, body["max_results"])
        more = {"next_page_token": str(end)} if end < len(found) else {}
        # Without a trace, a page is an empty object.
        return http_answer(json.dumps(({"traces": found[start:end]} if found else {}) | more).encode())


@contextmanager
def reader(server: SearchedServer) -> Iterator[TracedTips]:
    with serving(server.serve) as listening:
        yield TracedTips(TraceSettings(mlflow_tracking_uri=listening.url))


@pytest.mark.parametrize("page", [1, 2, 500])
def test_the_planted_traces_are_read(page: int) -> None:
    """Of failed requests, of other experiments and of other traces, none; page by page."""
    server = SearchedServer([shown(trace) for trace in PLANTED], page)
    with reader(server) as traced:
        found = list(traced.records(EXPERIMENT))

    assert ordered(found) == expected({name: hashed(name) for name in (ALICE, BOB)})
    assert {each.latency_ms for each in found if isinstance(each, ServedTip)} == {1250}
    assert {search["max_results"] for search in server.searches} == {500}


def test_an_unknown_experiment_has_no_records() -> None:
    """Neither where MLflow has no trace of it, nor where MLflow's own experiment is not there."""
    with reader(SearchedServer([shown(trace) for trace in PLANTED])) as traced:
        assert list(traced.records("tone-9")) == []
    with reader(SearchedServer([], answer=http_answer(MISSING, "404 Not Found"))) as traced:
        assert list(traced.records(EXPERIMENT)) == []


@for_each("part", ["traces", "tags", "trace_metadata", "assessments", "source", "feedback", "metadata"])
@for_each("value", [None, "x", 7, [], ["x"], {}, {"value": {}}, {"dwell_ms": []}])
def test_a_part_of_another_shape_is_left_out(part: str, value: object) -> None:
    """Other versions of MLflow, and other writers of assessments, may differ."""
    trace = shown(PLANTED[0])
    first = trace["assessments"][0]
    (first if part in first else trace)[part] = value
    page = {"traces": value if part == "traces" else [trace, None, "x"]}
    with reader(SearchedServer([], found=json.dumps(page).encode())) as traced:
        found = list(traced.records(EXPERIMENT))

    assert {each.serve_id for each in found} <= {PLANTED[0].serve_id}


@pytest.mark.parametrize("status", ["401 Unauthorized", "503 Service Unavailable"])
def test_a_server_that_refuses_is_one_sentence(status: str) -> None:
    with reader(SearchedServer([], answer=http_answer(b"", status))) as traced:  # noqa: SIM117  # the reader first
        with pytest.raises(NotPossible, match=rf"^MLflow refused \({status[:3]}\)"):
            list(traced.records(EXPERIMENT))


def test_a_server_that_does_not_answer_is_one_sentence() -> None:
    traced = TracedTips(TraceSettings(mlflow_tracking_uri=f"http://127.0.0.1:{free_port()}"))

    with pytest.raises(NotPossible, match=r"^MLflow does not answer \(refused\): check MLFLOW_TRACKING_URI"):
        list(traced.records(EXPERIMENT))
