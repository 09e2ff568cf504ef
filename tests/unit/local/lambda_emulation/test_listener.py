"""Ports are bound before anything starts."""

import socket

import pytest

from local.lambda_emulation.listener import PortTaken, bind, port_of


def test_a_bound_port_is_free_and_on_loopback() -> None:
    """A client that connects before the server runs waits for it."""
    with bind(0, name="PORT") as listening, socket.create_connection(("127.0.0.1", port_of(listening))):
        assert listening.getsockname()[0] == "127.0.0.1"


def test_a_bound_port_answers_without_delay() -> None:
    """The protocol is named, which asyncio checks before it disables Nagle's algorithm."""
    with bind(0, name="PORT") as listening:
        assert listening.proto == socket.IPPROTO_TCP


def test_a_taken_port_is_refused_by_the_name_of_its_variable() -> None:
    """The sentence says how to choose another."""
    with bind(0, name="PORT") as taken, pytest.raises(PortTaken, match=r"choose another one with AWS_PORT="):
        bind(port_of(taken), name="AWS_PORT")


def test_the_first_port_that_can_be_had_is_bound() -> None:
    """A port that is taken is skipped for the next."""
    with bind(0, name="PORT") as taken, bind(port_of(taken), 0, name="PORT") as other:
        assert port_of(other) not in {0, port_of(taken)}
