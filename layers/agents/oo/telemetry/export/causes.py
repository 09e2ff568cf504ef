"""The cause of a failed connection, by the exception: DNS, TCP, TLS or the server, which different teams fix."""

import http.client
import socket
import ssl
from typing import Literal

Cause = Literal["dns", "refused", "reset", "timeout", "tls"]

_LONGEST_CHAIN = 20


def cause_of(error: BaseException, *, had_tls: bool = False) -> Cause | None:
    """The cause; None for an exception that is not a failed connection. `had_tls` is true after the handshake."""
    if isinstance(error, socket.gaierror) or _is_no_host_name(error):
        return "dns"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        was_cut = had_tls and isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
        return "reset" if was_cut else "tls"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ConnectionError | http.client.HTTPException):
        return "reset"
    # No route to the host, which its own network reports at once.
    return "refused" if isinstance(error, OSError) else None


def root_cause_of(error: BaseException) -> Cause | None:
    """The cause of the innermost exception that has one: clients of HTTP wrap the socket's error."""
    found: Cause | None = None
    link: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if link is None:
            break
        # All exceptions of `requests` are OSErrors, including those without a socket.
        if not type(link).__module__.startswith("requests."):
            found = cause_of(link) or found
        link = link.__cause__ or link.__context__
    return found


def _is_no_host_name(error: BaseException) -> bool:
    """Whether a host's name was too long or too odd to look up."""
    return isinstance(error, UnicodeError) and getattr(error, "encoding", "idna") == "idna"
