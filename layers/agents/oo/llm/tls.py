"""CA certificates for TLS, loaded in the background."""

import re
import ssl
from base64 import b64decode
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

from oo.errors import ConfigError

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----([\s\w+/=]*)-----END CERTIFICATE-----")


class CertificateLoader:
    """Load CA certificates in a background thread (20 to 40 ms in OpenSSL, GIL released).

    They are certifi's, unless `environment` names others: a private proxy may have a private authority. For a proxy on
    plain HTTP none are read, and none are trusted.
    LITELLM_CA_BUNDLE is a file for the proxy alone; OpenSSL and httpx know SSL_CERT_FILE and SSL_CERT_DIR. A bundle in
    a secret is read with the first request instead.
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
        for name in ("LITELLM_CA_BUNDLE", "SSL_CERT_FILE"):
            file = self._environment.get(name)
            if file and not is_secret(file):
                return context_of_file(file, name)
        if folder := self._environment.get("SSL_CERT_DIR"):
            return ssl.create_default_context(capath=folder)
        if self._environment.get("LITELLM_URL", "").strip().lower().startswith("http:"):
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return ssl.create_default_context(cafile=authorities())


def is_secret(bundle: str) -> bool:
    """Whether a setting of certificates is the ARN of a secret; otherwise it is the path of a file."""
    return bundle.startswith("arn:")


def context_of_file(path: str, setting: str) -> ssl.SSLContext:
    """A TLS context that trusts the certificates in a file alone. Raises ConfigError, which names the setting."""
    try:
        return ssl.create_default_context(cafile=path)
    except OSError:
        raise ConfigError(f"Unusable setting: {setting}") from None


def context_of_text(pem: str, name: str) -> ssl.SSLContext:
    """A TLS context that trusts the certificates in a text alone. Raises ConfigError, which begins with `name`.

    Line ends do not count: the console's field for the value of a secret makes spaces of them.
    """
    try:
        certificates = b"".join(b64decode("".join(body.split()), validate=True) for body in _CERTIFICATE.findall(pem))
        if certificates:
            return ssl.create_default_context(cadata=certificates)
    except (ValueError, ssl.SSLError):
        pass
    raise ConfigError(f"{name} has to hold certificates as PEM")


def authorities() -> Path:
    """The path of certifi's file, without importing certifi, which would import importlib.resources and zipfile."""
    spec = find_spec("certifi")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("certifi")
    return Path(spec.origin).with_name("cacert.pem")
