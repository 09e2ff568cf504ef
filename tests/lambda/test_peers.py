"""The handlers that the benchmark compares with, as built: each does the work that it is measured for."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks._peers import PEERS
from benchmarks._sandboxes import BESIDE
from local.deployment.environment import ROOT
from local.deployment.template import load
from testing.emulator import Emulator
from testing.fake_llm import TIP, FakeModel, fake_model
from testing.fake_mlflow import fake_mlflow
from testing.sample_events import sample_event

pytestmark = pytest.mark.skipif(
    not all((BESIDE / function).exists() for function in PEERS.values()), reason="`make bench-peers` builds them"
)


@pytest.fixture(params=list(PEERS.values()), ids=list(PEERS))
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Emulator, FakeModel]]:
    """A sandbox of one, with its model."""
    function = load(ROOT / "benchmarks/beside/template.yaml", aws_endpoint="http://x").functions[request.param]
    with fake_model() as model, fake_mlflow() as mlflow:
        neighbours = {"LITELLM_URL": model.url, "LITELLM_API_KEY": "sk-peer", "MLFLOW_TRACKING_URI": mlflow.url}
        own = {"PATH": "/usr/bin:/bin", **function.environment, **neighbours}
        with Emulator(function, own, tmp_path / "log", build=BESIDE) as emulator:
            yield emulator, model


def test_a_tip_is_the_models(peer: tuple[Emulator, FakeModel]) -> None:
    """For one call of the proxy, with the proxy's own name of the model."""
    emulator, model = peer
    answer = emulator.invoke(sample_event("recommend"))
    body = json.loads(answer["body"])

    assert answer["statusCode"] == 200
    assert (body["model"], body["tip"]["content"]) == ("tip-generator", TIP["content"])
    assert model.hits == 1


def test_a_request_without_a_user_is_invalid(peer: tuple[Emulator, FakeModel]) -> None:
    """As for the service: 422, and the model is not asked."""
    emulator, model = peer
    answer = emulator.invoke(sample_event("recommend") | {"body": "{}"})

    assert (answer["statusCode"], model.hits) == (422, 0)
