"""CA certificates for TLS, loaded in the background."""

import ssl
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

from oo.errors import ConfigError


class CertificateLoader:
    """Load CA certificates in a background thread (20 to 40 ms in OpenSSL, GIL released).

    They are certifi's, unless `environment` names others as OpenSSL and httpx do, by SSL_CERT_FILE or SSL_CERT_DIR: a
    private proxy may have a private authority.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._outcome: ssl.SSLContext | Exception | None = None
        self._thread = Thread(target=self._read, name="trust", daemon=True)
        self._thread.start()

    def context(self) -> ssl.SSLContext:
        """The TLS context that httpx would make. Raises ConfigError for a setting that names no certificates."""
        self._thread.join()
        if isinstance(self._outcome, ssl.SSLContext):
            return self._outcome
        raise self._outcome or RuntimeError("The certificates were not read")

    def _read(self) -> None:
        try:
            self._outcome = self._made()
        except Exception as error:  # noqa: BLE001  # raised again where the certificates are needed
            self._outcome = error

    def _made(self) -> ssl.SSLContext:
        if file := self._environment.get("SSL_CERT_FILE"):
            try:
                return ssl.create_default_context(cafile=file)
            except OSError:
                raise ConfigError("Unusable setting: SSL_CERT_FILE") from None
        if folder := self._environment.get("SSL_CERT_DIR"):
            return ssl.create_default_context(capath=folder)
        return ssl.create_default_context(cafile=authorities())


def authorities() -> Path:
    """The path of certifi's file, without importing certifi, which would import importlib.resources and zipfile."""
    spec = find_spec("certifi")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("certifi")
    return Path(spec.origin).with_name("cacert.pem")
