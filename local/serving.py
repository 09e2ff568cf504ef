"""The whole service: start it, print its addresses, and serve until stopped."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from local.local_stack import Assembly, assemble
from local.settings import LocalSettings
from local.startup_banner import as_document, as_text
from local.terminal import Terminal, shown_address
from local.until_stopped import PartLost

_PROBE_TIMEOUT_S = 2.0


async def serve(settings: LocalSettings, ready_file: Path | None) -> None:
    """Serve until a part is lost, which raises PartLost. `ready_file` gets all addresses as JSON."""
    async with started(settings) as assembly:
        if ready_file:
            _write(ready_file, assembly)
        raise PartLost(await assembly.lost)


@asynccontextmanager
async def started(settings: LocalSettings) -> AsyncGenerator[Assembly]:
    """Start everything, and print the address of each part; on leaving, end everything."""
    if settings.litellm_url:
        await _probe(settings.litellm_url)
    terminal = Terminal(sys.stdout, settings.host)
    async with assemble(settings, terminal) as assembly:
        for function, problem in assembly.problems.items():
            print(f"Warning: {function} did not start: {problem}", file=sys.stderr)
        terminal.say(as_text(assembly, settings))
        yield assembly


async def _probe(url: str) -> None:
    """Warn about a proxy that does not respond: it may start later."""
    address = url.removesuffix("/v1") + "/health/liveliness"
    try:
        async with httpx.AsyncClient(timeout=_PROBE_TIMEOUT_S, trust_env=False) as client:
            await client.get(address)
    except httpx.HTTPError as error:
        reason = type(error).__name__
        print(f"Warning: LITELLM_URL {shown_address(url)} does not answer ({reason}).", file=sys.stderr, flush=True)


def _write(ready_file: Path, assembly: Assembly) -> None:
    """Write the file atomically, so that a waiting program never reads half of it."""
    draft = ready_file.with_suffix(".draft")
    draft.write_text(json.dumps(as_document(assembly)), encoding="utf-8")
    draft.replace(ready_file)
