"""A TCP server on this machine whose connections follow a test's plan byte by byte."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, repeat

STOP_S = 30.0

Script = Callable[["Connection"], None]


class Connection:
    """One accepted connection; `head` and `body` are those of the latest request."""

    def __init__(self, accepted: socket.socket, server: "RawServer") -> None:
        self._socket = accepted
        self._server = server
        self._unread = b""
        self.head = b""
        self.body = b""

    def request(self) -> bool:
        """Read one request; False if the client closed instead."""
        while b"\r\n\r\n" not in self._unread:
            if not self._read():
                return False
        self.head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        lines = self.head.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
        while len(self._unread) < length:
            if not self._read():
                return False
        self.body, self._unread = self._unread[:length], self._unread[length:]
        self._server.requests += 1
        return True

    def send(self, data: bytes) -> None:
        """Send at once."""
        self._socket.sendall(data)

    def wait(self, seconds: float) -> None:
        """Wait for some time, or until the test ends."""
        self._server.stopping.wait(seconds)

    def drip(self, data: bytes, every_s: float = 0.01) -> None:
        """Send a byte every 10 ms, or at the given interval, until the client or the test ends."""
        for byte in data:
            if self._server.stopping.wait(every_s):
                return
            self.send(bytes([byte]))

    def hang(self, seconds: float = STOP_S) -> None:
        """Send nothing until the client closes or the test ends, or for some seconds."""
        self._socket.settimeout(seconds)
        self._read()

    def reset(self) -> None:
        """Reset the connection."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def _read(self) -> bytes:
        data = self._socket.recv(65536)
        self._unread += data
        return data


class RawServer:
    """`scripts` are run one per connection; the last one repeats."""

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
        """The server's address."""
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

    def refuse_all(self) -> None:
        """Accept no further connection."""
        self.stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def close(self) -> None:
        """End every connection; none may be accepted any more."""
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
        server.refuse_all()
        thread.join(STOP_S)
        server.close()


def response(body: bytes, status: str = "200 OK") -> bytes:
    """A complete HTTP response."""
    return b"HTTP/1.1 " + status.encode() + b"\r\ncontent-length: " + str(len(body)).encode() + b"\r\n\r\n" + body
