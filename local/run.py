"""`python -m local.run`: start the whole service on this machine and serve until stopped."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import click
import httpx

from commands.program import program
from local.deployment.intrinsics import TemplateError
from local.lambda_emulation.listener import PortTaken
from local.local_stack import Assembly, assemble
from local.settings import BadSetting, LocalSettings
from local.startup_banner import as_document, as_text

_PROBE_TIMEOUT_S = 2.0
_EPILOG = """\
environment:
  PORT                    where the API listens on 127.0.0.1 (3000; 0 is any free port)
  AWS_PORT                where SQS and DynamoDB listen (3001; 0 is any free port)
  MODEL_PORT              where the stand-in model listens (3002, or any free port where that is taken)
  CONTAINER_BRIDGE        this machine's address in Docker's bridge network (172.17.0.1, mostly): containers, such as
                          those of sam local, reach AWS and the model there
  LITELLM_URL             a LiteLLM proxy to use instead of the stand-in model; needs LITELLM_API_KEY
                          (or LITELLM_API_KEY_SECRET, a secret in the local AWS)
  MLFLOW_TRACKING_URI     an MLflow server that traces go to
  FUNCTION_PYTHONPATH     a folder that functions search for modules before the layer
  TIP_FALLBACK, DEFAULT_RECOMMEND_VERSION, DEFAULT_PROMPT_VERSION, LLM_BUDGET_S and the other settings of the template
                          are passed on as well
"""


class PartLost(Exception):
    """An essential part has ended."""


@program("run", epilog=_EPILOG)
@click.option("--ready-file", type=Path, metavar="PATH", help="write all addresses as JSON when the service is ready")
@click.option("--template", type=Path, metavar="PATH", help="run another template than the project's")
def main(ready_file: Path | None, template: Path | None) -> None:
    """Start the whole service on this machine, and serve until SIGINT or SIGTERM.

    If it cannot start, it prints one sentence and ends with exit code 1.
    """

    async def serve() -> None:
        async with started(LocalSettings.read(os.environ, template=template)) as assembly:
            if ready_file:
                _write(ready_file, assembly)
            raise PartLost(await assembly.lost)

    run_until_stopped(serve)


def run_until_stopped(serve: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `serve` until SIGINT or SIGTERM; if it cannot start, one sentence and exit code 1."""
    try:
        asyncio.run(_until_told_to_stop(serve))
    except (BadSetting, PartLost, PortTaken, TemplateError, OSError) as problem:
        sys.exit(str(problem))


async def _until_told_to_stop(serve: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Serve until a signal arrives; a signal during the start ends the start."""
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    serving = asyncio.ensure_future(serve())
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told_to_stop.set)
    stopping = asyncio.ensure_future(told_to_stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        serving.cancel()
    try:
        await serving
    except asyncio.CancelledError:
        print("Stopped.", flush=True)
    finally:
        stopping.cancel()


@asynccontextmanager
async def started(settings: LocalSettings) -> AsyncGenerator[Assembly]:
    """Start everything, and print the address of each part; on leaving, end everything."""
    if settings.litellm_url:
        await _probe(settings.litellm_url)
    async with assemble(settings) as assembly:
        for function, problem in assembly.problems.items():
            print(f"Warning: {function} did not start: {problem}", file=sys.stderr)
        print(as_text(assembly, settings), flush=True)
        yield assembly


async def _probe(url: str) -> None:
    """Warn about a proxy that does not respond: it may start later."""
    address = url.removesuffix("/v1") + "/health/liveliness"
    try:
        async with httpx.AsyncClient(timeout=_PROBE_TIMEOUT_S, trust_env=False) as client:
            await client.get(address)
    except httpx.HTTPError as error:
        print(f"Warning: LITELLM_URL {url} does not answer ({type(error).__name__}).", file=sys.stderr, flush=True)


def _write(ready_file: Path, assembly: Assembly) -> None:
    """Write the file atomically, so that a waiting program never reads half of it."""
    draft = ready_file.with_suffix(".draft")
    draft.write_text(json.dumps(as_document(assembly)), encoding="utf-8")
    draft.replace(ready_file)


if __name__ == "__main__":
    main()
