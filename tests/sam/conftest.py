"""`sam local` on the built artifacts, beside the local system's model, queues and table."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.deployment.environment import AWS_CREDENTIALS, ROOT
from local.system import LocalSystem
from testing.free_port import free_port

SAM = ROOT / ".venv-sam" / "bin" / "sam"
IMAGE = "public.ecr.aws/lambda/python:3.13-x86_64"
CONTAINER_TIMEOUT_S = 120
START_TIMEOUT_S = 120

Invoke = Callable[[str, Path], Any]


@pytest.fixture(scope="session")
def system() -> Iterator[LocalSystem]:
    """The parts that the containers reach, at the host's address in Docker's bridge network."""
    with LocalSystem(environment={"CONTAINER_BRIDGE": host_address()}) as running:
        yield running


def host_address() -> str:
    """The address of this machine as a container sees it."""
    hosts = subprocess.run(
        ["docker", "run", "--rm", "--add-host", "here:host-gateway", "--entrypoint", "cat", IMAGE, "/etc/hosts"],  # noqa: S607  # any Docker on the path
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return next(line.split()[0] for line in hosts.splitlines() if line.endswith("here"))


@pytest.fixture(scope="session")
def options(system: LocalSystem, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options that samconfig.toml gives, with this system's ports in place of the fixed ones."""
    text = (ROOT / "local" / "sam-local.json").read_text()
    for fixed, free in ((":3001", system.aws_endpoint), (":3002", system.model_url)):
        text = text.replace(fixed, f":{free.rpartition(':')[2]}")
    path = tmp_path_factory.mktemp("sam") / "variables.json"
    path.write_text(text)
    return ["--env-vars", str(path), "--skip-pull-image"]


@pytest.fixture(scope="session")
def sam_environment(system: LocalSystem) -> dict[str, str]:
    """Invalid credentials, and the local AWS for sam's own request at each start: the caller's identity."""
    return {
        **os.environ,
        **AWS_CREDENTIALS,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": system.aws_endpoint,
        "SAM_CLI_TELEMETRY": "0",
    }


@pytest.fixture(scope="session")
def invoke(options: list[str], sam_environment: dict[str, str]) -> Invoke:
    """`sam local invoke`: the function's response."""

    def run(function: str, event: Path) -> Any:
        done = subprocess.run(
            [str(SAM), "local", "invoke", function, "--event", str(event), *options],
            cwd=ROOT,
            env=sam_environment,
            capture_output=True,
            text=True,
            timeout=CONTAINER_TIMEOUT_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture(scope="session")
def api(options: list[str], sam_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`sam local start-api`: its base URL."""
    port, log = free_port(), tmp_path_factory.mktemp("api") / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(SAM), "local", "start-api", "--port", str(port), "--warm-containers", "LAZY", *options],
            cwd=ROOT,
            env=sam_environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_take_interrupts,  # noqa: PLW1509  # no other thread has begun
        )
    try:
        url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + START_TIMEOUT_S
        while not _answers(url):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield url
    finally:
        # An interrupt is what makes it take its containers down.
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _take_interrupts() -> None:
    """Accept interrupts: a background job of a shell ignores them, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=CONTAINER_TIMEOUT_S).status_code < 600
    except httpx.HTTPError:
        return False
