"""A user's traces at an MLflow server: found by pseudonym, deleted page by page."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from oo.bootstrap.settings import TraceSettings
from operations.aws_lookup import NotPossible
from operations.traces import Traces
from testing.fake_mlflow import EXPERIMENT, http_answer
from testing.free_port import free_port
from testing.raw_server import Connection, serving

MISSING = b'{"error_code": "RESOURCE_DOES_NOT_EXIST"}'
MINE, OTHERS = "a" * 32, "b" * 32


@dataclass
class TraceServer:
    """Keeps the pseudonym of each trace. `page` is the most that it gives at once."""

    traces: dict[str, str]
    page: int = 2
    experiment: bytes = http_answer(EXPERIMENT)
    deletes: bool = True
    url: str = ""
    heads: list[bytes] = field(default_factory=list)

    def serve(self, connection: Connection) -> None:
        while connection.request():
            self.heads.append(connection.head)
            connection.send(self._answer(connection))

    def _answer(self, connection: Connection) -> bytes:
        if connection.head.startswith(b"GET /api/2.0/mlflow/experiments/get-by-name?"):
            return self.experiment
        body = json.loads(connection.body)
        if connection.head.startswith(b"POST /api/3.0/mlflow/traces/search "):
            user = body["filter"].removeprefix("metadata.`mlflow.trace.user` = '").removesuffix("'")
            found = [name for name, owner in self.traces.items() if owner == user][: self.page]
            return http_answer(
                json.dumps({"traces": [{"trace_id": name, "assessments": [{}]} for name in found]}).encode()
            )
        assert connection.head.startswith(b"POST /api/2.0/mlflow/traces/delete-traces ")
        gone = [self.traces.pop(name) for name in body["request_ids"] if self.deletes]
        return http_answer(json.dumps({"traces_deleted": len(gone)}).encode())


@contextmanager
def trace_server(server: TraceServer) -> Iterator[Traces]:
    with serving(server.serve) as listening:
        server.url = listening.url
        yield Traces(
            TraceSettings(mlflow_tracking_uri=listening.url, mlflow_tracking_token="t")
        )  # a token of this machine


def test_every_page_of_the_users_traces_goes_and_nobody_elses() -> None:
    """Under each of the pseudonyms; the sign-in is the exporter's."""
    server = TraceServer({f"tr-{place}": MINE for place in range(5)} | {"tr-k": "c" * 32, "tr-o": OTHERS})
    with trace_server(server) as traces:
        assert traces.forget([MINE, "c" * 32]) == (6, 6)

    assert server.traces == {"tr-o": OTHERS}
    assert [head for head in server.heads if b"authorization: Bearer t" not in head] == []


def test_an_experiment_that_is_not_there_has_no_traces() -> None:
    """None is made on the way."""
    server = TraceServer({}, experiment=http_answer(MISSING, "404 Not Found"))
    with trace_server(server) as traces:
        assert traces.forget([MINE]) == (0, 0)

    assert [head for head in server.heads if not head.startswith(b"GET ")] == []
    assert len(server.heads) == 2


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (TraceServer({"tr-1": MINE}, deletes=False), "MLflow still has traces"),
        (TraceServer({}, experiment=http_answer(b"", "401 Unauthorized")), r"MLflow refused \(401\).*TRACKING_TOKEN"),
        (TraceServer({}, experiment=http_answer(b"", "503 Service Unavailable")), r"MLflow refused \(503\)"),
    ],
    ids=["deletes nothing", "refuses", "fails"],
)
def test_a_server_that_keeps_traces_is_named(server: TraceServer, said: str) -> None:
    """The sentence names the remedy."""
    with trace_server(server) as traces, pytest.raises(NotPossible, match=said):
        traces.forget([MINE])


def test_a_server_that_does_not_answer_is_named() -> None:
    """With the cause that tells whom to ask."""
    traces = Traces(TraceSettings(mlflow_tracking_uri=f"http://127.0.0.1:{free_port()}"))

    with pytest.raises(NotPossible, match=r"^MLflow does not answer \(refused\)"):
        traces.forget([MINE])
