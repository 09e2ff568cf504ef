"""TLS contexts, by the authorities that they trust."""

import re
import ssl
from base64 import b64decode
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from oo.built import AUTHORITIES
from oo.errors import ConfigError

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----([\s\w+/=]*)-----END CERTIFICATE-----")


def proxy_context(environment: Mapping[str, str]) -> ssl.SSLContext:
    """The TLS context for the proxy, as httpx would make it. Raises ConfigError for a setting without certificates.

    It trusts certifi's authorities, unless `environment` names others: a private proxy may have a private authority.
    For a proxy on plain HTTP none are read, and none are trusted.
    LITELLM_CA_BUNDLE is a file for the proxy alone; OpenSSL and httpx know SSL_CERT_FILE and SSL_CERT_DIR. A bundle in
    a secret is read with the first request instead.
    """
    for name in ("LITELLM_CA_BUNDLE", "SSL_CERT_FILE"):
        file = environment.get(name)
        if file and not is_secret(file):
            return context_of_file(file, name)
    if folder := environment.get("SSL_CERT_DIR"):
        return ssl.create_default_context(capath=folder)
    if environment.get("LITELLM_URL", "").strip().lower().startswith("http:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if AUTHORITIES.exists():
        return ssl.create_default_context(capath=AUTHORITIES)
    return ssl.create_default_context(cafile=certifi_file())


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


def certifi_file() -> Path:
    """The path of certifi's file, without importing certifi, which would import importlib.resources and zipfile."""
    spec = find_spec("certifi")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("certifi")
    return Path(spec.origin).with_name("cacert.pem")
