"""A secret of AWS Secrets Manager: cached, refreshed on demand, with a pause after a failure of the store."""

import re
import ssl
import time
from collections.abc import Callable
from typing import Protocol

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import ClientError

from oo.bootstrap import aws_clients
from oo.errors import ConfigError
from oo.llm.secret_key import plain_text
from oo.llm.tls import context_of_text
from oo.telemetry.export.exporter import ExportFailed
from oo.telemetry.export.mlflow.server import Credentials

CACHED_S = 300
STALE_S = 3600
"""How long a text that was read once is used while the secret cannot be read."""

REST_S = 10
"""The pause in seconds after a failure of the store if a text is cached: a store that hangs costs each request 2 s."""

_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Store(Protocol):
    """The part of Powertools' provider that is used."""

    def get(self, name: str, max_age: int | None = None, transform: None = None, force_fetch: bool = False) -> object:  # noqa: FBT001, FBT002  # Powertools' signature
        """The secret's value."""


class Secret:
    """The text of the secret `secret_id`, configured by `setting`. Raises ConfigError.

    `wall_clock` is in epoch seconds: other clocks stop while a sandbox is frozen. `read` converts the store's value to
    the text; it gets the name of the secret for its errors.
    """

    def __init__(
        self,
        secret_id: str,
        setting: str,
        store: Store | None = None,
        wall_clock: Callable[[], float] = time.time,
        *,
        read: Callable[[object, str], str] = plain_text,
    ) -> None:
        self._secret_id = secret_id
        self._read = read
        self._name = f"The secret of {setting}"
        self._store = store or provider()
        self._wall_clock = wall_clock
        self._last = ""
        self._last_read_s = 0.0
        self._failed_at: float | None = None
        self._store_error: str | None = None

    def __call__(self, *, refresh: bool = False) -> str:
        """The text; `refresh` bypasses the cache."""
        if self._last and self._rests():
            return self._kept(refresh=refresh)
        try:
            value = self._store.get(self._secret_id, max_age=CACHED_S, force_fetch=refresh)
        except GetParameterError as error:
            self._failed_at, self._store_error = self._wall_clock(), _store_error(error)
            return self._kept(refresh=refresh)
        self._failed_at = None
        self._last, self._last_read_s = self._read(value, self._name), self._wall_clock()
        return self._last

    def _rests(self) -> bool:
        return self._failed_at is not None and 0 <= self._wall_clock() - self._failed_at < REST_S

    def _kept(self, *, refresh: bool) -> str:
        """The cached text. Raises ConfigError if it is too old or a refresh is requested."""
        # The clock may have been set back: a negative age does not prove that the text is fresh.
        if not refresh and self._last and 0 <= self._wall_clock() - self._last_read_s <= STALE_S:
            return self._last
        raise ConfigError(f"{self._name} cannot be read", store_error=self._store_error) from None


def _store_error(error: GetParameterError) -> str:
    """AWS' error code, else the type of the exception.

    AWS' message contains accounts and roles, so it is not logged.
    """
    # Powertools raises its error while it handles AWS' own, without setting a cause.
    cause = error.__cause__ or error.__context__ or error
    code = cause.response.get("Error", {}).get("Code") if isinstance(cause, ClientError) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else type(cause).__name__


def provider() -> SecretsProvider:
    """Powertools' reader of secrets, with timeouts."""
    # While a caller waits: at worst two attempts of two seconds.
    return SecretsProvider(boto3_client=aws_clients.secrets())


def stored_credentials(secret_id: str, store: Store | None = None) -> Callable[..., Credentials]:
    """A function that reads MLflow's credentials, from the cache unless `refresh` is given. It raises ExportFailed."""
    setting = "MLFLOW_CREDENTIALS_SECRET"
    secret = Secret(secret_id, setting, store, read=_as_it_stands)

    def read(*, refresh: bool = False) -> Credentials:
        try:
            return Credentials.read(secret(refresh=refresh))
        except ConfigError as error:
            raise ExportFailed(hint=f"{error} ({error.store_error})") from None
        except ValueError:
            raise ExportFailed(
                hint=f"The secret of {setting} has to be JSON with a token, or with a username and a password"
            ) from None

    return read


def stored_certificates(secret_id: str, setting: str, store: Store | None = None) -> Callable[[], ssl.SSLContext]:
    """A function that reads certificates from a secret. It raises ConfigError."""
    secret = Secret(secret_id, setting, store)
    return lambda: context_of_text(secret(), f"The secret of {setting}")


def _as_it_stands(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{name} is binary: it has to be a text")
    return value
