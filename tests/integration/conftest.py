"""Functions, templates and whole systems to try the local machine with."""

import asyncio
import textwrap
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from local.deployment.template import Function
from local.system import LocalSystem

FunctionFactory = Callable[..., Function]
Until = Callable[[Callable[[], object]], Awaitable[None]]
DEADLINE_S = 20.0


@pytest.fixture(scope="session")
def system() -> Iterator[LocalSystem]:
    """The product itself, as `make run` starts it, on free ports and with the stand-in model."""
    with LocalSystem() as running:
        yield running


@pytest.fixture
def make_function(tmp_path: Path) -> FunctionFactory:
    """Write a handler and describe the function that holds it."""

    def make(source: str, *, timeout: float = 20, environment: dict[str, str] | None = None) -> Function:
        folder = tmp_path / "function"
        folder.mkdir(exist_ok=True)
        (folder / "app.py").write_text(textwrap.dedent(source))
        return Function("TryFunction", folder, "app.handler", timeout, 256, "python3.13", environment or {})

    return make


@pytest.fixture
def until() -> Until:
    """Wait in a coroutine until something holds."""

    async def wait(holds: Callable[[], object]) -> None:
        end = time.monotonic() + DEADLINE_S
        while not holds():
            assert time.monotonic() < end, "it did not come to hold in time"
            await asyncio.sleep(0.01)

    return wait


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Wait until something holds."""

    def wait(holds: Callable[[], object]) -> None:
        end = time.monotonic() + DEADLINE_S
        while not holds():
            assert time.monotonic() < end, "it did not come to hold in time"
            time.sleep(0.02)

    return wait
