"""The cause of a missing response, by the socket's exception, over real sockets if possible."""

import http.client
import socket
import ssl
from pathlib import Path

import pytest

from oo.deadline import Deadline
from oo.telemetry.export.causes import cause_of, root_cause_of
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow.server import Credentials, MlflowServer
from testing.free_port import free_port
from testing.raw_server import STOP_S, Connection, Script, serving
from testing.self_signed import self_signed_server

CAUSES: tuple[tuple[BaseException, str | None], ...] = (
    (socket.gaierror(-2, "Name or service not known"), "dns"),
    (UnicodeError("label too long"), "dns"),
    (ConnectionRefusedError(111), "refused"),
    (OSError(101, "Network is unreachable"), "refused"),
    (ConnectionResetError(104), "reset"),
    (BrokenPipeError(32), "reset"),
    (http.client.RemoteDisconnected(""), "reset"),
    (http.client.IncompleteRead(b""), "reset"),
    (http.client.BadStatusLine(""), "reset"),
    (TimeoutError(), "timeout"),
    (ssl.SSLCertVerificationError(), "tls"),
    (ssl.SSLError(), "tls"),
    (ssl.SSLEOFError(), "tls"),
    (ValueError("Invalid header value"), None),
    (UnicodeEncodeError("latin-1", "x", 0, 1, "no"), None),
)


def cause_at(url: str) -> str:
    server = MlflowServer(url, Credentials())
    with pytest.raises(Unreachable) as caught:
        server.request("/x", Deadline.after(0.3))
    server.close()
    return caught.value.cause


def test_each_exception_has_one_cause() -> None:
    """None where no connection failed."""
    assert [cause for _, cause in CAUSES] == [cause_of(error) for error, _ in CAUSES]


def test_a_connection_that_is_cut_after_the_handshake_is_no_matter_of_certificates() -> None:
    """Its end is not marked, which is all that TLS says of it."""
    assert cause_of(ssl.SSLEOFError(), had_tls=True) == "reset"


def test_the_innermost_exception_tells_the_cause() -> None:
    """Clients wrap the exception of the socket."""
    wrapped = RuntimeError("a client's")
    wrapped.__context__ = OSError("a middle one's")
    wrapped.__context__.__cause__ = ConnectionRefusedError()

    assert (root_cause_of(wrapped), root_cause_of(RuntimeError())) == ("refused", None)


@pytest.mark.parametrize(
    ("script", "cause"),
    [
        (Connection.reset, "reset"),
        (lambda connection: connection.wait(STOP_S), "timeout"),
        (lambda connection: connection.send(b"no HTTP\r\n\r\n"), "reset"),
    ],
    ids=["resets", "hangs", "speaks no HTTP"],
)
def test_a_server_without_an_answer_has_a_cause(script: Script, cause: str) -> None:
    """Over a real connection."""
    with serving(script) as server:
        assert cause_at(server.url) == cause


def test_a_port_that_nobody_listens_on_is_refused() -> None:
    """The server is not running, or the port is another one."""
    assert cause_at(f"http://127.0.0.1:{free_port()}") == "refused"


def test_a_name_that_is_not_known_is_a_matter_of_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver says so; a name that no resolver could be asked for is one too."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert cause_at("http://mlflow.internal:5000") == "dns"


def test_a_certificate_that_nobody_signed_is_a_matter_of_tls(tmp_path: Path) -> None:
    """So is a server that speaks no TLS at all."""
    with self_signed_server(tmp_path) as url:
        assert cause_at(url) == "tls"
    with serving(lambda connection: connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        assert cause_at(server.url.replace("http:", "https:")) == "tls"


def test_a_setting_that_no_request_can_carry_is_no_outage() -> None:
    """The hint names the settings."""
    with pytest.raises(ExportFailed) as caught:
        MlflowServer("http://127.0.0.1:9", Credentials(token="k\u2028")).request("/x", Deadline.after(1))

    assert not isinstance(caught.value, Unreachable)
    assert "MLFLOW_TRACKING_TOKEN" in (caught.value.hint or "")
