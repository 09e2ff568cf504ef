"""Compose the conversation with the model: the proxy's client, its key, and the circuit breaker."""

import ssl
from collections.abc import Callable, Mapping

import httpx

from oo.bootstrap.settings import Settings
from oo.llm.client import KeySource, LiteLLMClient
from oo.llm.conversation import CircuitGate, ModelConversation, unguarded
from oo.llm.parameters import Parameters
from oo.llm.secret_key import SecretKey, fixed_key
from oo.llm.tls import is_secret, proxy_context
from oo.llm.transport import KeptTransport
from oo.telemetry.instrumentation import Shim


def conversation(settings: Settings, shim: Shim, environment: Mapping[str, str]) -> ModelConversation:
    """The conversation with the model; `environment` names the certificates. Raises ConfigError."""
    proxy = settings.require_litellm()
    client = LiteLLMClient(
        base_url=proxy.url,
        key=_secret_key(proxy.key_secret) if proxy.key_secret else fixed_key(proxy.key),
        transport=_transport(settings.litellm_ca_bundle, environment),
        pseudonym=shim.pseudonym,
        allows_plain_http=settings.allow_plain_http == "true",
        parameters=Parameters(
            temperature=None if settings.llm_temperature == "off" else settings.llm_temperature,
            response_format=settings.llm_response_format,
        ),
    )
    return ModelConversation(client, shim.logger, shim.metrics, guard=_guard(settings.llm_circuit_table, shim))


def _secret_key(secret_id: str) -> KeySource:
    from oo.bootstrap.secret import Secret  # noqa: PLC0415  # boto3: only where the key is a secret

    return SecretKey(Secret(secret_id, "LITELLM_API_KEY_SECRET"))


def _guard(table: str, shim: Shim) -> CircuitGate:
    if not table:
        return unguarded
    from oo.bootstrap import aws_clients  # noqa: PLC0415  # boto3: only where a table is set
    from oo.llm.circuit import Circuit, SharedState  # noqa: PLC0415  # Powertools' breaker, as above
    from oo.llm.circuit_observer import CircuitReports  # noqa: PLC0415  # as above

    reports = CircuitReports(shim.logger)
    return Circuit(SharedState(aws_clients.table_of_circuit(), table, reports), reports)


def _transport(bundle: str, environment: Mapping[str, str]) -> httpx.BaseTransport:
    if not is_secret(bundle):
        return KeptTransport(proxy_context(environment))
    from oo.bootstrap.secret import stored_certificates  # noqa: PLC0415  # boto3: only where the bundle is a secret

    return _LateTransport(stored_certificates(bundle, "LITELLM_CA_BUNDLE"))


class _LateTransport(httpx.BaseTransport):
    """A transport whose certificates are read with the first request, and again if that fails. Raises ConfigError."""

    def __init__(self, read: Callable[[], ssl.SSLContext]) -> None:
        self._read = read
        self._kept: KeptTransport | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._kept is None:
            self._kept = KeptTransport(self._read())
        return self._kept.handle_request(request)
