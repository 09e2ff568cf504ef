"""The folder of authorities that the layer's build writes."""

import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from local.deployment.environment import ROOT
from testing.self_signed import self_signed_server


def greet(address: str, context: ssl.SSLContext) -> None:
    """A handshake with a server."""
    host, _, port = address.removeprefix("https://").partition(":")
    with socket.create_connection((host, int(port))) as link, context.wrap_socket(link, server_hostname=host):
        pass


def test_openssl_finds_an_authority_in_the_folder(tmp_path: Path) -> None:
    """By the name of its file; certificates with one subject are all there."""
    with self_signed_server(tmp_path) as server:
        authority = tmp_path / "authority.pem"
        bundle = tmp_path / "bundle.pem"
        bundle.write_bytes(authority.read_bytes() + other_of_the_same_name(tmp_path))
        program = str(ROOT / "layers/agents/write_authorities.py")
        subprocess.run([sys.executable, program, str(bundle), str(tmp_path / "authorities")], check=True)

        assert sorted(path.suffix for path in (tmp_path / "authorities").iterdir()) == [".0", ".1"]
        greet(server, ssl.create_default_context(capath=tmp_path / "authorities"))


def test_a_server_of_another_authority_is_refused(tmp_path: Path) -> None:
    """As with a file of authorities."""
    (tmp_path / "authorities").mkdir()
    with (
        self_signed_server(tmp_path) as server,
        pytest.raises(ssl.SSLCertVerificationError, match="self-signed certificate"),
    ):
        greet(server, ssl.create_default_context(capath=tmp_path / "authorities"))


def other_of_the_same_name(folder: Path) -> bytes:
    """Another authority with the subject of the server's."""
    other = folder / "other"
    other.mkdir()
    with self_signed_server(other):
        return (other / "authority.pem").read_bytes()
