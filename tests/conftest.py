"""Rules of every test: nothing outside of this machine is reached, nothing of this machine's settings is read."""

import gc
import os
import signal
import socket
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from testing.seeds import ALL_SEEDS, examples
from testing.setting_variables import VARIABLES
from testing.worker_shares import ByFileOrSystem, is_begun_late

LOOPBACK = ("127.0.0.1", "::1", "localhost", "")
PREFIXES = ("AWS_", "LITELLM_", "MLFLOW_", "POWERTOOLS_")


class OutsideConnectionError(RuntimeError):
    """A test tried to leave the machine."""


def pytest_configure() -> None:
    """Give the run an environment of its own, before anything reads it."""
    # A worker starts with Ctrl-C blocked (tools/tests.py).
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for name in list(os.environ):
        if name in VARIABLES or name.startswith(PREFIXES) or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ.update(
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
    )
    # How long an example takes says more of the machine's other work than of the code. Few examples are always the
    # same ones, so that a run says something of the last change; all of them are drawn anew each time.
    settings.register_profile(
        "busy machine",
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        max_examples=examples(100),
        derandomize=not os.environ.get(ALL_SEEDS),
    )
    settings.load_profile("busy machine")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave out of each garbage collection what the collected tests and their imports keep for the whole run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests."""
    items.sort(key=lambda item: is_begun_late(item.path))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFileOrSystem:
    """Share the tests out among the workers of `make test`."""
    return ByFileOrSystem(config, log)


@pytest.fixture(scope="session", autouse=True)
def refused_connections() -> Iterator[list[str]]:
    """The outside hosts that were asked for so far; asking raises, too."""
    refused: list[str] = []

    def refuse_outside(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        if name not in LOOPBACK:
            refused.append(name)
            raise OutsideConnectionError(name)

    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def connect_inside(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            refuse_outside(address[0])
        connect(self, address)

    def resolve_inside(host: bytes | str | None, *arguments: Any, **options: Any) -> Any:
        refuse_outside(host)
        return resolve(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_inside)
        patch.setattr(socket, "getaddrinfo", resolve_inside)
        yield refused


@pytest.fixture(autouse=True)
def _leaves_the_machine_alone(refused_connections: list[str]) -> Iterator[None]:
    """Take back changes to the environment, and fail a test that tried to leave the machine.

    MLflow's own client sets MLFLOW_TRACKING_URI for its process. A refused connection counts, too, where the test's
    code took it for an error of the network.
    """
    refused_connections.clear()
    before = dict(os.environ)
    yield
    if dict(os.environ) != before:
        os.environ.clear()
        os.environ.update(before)
    assert not refused_connections
