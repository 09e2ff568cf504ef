"""A free port of this machine."""

import secrets
import socket
from contextlib import suppress

_FIRST, _NUMBER = 20_000, 12_000
"""Below the ports that systems hand out by themselves, so that no other test gets one of these meanwhile."""


def free_port() -> int:
    """A port that is free at the moment; bind it soon."""
    while True:
        port = _FIRST + secrets.randbelow(_NUMBER)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
