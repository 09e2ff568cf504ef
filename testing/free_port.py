"""A port of this machine that nothing listens on."""

import socket


def free_port() -> int:
    """Free at the moment; whoever wants it takes it soon."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
