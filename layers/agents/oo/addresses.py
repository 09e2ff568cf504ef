"""The hosts that a key or a trace may go to in the clear."""

import re
from ipaddress import ip_address

_PLAIN = re.compile(r"(?i)http://(\[[^\]]*\]|[^/:]*)")
"""urllib would parse the host as well; functions that need no URL start without it."""

_NAMES = {"localhost", "host.docker.internal"}
"""The second is Docker's name for the machine that a container runs on, which is where `sam local` finds a proxy."""


def is_this_machine(host: str) -> bool:
    """Whether a host is loopback, or this machine as a container names it."""
    if host.lower().removesuffix(".") in _NAMES:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def goes_in_the_clear(uri: str) -> bool:
    """Whether requests to a URI without a user leave this machine unencrypted."""
    plain = _PLAIN.match(uri)
    return plain is not None and not is_this_machine(plain[1])
