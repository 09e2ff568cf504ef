"""Relay for containers of this machine to programs that listen on its loopback.

`sam local` starts its containers in a bridge network; its option for the host's network has no effect (aws-sam-cli
issue 4236). Docker gives the machine an address in that bridge, and a relay listens there on the same port.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from local.lambda_emulation.listener import LOOPBACK, PortTaken

_CHUNK_BYTES = 65_536


async def start_relay(address: str, port: int) -> asyncio.Server:
    """Relay connections to `address` and `port` to the same port of the loopback. Raises PortTaken."""
    try:
        return await asyncio.start_server(_relay_to(port), address, port)
    except OSError as error:
        raise PortTaken(
            f"CONTAINER_BRIDGE: port {port} of {address} cannot be listened on ({error.strerror})."
        ) from None


def _relay_to(port: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(LOOPBACK, port)
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))

    return relay


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(_CHUNK_BYTES):
            target.write(data)
            await target.drain()
    target.close()
