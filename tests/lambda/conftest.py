"""Built functions in real sandboxes, beside the local system's model, queues and table."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.environment import ROOT, Surroundings
from local.system import LocalSystem
from local.template import load
from tests.emulator import Emulator

Sandbox = Callable[..., Emulator]


@pytest.fixture(scope="session")
def system() -> Iterator[LocalSystem]:
    """What the sandboxes reach: a model, queues and a table."""
    with LocalSystem() as running:
        yield running


@pytest.fixture
def sandbox(system: LocalSystem, tmp_path: Path) -> Iterator[Sandbox]:
    """Start a sandbox of a function by its logical id; it ends with the test."""
    functions = load(ROOT / "template.yaml", aws_endpoint=system.aws_endpoint).functions
    surroundings = Surroundings({"PATH": "/usr/bin:/bin"}, system.aws_endpoint, system.model_url, "local")

    with ExitStack() as running:

        def start(name: str, environment: Mapping[str, str] | None = None) -> Emulator:
            function = functions[name]
            own = {**surroundings.environment(function), **(environment or {})}
            return running.enter_context(Emulator(function, own, tmp_path / f"{name}.log"))

        yield start
