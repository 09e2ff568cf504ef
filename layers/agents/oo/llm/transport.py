"""HTTP/1.1 with a wall-clock limit, safe for frozen sandboxes: h11's protocol on a socket.

A socket's timeout applies to single operations, so a server that sends one byte per second never exceeds it. Here each
operation gets the remaining time of its exchange as its timeout, which limits the total.
"""

import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple

import h11
import httpx

from oo.deadline import Deadline

CONNECT_S = 1.0
KEPT_S = 5.0
"""How long an idle connection is trusted; load balancers and NAT drop them silently later on."""

_SHORTEST_S = 0.001
"""A timeout of zero would mean a non-blocking socket instead of no time left."""

_LARGEST_HEAD_BYTES = 100 * 1024
_PIECE_BYTES = 64 * 1024


@dataclass(slots=True)
class Exchange:
    """One request and the events of its socket."""

    deadline: Deadline
    connected: bool = False
    sent: bool = False
    received: bool = False

    @property
    def died_unheard(self) -> bool:
        """Whether the request was sent on a reused connection without any response: the server may be healthy."""
        return self.sent and not self.connected and not self.received

    def seconds(self, own_limit: float | None) -> float:
        """The timeout of the next socket operation. Raises httpx's TimeoutException if no time is left.

        Bytes that arrive without a pause never exceed the socket's own timeout.
        """
        left = self.deadline.remaining()
        if not left:
            raise httpx.TimeoutException("No time is left")
        left = max(_SHORTEST_S, left)
        return left if own_limit is None else min(own_limit, left)


_exchange: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


@contextmanager
def exchange(deadline: Deadline) -> Iterator[Exchange]:
    """Limit every socket operation inside the block to the time that is left until `deadline`."""
    record = Exchange(deadline)
    token = _exchange.set(record)
    try:
        yield record
    finally:
        _exchange.reset(token)


class _Origin(NamedTuple):
    is_secure: bool
    host: str
    port: int

    @classmethod
    def of(cls, url: httpx.URL) -> "_Origin":
        is_secure = url.scheme == "https"
        return cls(is_secure, url.raw_host.decode("ascii"), url.port or (443 if is_secure else 80))


class _Connection:
    """A connected socket, one request after the other; `idle_since` is the wall clock's time of its last response."""

    def __init__(self, origin: _Origin, link: socket.socket) -> None:
        self.origin = origin
        self.idle_since = 0.0
        self.link = link
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD_BYTES)
        self._limits: Mapping[str, float | None] = {}

    @property
    def is_clean(self) -> bool:
        """Whether nothing followed the last response, neither bytes nor the end of the connection.

        They would be read as the next response, which may be another user's.
        """
        surplus, has_ended = self._protocol.trailing_data
        return not surplus and not has_ended and not _is_readable(self.link)

    def ask(self, request: httpx.Request) -> h11.Response:
        """Send the request; returns the head of its response. Raises httpx's TransportError."""
        self._limits = request.extensions.get("timeout", {})
        content, target = request.read(), request.url.raw_path
        try:
            head = h11.Request(method=request.method, target=target, headers=request.headers.raw)
            events = (head, h11.Data(data=content), h11.EndOfMessage())
            told = b"".join(self._protocol.send(event) or b"" for event in events)
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error
        # A server may close early, and have sent why.
        with suppress(httpx.WriteError):
            self._send(told)
        while not isinstance(event := self._next_event(), h11.Response):
            pass
        return event

    def body(self) -> Iterator[bytes]:
        """The pieces of the response's body."""
        while isinstance(event := self._next_event(), h11.Data):
            yield bytes(event.data)

    def begin_again(self) -> bool:
        """Prepare for the next request; False if the response was not read to its end, or ends the connection."""
        if self._protocol.our_state is not h11.DONE or self._protocol.their_state is not h11.DONE:
            return False
        self._protocol.start_next_cycle()
        return True

    def _next_event(self) -> object:
        try:
            while (event := self._protocol.next_event()) is h11.NEED_DATA:
                self._protocol.receive_data(self._received())
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error
        return event

    def _send(self, data: bytes) -> None:
        current, limit = _exchange.get(), self._limits.get("write")
        if current:
            current.sent, limit = True, current.seconds(limit)
        try:
            self.link.settimeout(limit)
            self.link.sendall(data)
        except TimeoutError as error:
            raise httpx.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpx.WriteError(str(error)) from error

    def _received(self) -> bytes:
        current, limit = _exchange.get(), self._limits.get("read")
        try:
            self.link.settimeout(current.seconds(limit) if current else limit)
            data = self.link.recv(_PIECE_BYTES)
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpx.ReadError(str(error)) from error
        if current and data:
            current.received = True
        return data


def _is_readable(link: socket.socket) -> bool:
    poll = select.poll()
    poll.register(link, select.POLLIN)
    return bool(poll.poll(0))


@dataclass(slots=True)
class _Dial:
    """A connection attempt in a thread, which may be abandoned: the system's DNS look-up has no timeout."""

    connect: Callable[[], socket.socket]
    link: socket.socket | None = None
    error: Exception | None = None
    abandoned: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        try:
            link = self.connect()
        except Exception as error:  # noqa: BLE001  # raised again by the thread that waits
            self.error = error
            return
        with self.lock:
            if self.abandoned:
                link.close()
            else:
                self.link = link

    def result(self, seconds: float) -> socket.socket:
        thread = threading.Thread(target=self.run, name="connect", daemon=True)
        thread.start()
        thread.join(seconds)
        with self.lock:
            self.abandoned = True
        if self.error is not None:
            raise self.error
        if self.link is None:
            raise TimeoutError
        return self.link


def _connected(origin: _Origin, context: ssl.SSLContext, own_limit: float | None) -> _Connection:
    """A new connection. Raises httpx's ConnectTimeout and ConnectError."""
    current = _exchange.get()
    limit = current.seconds(own_limit) if current else own_limit or CONNECT_S
    try:
        link = _Dial(lambda: socket.create_connection((origin.host, origin.port), limit)).result(limit)
        if current:
            current.connected = True
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _Connection(origin, _secured(link, origin, context, own_limit) if origin.is_secure else link)
    except TimeoutError as error:
        raise httpx.ConnectTimeout(str(error)) from error
    except OSError as error:
        raise httpx.ConnectError(str(error)) from error


def _secured(link: socket.socket, origin: _Origin, context: ssl.SSLContext, own_limit: float | None) -> socket.socket:
    current = _exchange.get()
    try:
        link.settimeout(current.seconds(own_limit) if current else own_limit)
        return context.wrap_socket(link, server_hostname=origin.host)
    except BaseException:
        link.close()
        raise


class KeptTransport(httpx.BaseTransport):
    """Keeps connections, and closes idle ones after a pause that may have been a freeze.

    Their age is one of the wall clock: others stop while the sandbox is frozen. A wall clock that was set back counts
    as a pause as well. One per sandbox; no proxy of the environment is used.
    """

    def __init__(self, context: ssl.SSLContext, wall_clock: Callable[[], float] = time.time) -> None:
        self._context = context
        self._context.set_alpn_protocols(["http/1.1"])
        self._wall_clock = wall_clock
        self._idle: list[_Connection] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send on a connection that is fresh enough, else on a new one."""
        origin = _Origin.of(request.url)
        connection = self._kept(origin)
        if connection is None:
            connection = _connected(origin, self._context, request.extensions.get("timeout", {}).get("connect"))
        try:
            head = connection.ask(request)
        except BaseException:
            connection.link.close()
            raise
        body = _Body(connection, self._let_go)
        return httpx.Response(head.status_code, headers=head.headers.raw_items(), stream=body)

    def close(self) -> None:
        """Close all idle connections."""
        while self._idle:
            self._idle.pop().link.close()

    def _kept(self, origin: _Origin) -> _Connection | None:
        """The latest idle connection that may be used again; the others that are looked at are closed."""
        now = self._wall_clock()
        # Threads may take from the list at the same time.
        with suppress(IndexError):
            while True:
                connection = self._idle.pop()
                if connection.origin == origin and 0 <= now - connection.idle_since <= KEPT_S and connection.is_clean:
                    return connection
                connection.link.close()
        return None

    def _let_go(self, connection: _Connection) -> None:
        if connection.begin_again():
            connection.idle_since = self._wall_clock()
            self._idle.append(connection)
        else:
            connection.link.close()


class _Body(httpx.SyncByteStream):
    """The body of a response, after which its connection is let go."""

    def __init__(self, connection: _Connection, let_go: Callable[[_Connection], None]) -> None:
        self._connection = connection
        self._let_go = let_go

    def __iter__(self) -> Iterator[bytes]:
        return self._connection.body()

    def close(self) -> None:
        """Keep the connection if the body was read to its end."""
        self._let_go(self._connection)
