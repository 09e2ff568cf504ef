"""A TCP server on this machine whose connections do what a test plans, down to the byte."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, repeat

STOP_S = 5.0

Script = Callable[["Connection"], None]


class Connection:
    """One accepted connection."""

    def __init__(self, accepted: socket.socket, server: "RawServer") -> None:
        self._socket = accepted
        self._server = server
        self._unread = b""

    def request(self) -> bool:
        """Read one request; False where the client closed instead."""
        while b"\r\n\r\n" not in self._unread:
            if not self._read():
                return False
        head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        while len(self._unread) < length:
            if not self._read():
                return False
        self._unread = self._unread[length:]
        self._server.requests += 1
        return True

    def send(self, data: bytes) -> None:
        """Send at once."""
        self._socket.sendall(data)

    def drip(self, data: bytes) -> None:
        """Send a byte every 10 ms until the client or the test has had enough."""
        for byte in data:
            if self._server.stopping.wait(0.01):
                return
            self.send(bytes([byte]))

    def hang(self) -> None:
        """Say nothing until the client closes or the test ends."""
        self._socket.settimeout(STOP_S)
        self._read()

    def _read(self) -> bytes:
        data = self._socket.recv(65536)
        self._unread += data
        return data


class RawServer:
    """`scripts` are played one a connection; the last one goes on."""

    def __init__(self, scripts: Sequence[Script]) -> None:
        self._scripts = chain(scripts, repeat(scripts[-1]))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.stopping = threading.Event()
        self.connections = 0
        self.requests = 0
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def accept_all(self) -> None:
        """Serve until the listener is closed."""
        with suppress(OSError):
            while True:
                accepted, _ = self._listener.accept()
                self.connections += 1
                self._open.append(accepted)
                thread = threading.Thread(target=self._play, args=(accepted, next(self._scripts)))
                self._threads.append(thread)
                thread.start()

    def _play(self, accepted: socket.socket, script: Script) -> None:
        with accepted, suppress(OSError):
            script(Connection(accepted, self))

    def close(self) -> None:
        """End every connection."""
        self.stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for accepted in self._open:
            with suppress(OSError):
                accepted.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(STOP_S)


@contextmanager
def serving(*scripts: Script) -> Iterator[RawServer]:
    """A server that plays the scripts for the block's time."""
    server = RawServer(scripts)
    thread = threading.Thread(target=server.accept_all)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(STOP_S)


def response(body: bytes, status: str = "200 OK") -> bytes:
    """A complete HTTP response."""
    return b"HTTP/1.1 " + status.encode() + b"\r\ncontent-length: " + str(len(body)).encode() + b"\r\n\r\n" + body
