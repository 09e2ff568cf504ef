import os
import socket

import httpx
import pytest


def test_a_connection_to_an_outside_address_is_refused_and_remembered(refused_connections: list[str]) -> None:
    """An outside address cannot be reached from a test."""
    with socket.socket() as outside, pytest.raises(RuntimeError, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))

    assert refused_connections == ["192.0.2.1"]
    refused_connections.clear()


def test_an_outside_name_is_not_resolved(refused_connections: list[str]) -> None:
    """No name outside this machine is looked up, by any caller."""
    with pytest.raises(RuntimeError, match="example"):
        httpx.get("http://example.test/")

    assert refused_connections == ["example.test"]
    refused_connections.clear()


def test_loopback_connections_work() -> None:
    """A test may talk to a server of its own."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_no_real_credentials_are_visible() -> None:
    """The run's AWS credentials are made up."""
    assert os.environ["AWS_ACCESS_KEY_ID"] == "testing"
    assert "AWS_PROFILE" not in os.environ
