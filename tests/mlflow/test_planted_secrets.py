"""The traces that a real MLflow server has kept: the bytes of its store."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from local.system import LocalSystem
from testing.canaries import BODY, REPLY, SECRETS, SNIPPETS, Canary, shown_in
from testing.fake_llm import FakeModel, fails, says
from testing.mlflow_server import eventually, mlflow_client, running
from testing.part_of_template import part_of_template

PATIENCE_S = 20.0
TRIES = 4
"""Together they outlast the minute in which a service leaves a server alone whose first export was too slow."""

PROTOCOLS = ("otlp", "client")
NAMED = "deadline-pressure"
FUNCTIONS = ("RecommendFunction", "ComputeFunction", "InferFunction", "PrecomputeFunction", "ComputeWorkerFunction")
ROOTS = {
    ("recommend", "OK"),
    ("recommend", "ERROR"),
    (f"compute:{NAMED}", "OK"),
    (f"infer:{NAMED}", "OK"),
    ("precompute", "OK"),
}
"""Names and states of the traces that each protocol has to bring; what a busy machine loses is sent again."""


@dataclass(frozen=True)
class Kept:
    """The stored traces of both protocols."""

    content: str
    stored: bytes


@pytest.fixture(scope="module", params=["full", "redacted"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, model: FakeModel) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    template = part_of_template(folder, functions=FUNCTIONS)
    with running(folder, f"sqlite:///{folder}/store.db") as server:
        for protocol in PROTOCOLS:
            variables = {
                "LITELLM_API_KEY": Canary.KEY,
                "LITELLM_URL": model.url,
                "MLFLOW_EXPERIMENT_NAME": protocol,
                "MLFLOW_TRACE_PROTOCOL": protocol,
                "MLFLOW_TRACKING_URI": server,
                "TRACE_CONTENT": request.param,
            }
            with LocalSystem(environment=variables, template=template) as system:
                use_until(partial(has_roots, server, protocol), system, model)
    return Kept(request.param, b"".join(path.read_bytes() for path in files(folder)))


def use(system: LocalSystem, model: FakeModel) -> None:
    """Each operation once, and a tip that fails, with canaries in them."""
    model.plan(Canary.USER, says(json.dumps(REPLY | {"candidates": [REPLY]})))
    model.plan("unlucky", fails(400, message=Canary.UPSTREAM))
    who = {"user_id": Canary.USER}
    for user in (Canary.USER, "unlucky"):
        system.http.post("/recommend", json={"user_id": user, "agent_outputs": SNIPPETS, **BODY})
    system.http.post(f"/agents/{NAMED}/compute", json=who | BODY)
    system.http.post(f"/agents/{NAMED}/infer", json=who | BODY)
    snapshot = who | BODY | {"agent_ids": [NAMED]}
    system.aws.sqs.send_message(QueueUrl=system.queue_url("PrecomputeQueue"), MessageBody=json.dumps(snapshot))


def use_until(holds: Callable[[], object], system: LocalSystem, model: FakeModel) -> None:
    """Use the system once more whenever something did not come to hold."""
    for _ in range(TRIES):
        use(system, model)
        with suppress(AssertionError):
            return eventually(holds, PATIENCE_S)
    use(system, model)
    return eventually(holds)


def has_roots(server: str, experiment_name: str) -> bool:
    """Whether the server can find all traces that the protocol has to send."""
    client = mlflow_client(server)
    experiment = client.get_experiment_by_name(experiment_name)
    if experiment is None:
        return False
    found = client.search_traces(locations=[experiment.experiment_id])
    return ROOTS.issubset((trace.info.tags.get("mlflow.traceName"), trace.info.state.value) for trace in found)


def files(folder: Path) -> Iterator[Path]:
    """The files of the server: its database and its artifacts."""
    yield from (path for path in folder.rglob("*") if path.is_file() and path.name != "server.log")


def test_a_store_keeps_content_only_where_it_was_sent(kept: Kept) -> None:
    """Redacted traces have no content, full ones the texts of users and of the model; neither has a secret."""
    shown = shown_in(kept.stored)

    assert shown & SECRETS == set()
    if kept.content == "redacted":
        assert shown == set()
    else:
        assert shown >= {Canary.USER, Canary.TITLE, Canary.SNIPPET, Canary.REPLY}
