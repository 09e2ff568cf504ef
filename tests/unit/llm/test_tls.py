import ssl
from pathlib import Path

import certifi
import httpx
import pytest

from oo.errors import ConfigError
from oo.llm.tls import certifi_file, context_of_text, proxy_context


def test_servers_are_verified_as_httpx_verifies_them() -> None:
    """By name, against the same authorities, by the same protocols."""
    context, usual = proxy_context({}), httpx.create_ssl_context(trust_env=False)

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.get_ca_certs() == usual.get_ca_certs() != []
    assert (context.minimum_version, context.options) == (usual.minimum_version, usual.options)


def test_a_proxy_without_tls_needs_no_authority() -> None:
    """None is read, which takes a sixth of a start, and none is trusted. Those that are named are checked."""
    plain = {"LITELLM_URL": "http://127.0.0.1:4000"}
    context = proxy_context(plain)

    assert (context.verify_mode, context.get_ca_certs()) == (ssl.CERT_REQUIRED, [])
    with pytest.raises(ConfigError, match="SSL_CERT_FILE"):
        proxy_context(plain | {"SSL_CERT_FILE": "/nowhere.pem"})


def test_the_authorities_are_certifis() -> None:
    """Which keeps its file where it has always been."""
    assert certifi_file() == Path(certifi.where())


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_authorities_of_ones_own_come_first(name: str, tmp_path: Path) -> None:
    """Nothing of certifi's is trusted beside them."""
    one = certifi_file().read_text().partition("-----END CERTIFICATE-----")
    file = tmp_path / "own.pem"
    file.write_text(one[0] + one[1])

    context = proxy_context({name: str(file if name == "SSL_CERT_FILE" else tmp_path)})

    # A folder's certificates are read when a server shows one of theirs.
    assert len(context.get_ca_certs()) == (1 if name == "SSL_CERT_FILE" else 0)


def test_certificates_that_cannot_be_read_are_found_out(tmp_path: Path) -> None:
    """A file without certificates fails like a missing one."""
    empty = tmp_path / "empty.pem"
    empty.write_text("")

    for place in (empty, "/nowhere.pem"):
        with pytest.raises(ConfigError, match="SSL_CERT_FILE"):
            proxy_context({"SSL_CERT_FILE": str(place)})


def test_the_proxys_own_bundle_comes_before_that_of_every_server(tmp_path: Path) -> None:
    """A wrong one is named."""
    with pytest.raises(ConfigError, match="LITELLM_CA_BUNDLE"):
        proxy_context({"LITELLM_CA_BUNDLE": str(tmp_path / "nowhere.pem"), "SSL_CERT_FILE": "/x"})


def test_a_bundle_in_a_secret_is_left_for_the_first_request() -> None:
    usual = proxy_context({})

    assert proxy_context({"LITELLM_CA_BUNDLE": "arn:aws:x"}).get_ca_certs() == usual.get_ca_certs()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", " "])
def test_certificates_in_a_text_are_read_however_they_were_pasted(line_end: str) -> None:
    """The console's field for one value makes spaces of line ends."""
    begin, rest = "-----BEGIN CERTIFICATE-----", certifi_file().read_text()
    two = begin + begin.join(rest.split(begin)[1:3])

    assert len(context_of_text(line_end.join(two.splitlines()), "The secret").get_ca_certs()) == 2


@pytest.mark.parametrize("text", ["", "sk-key", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
def test_a_text_without_certificates_trusts_no_server(text: str) -> None:
    with pytest.raises(ConfigError, match="The secret has to hold certificates as PEM"):
        context_of_text(text, "The secret")
