"""Functions, templates and whole systems to try the local machine with."""

import asyncio
import textwrap
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from local.deployment.template import Function
from local.system import LocalSystem
from testing.waiting import PATIENCE_S
from testing.waiting import until as wait_until

FunctionFactory = Callable[..., Function]
Until = Callable[[Callable[[], object]], Awaitable[None]]


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
        async with asyncio.timeout(PATIENCE_S):
            while not holds():  # noqa: ASYNC110  # a condition, with a deadline around it
                await asyncio.sleep(0.01)

    return wait


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Wait until something holds."""
    return wait_until
