"""What a real MLflow server has kept of traces: the bytes of its store, whatever it made of what it was sent."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from local.system import LocalSystem
from tests.fake_llm import FakeModel, fails, says
from tests.integration.planted.canaries import BODY, REPLY, SECRETS, SNIPPETS, Canary, shown_in
from tests.mlflow_server import eventually, mlflow_client, running

PROTOCOLS = ("otlp", "client")
TRACES = 7
"""Four requests, a fan-out, and an inference and a computation of its one job."""


@dataclass(frozen=True)
class Kept:
    """What a server has stored of the traces of both protocols."""

    content: str
    stored: bytes


@pytest.fixture(scope="module", params=["full", "redacted"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, model: FakeModel) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    with running(folder, f"sqlite:///{folder}/store.db") as server:
        for number, protocol in enumerate(PROTOCOLS, start=1):
            variables = {
                "LITELLM_API_KEY": Canary.KEY,
                "LITELLM_URL": model.url,
                "MLFLOW_TRACE_PROTOCOL": protocol,
                "MLFLOW_TRACKING_URI": server,
                "TRACE_CONTENT": request.param,
            }
            with LocalSystem(environment=variables) as system:
                use(system, model)
                eventually(partial(has_traces, server, number * TRACES))
    return Kept(request.param, b"".join(path.read_bytes() for path in files(folder)))


def use(system: LocalSystem, model: FakeModel) -> None:
    """Each operation once, and a tip that fails, with canaries in them."""
    model.plan(Canary.USER, says(json.dumps(REPLY | {"candidates": [REPLY]})))
    model.plan("unlucky", fails(400, message=Canary.UPSTREAM))
    who = {"user_id": Canary.USER}
    for user in (Canary.USER, "unlucky"):
        system.http.post("/recommend", json={"user_id": user, "agent_outputs": SNIPPETS, **BODY})
    system.http.post("/agents/deadline-pressure/compute", json=who | BODY)
    system.http.post("/agents/deadline-pressure/infer", json=who | BODY)
    snapshot = who | BODY | {"agent_ids": ["deadline-pressure"]}
    system.aws.sqs.send_message(QueueUrl=system.queue_url("PrecomputeQueue"), MessageBody=json.dumps(snapshot))


def has_traces(server: str, number: int) -> bool:
    """Whether the server can find that many."""
    client = mlflow_client(server)
    experiment = client.get_experiment_by_name("oO/serving")
    return experiment is not None and len(client.search_traces(locations=[experiment.experiment_id])) >= number


def files(folder: Path) -> Iterator[Path]:
    """The server's database and what it keeps beside it."""
    yield from (path for path in folder.rglob("*") if path.is_file() and path.name != "server.log")


def test_a_store_keeps_content_only_where_it_was_sent(kept: Kept) -> None:
    """Redacted, none of it; in full, what users and the model wrote, and no secret in either case."""
    shown = shown_in(kept.stored)

    assert shown & SECRETS == set()
    if kept.content == "redacted":
        assert shown == set()
    else:
        assert shown >= {Canary.USER, Canary.TITLE, Canary.SNIPPET, Canary.REPLY}
