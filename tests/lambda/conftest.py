"""Built functions in real sandboxes, beside the local system's model, queues and table."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.deployment.environment import ROOT, Surroundings
from local.deployment.template import load
from local.system import LocalSystem
from testing.emulator import Emulator
from testing.fake_llm import FakeModel, fake_model

Sandbox = Callable[..., Emulator]

HOOKS = ROOT / "tests" / "hooks"


@pytest.fixture(scope="session")
def system() -> Iterator[LocalSystem]:
    """The parts that the sandboxes reach: a model, queues and a table."""
    with LocalSystem() as running:
        yield running


@pytest.fixture(scope="session")
def model() -> Iterator[FakeModel]:
    """A model that answers at once, for sandboxes that are given its address."""
    with fake_model() as running:
        yield running


@pytest.fixture
def sandbox(system: LocalSystem, tmp_path: Path) -> Iterator[Sandbox]:
    """Start a sandbox of a function by its logical id; it ends with the test."""
    with sandboxes(system.aws_endpoint, system.model_url, tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def lasting_sandbox(model: FakeModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The same for sandboxes that several tests look at; they have no AWS."""
    with sandboxes("http://127.0.0.1:9", model.url, tmp_path_factory.mktemp("sandboxes")) as start:
        yield start


@contextmanager
def sandboxes(aws_endpoint: str, model_url: str, folder: Path) -> Iterator[Sandbox]:
    """Start sandboxes that end with the block; `changes` are those of the template's function.

    Only a sandbox that is `hooked` sees the modules of tests/hooks. Its layers are those of a deployment with the trace
    protocol in `environment`.
    """
    by_protocol = {
        protocol: load(ROOT / "template.yaml", aws_endpoint=aws_endpoint, parameters={"MlflowTraceProtocol": protocol})
        for protocol in ("otlp", "client")
    }
    surroundings = Surroundings({"PATH": "/usr/bin:/bin"}, aws_endpoint, model_url, "local")

    with ExitStack() as running:

        def start(
            name: str, environment: Mapping[str, str] | None = None, *, hooked: bool = False, **changes: Any
        ) -> Emulator:
            protocol = (environment or {}).get("MLFLOW_TRACE_PROTOCOL", "otlp")
            function = replace(by_protocol[protocol].functions[name], **changes)
            own = {**surroundings.environment(function), **(environment or {})}
            log = folder / f"{name}-{secrets.token_hex(4)}.log"
            return running.enter_context(Emulator(function, own, log, HOOKS if hooked else None))

        yield start
