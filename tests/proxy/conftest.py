"""The real LiteLLM proxy, from its own environment, with a reply that needs no provider."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml

from local.deployment.environment import ROOT
from local.system import LocalSystem
from testing.free_port import free_port

PROXY = ROOT / ".venv-proxy" / "bin" / "litellm"
START_TIMEOUT_S = 180
FIRST_CALL_S = 60
"""The proxy imports and computes much on its first calls; what a busy machine may need for them."""

KEY = "sk-of-the-test-proxy"
REAL_MODEL = "openai/gpt-4o-mini"
REPLY = (
    '{"id": "tip-of-the-proxy", "content": "When your tea is ready, open «Send the invoice» and write one line.", '
    '"rationale": "It is due today.", "kind": "start", "candidates": [{"id": "candidate-of-the-proxy", '
    '"content": "At ten, open «Send the invoice».", "rationale": "It is due today.", "kind": "start"}]}'
)
"""Usable as a tip and as candidates: one mock reply serves both endpoints."""


@dataclass(frozen=True)
class Proxy:
    url: str
    log: Path


@pytest.fixture(scope="session")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    config = {
        "model_list": [
            {
                "model_name": "tip-generator",
                "litellm_params": {"model": REAL_MODEL, "api_key": "none", "mock_response": REPLY},
            }
        ],
        "general_settings": {"master_key": KEY},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))
    with started(folder / "config.yaml", folder, {}) as running:
        yield running


@contextmanager
def started(config: Path, folder: Path, environment: Mapping[str, str], *, answers: bool = True) -> Iterator[Proxy]:
    """The proxy with that configuration; it writes into the folder only. `answers`: its model has a provider."""
    port, log = free_port(), folder / "proxy.log"
    # An environment of its own: the proxy's packages are many, and none of them needs this machine's settings.
    own = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "DISABLE_ADMIN_UI": "true"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(PROXY), "--config", str(config), "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            env={**own, "LITELLM_LOCAL_MODEL_COST_MAP": "True", **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = _ready(f"http://127.0.0.1:{port}", process, log)
        first = ask_directly(url)
        assert first.is_success == answers, first.text
        yield Proxy(url, log)
    finally:
        # Killed at once: asked to end, it waits for providers that do not answer.
        process.kill()
        process.wait(timeout=30)


def _ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> str:
    end = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/health/liveliness", timeout=1).is_success:
                return url
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError(f"the proxy did not start: {log.read_text()[-2000:]}")


def ask_directly(url: str) -> httpx.Response:
    """The proxy's answer, with a timeout longer than any caller's."""
    question = {"model": "tip-generator", "messages": [{"role": "user", "content": "Are you there?"}]}
    headers = {"authorization": f"Bearer {KEY}", "x-litellm-num-retries": "0"}
    return httpx.post(f"{url}/chat/completions", json=question, headers=headers, timeout=FIRST_CALL_S)


@pytest.fixture(scope="session")
def system(proxy: Proxy) -> Iterator[LocalSystem]:
    """The service with the proxy where its model is asked."""
    with LocalSystem(environment={"LITELLM_URL": proxy.url, "LITELLM_API_KEY": KEY}) as running:
        yield running
