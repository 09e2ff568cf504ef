"""`python -m local.playground`: the page's server beside a service that runs already."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from local.deployment.environment import LAYER, ROOT, host_basics
from local.playground.__main__ import main
from local.system import LocalSystem
from testing.for_each import for_each
from testing.free_port import free_port
from testing.sample_events import sample_event
from testing.waiting import until


@contextmanager
def playground(**environment: str) -> Iterator["subprocess.Popen[str]"]:
    """The program; ended as Ctrl-C would where the test has not."""
    process = subprocess.Popen(
        [sys.executable, "-m", "local.playground"],
        cwd=ROOT,
        env={**host_basics(os.environ), "PYTHONPATH": f"{LAYER}{os.pathsep}{ROOT}", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def page(system: LocalSystem) -> Iterator[httpx.Client]:
    """A client of the playground's server, which asks the running service."""
    address = f"http://127.0.0.1:{free_port()}"
    with (
        playground(SERVICE_URL=system.base_url, PLAYGROUND_PORT=address.rpartition(":")[2]) as process,
        httpx.Client(base_url=address, timeout=40, trust_env=False) as client,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == f"The playground listens on {address} and calls {system.base_url}\n"
        yield client


@pytest.mark.parametrize("version", ["orchestrator-1", "orchestrator-2"])
def test_a_version_is_asked_and_its_tip_is_judged(page: httpx.Client, version: str) -> None:
    question = {"path": "/recommend", "text": sample_event("recommend")["body"], "version": version, "slider": 20}
    told = page.post("/ask", json=question).json()

    assert told["problem"] is None
    assert told["model"] == "oo-stand-in/no-language-model"
    assert [len(tip["scores"]) for tip in told["tips"]] == [14]
    assert told["messages"][0]["role"] == "system"


def test_what_a_user_thinks_reaches_the_service(page: httpx.Client) -> None:
    question = {"path": "/recommend", "text": sample_event("recommend")["body"], "version": "orchestrator-2"}
    told = page.post("/ask", json=question).json()
    feedback = {"user_id": told["user_id"], "serve_id": told["serve_id"], "candidate_id": None}

    assert page.post("/feedback", json={**feedback, "action": "helpful"}).json() == {"problem": None}
    assert "422 invalid_request" in page.post("/feedback", json={**feedback, "action": "meh"}).json()["problem"]


def test_a_refusal_of_the_service_is_one_sentence(page: httpx.Client) -> None:
    told = page.post("/ask", json={"path": "/recommend", "text": "{}", "version": "orchestrator-2"}).json()

    assert told == {"problem": "The service refuses the request (422 invalid_request): body.user_id: Field required."}


def test_it_listens_on_this_machine_alone(page: httpx.Client) -> None:
    assert page.get("/", headers={"host": "attacker.test"}).status_code == 403
    assert page.post("/ask", content="{}", headers={"content-type": "text/plain"}).status_code == 415


def test_it_ends_when_it_is_told_to() -> None:
    """With the port, so that the next start finds it free."""
    port = str(free_port())
    with playground(SERVICE_URL="http://127.0.0.1:1", PLAYGROUND_PORT=port) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        until(lambda: process.poll() is not None)

        assert (process.returncode, process.stdout.read()) == (0, "Stopped.\n")


@for_each(
    ("environment", "sentence"),
    [
        ({"SERVICE_URL": "user:secret@tips.example.com"}, "SERVICE_URL has to begin with http://"),
        ({"SERVICE_URL": "javascript://x"}, "SERVICE_URL has to begin with http://"),
        ({"PLAYGROUND_PORT": "x"}, "PLAYGROUND_PORT is 'x': it has to be a number from 0 to 65535."),
        (
            {"SERVICE_URL": "http://127.0.0.1:1", "MLFLOW_TRACE_SAMPLING_RATIO": "2"},
            "Unusable setting: MLFLOW_TRACE_SAMPLING_RATIO: docs/configuration.md has the valid values.",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(
    environment: dict[str, str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, text in {"PLAYGROUND_PORT": "0", **environment}.items():
            patch.setenv(name, text)
        with pytest.raises(SystemExit) as ended:
            main([])

    said = capsys.readouterr().err
    assert said.startswith(sentence)
    assert (ended.value.code, said.count("\n")) == (2, 1)


def test_a_port_that_is_taken_names_both_ways_out(system: LocalSystem) -> None:
    """Another port, or the service that runs there."""
    port = system.base_url.rpartition(":")[2]
    with playground(PORT=port, AWS_PORT="0", PLAYGROUND_PORT="0") as process:
        _, said = process.communicate(timeout=60)

    assert said.startswith(f"Port {port} on 127.0.0.1 cannot be used")
    assert said.endswith("choose another one with PORT=…, or set SERVICE_URL=… to a running service\n")
