"""An AWS that cannot be used, each at an address of this machine."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from testing.free_port import free_port
from testing.raw_server import Connection, serving

Outage = Callable[[], AbstractContextManager[str]]


@contextmanager
def down() -> Iterator[str]:
    """No server listens."""
    yield f"http://127.0.0.1:{free_port()}"


@contextmanager
def black_holed() -> Iterator[str]:
    """Connections are taken, and nothing is said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def throttled() -> Iterator[str]:
    """Every request is one too many."""
    body = json.dumps({"__type": "ThrottlingException", "message": "Slow down"})
    head = f"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n"

    def refuse(connection: Connection) -> None:
        connection.request()
        connection.send((head + body).encode())

    with serving(refuse) as server:
        yield server.url
