"""A program that serves until a signal ends it."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from local.deployment.intrinsics import TemplateError
from local.lambda_emulation.listener import PortTaken


class PartLost(Exception):
    """An essential part has ended, or did not start."""


def run_until_stopped(serve: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `serve` until SIGINT or SIGTERM; if it cannot start, one sentence and exit code 1.

    Raises BadSetting, which ends a program with exit code 2.
    """
    try:
        asyncio.run(_until_told_to_stop(serve))
    except (PartLost, PortTaken, TemplateError) as problem:
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
