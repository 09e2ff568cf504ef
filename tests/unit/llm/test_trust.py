import ssl

import pytest

from oo.llm.trust import Trust


def test_the_certificates_are_those_that_httpx_takes() -> None:
    """Servers are verified, by name and against the known authorities."""
    context = Trust().context()

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.cert_store_stats()["x509_ca"] > 0


def test_certificates_that_cannot_be_read_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they are needed, not in a thread that nobody looks at."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    trust = Trust()

    with pytest.raises(FileNotFoundError):
        trust.context()
