"""HTTP with a wall-clock limit, safe for frozen sandboxes.

httpx's timeouts apply to single socket operations, so a server that sends one byte per second never exceeds one. Here
each socket operation gets the remaining time of its exchange as its timeout, which limits the total.
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx

from oo.deadline import Deadline

CONNECT_S = 1.0
KEPT_S = 5.0
"""How long an idle connection is trusted; load balancers and NAT drop them silently later on."""

_SHORTEST_S = 0.001
"""A timeout of zero would mean a non-blocking socket instead of no time left."""


@dataclass(eq=False, repr=False)
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
        """The timeout of the next socket operation. Raises httpcore's TimeoutException if no time is left.

        Bytes that arrive without a pause never exceed the socket's own timeout.
        """
        left = self.deadline.remaining()
        if not left:
            raise httpcore.TimeoutException
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


class _Stream(httpcore.NetworkStream):
    """A connected socket with the timeouts of the exchange that uses it."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        current = _exchange.get()
        if current is None:
            return self._inner.read(max_bytes, timeout)
        data = self._inner.read(max_bytes, current.seconds(timeout))
        current.received = current.received or bool(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        current = _exchange.get()
        if current is None:
            return self._inner.write(buffer, timeout)
        current.sent = True
        return self._inner.write(buffer, current.seconds(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        current = _exchange.get()
        limit = current.seconds(timeout) if current else timeout
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # httpcore's signature
        return self._inner.get_extra_info(info)


@dataclass(eq=False, repr=False)
class _Dial:
    """A connection attempt in a thread, which may be abandoned."""

    connect: Callable[[], httpcore.NetworkStream]
    stream: httpcore.NetworkStream | None = None
    error: Exception | None = None
    abandoned: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        try:
            stream = self.connect()
        except Exception as error:  # noqa: BLE001  # raised again by the thread that waits
            self.error = error
            return
        with self.lock:
            if self.abandoned:
                stream.close()
            else:
                self.stream = stream

    def result(self, seconds: float) -> httpcore.NetworkStream:
        thread = threading.Thread(target=self.run, name="connect", daemon=True)
        thread.start()
        thread.join(seconds)
        with self.lock:
            self.abandoned = True
        if self.error is not None:
            raise self.error
        if self.stream is None:
            raise httpcore.ConnectTimeout
        return self.stream


class _Backend(httpcore.NetworkBackend):
    """Connects within a limit that includes the DNS look-up, for which the system has no timeout."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        current = _exchange.get()
        limit = current.seconds(timeout) if current else timeout or CONNECT_S
        dial = _Dial(lambda: self._inner.connect_tcp(host, port, limit, local_address, socket_options))
        stream = dial.result(limit)
        if current:
            current.connected = True
        return _Stream(stream)


class KeptTransport(httpx.HTTPTransport):
    """httpx's transport on `_Backend`, which closes idle connections after a pause that may have been a freeze.

    httpx ages its connections by a clock that stops while the sandbox is frozen; the wall clock does not. A wall clock
    that was set back counts as a pause as well. One per sandbox; no proxy of the environment is used.
    """

    def __init__(self, context: ssl.SSLContext, wall_clock: Callable[[], float] = time.time) -> None:
        super().__init__(verify=context)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=10,
            max_keepalive_connections=10,
            keepalive_expiry=KEPT_S,
            network_backend=_Backend(),
        )
        self._wall_clock = wall_clock
        self._last_use = wall_clock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send on a connection that is fresh enough."""
        is_fresh = 0 <= self._wall_clock() - self._last_use <= KEPT_S
        for connection in list(self._pool.connections):
            if connection.is_idle() and not (is_fresh and _is_clean(connection)):
                connection.close()
        try:
            return super().handle_request(request)
        finally:
            self._last_use = self._wall_clock()


def _is_clean(connection: httpcore.ConnectionInterface) -> bool:
    """Whether no byte followed the connection's last response.

    h11 buffers such bytes, and would read them as the next response, which may be another user's. httpcore checks only
    the socket, and does not expose h11, so this reads two of its private fields.
    """
    http11: Any = connection._connection  # type: ignore[attr-defined]  # noqa: SLF001
    if http11 is None:
        return True
    surplus, has_ended = http11._h11_state.trailing_data  # noqa: SLF001
    return not surplus and not has_ended
