"""HTTP servers on ports that are bound before anything starts."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

LOOPBACK = "127.0.0.1"
# Well above the gateway's limit, so that the gateway answers first.
_LARGEST_HEADERS = 256 * 1024


class PortTaken(Exception):
    """Another program listens on the port."""


def bind(*ports: int, name: str) -> socket.socket:
    """A listening socket on loopback, on the first of `ports` that is free; 0 is any free one.

    Raises PortTaken, whose text names the variable `name`, which chooses another.
    """
    for port in ports[:-1]:
        with suppress(PortTaken):
            return _bind(port, name)
    return _bind(ports[-1], name)


def _bind(port: int, name: str) -> socket.socket:
    # asyncio disables Nagle's algorithm only if the protocol is named; with it, a response of two segments
    # waits 40 ms for an acknowledgement.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise PortTaken(
            f"Port {port} on {LOOPBACK} cannot be used ({error.strerror}): choose another one with {name}=…"
        ) from error
    return listening


def port_of(listening: socket.socket) -> int:
    """The port a bound socket listens on."""
    return int(listening.getsockname()[1])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.told_to_stop = asyncio.Event()

    async def main_loop(self) -> None:
        """Sleep until stopped; uvicorn's own loop runs ten times a second, for each of many servers here."""
        await self.told_to_stop.wait()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to the program, which has to end other parts as well."""
        yield


class Listener:
    """Serves one ASGI application until stopped."""

    def __init__(self, app: ASGIApp, listening: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
            h11_max_incomplete_event_size=_LARGEST_HEADERS,
        )
        self.port = port_of(listening)
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))

    async def stop(self) -> None:
        """Close the port; answers that take longer than a second are cut off."""
        self._server.told_to_stop.set()
        await self._serving
