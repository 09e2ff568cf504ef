"""Where the proxy's key comes from in AWS: a secret, cached, fetched anew when the proxy refuses it."""

import time
from collections.abc import Callable
from typing import Protocol

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.config import Config

from oo.errors import ConfigError

CACHED_S = 300
STALE_S = 3600
"""How long a key that was read once is used while the secret cannot be read."""


class Secrets(Protocol):
    """The part of Powertools' provider that is used."""

    def get(self, name: str, max_age: int | None = None, transform: None = None, force_fetch: bool = False) -> object:  # noqa: FBT001, FBT002  # Powertools' signature
        """The secret's value."""


class SecretKey:
    """The key in the secret `secret_id`. Raises ConfigError where it cannot be read or is empty."""

    def __init__(
        self, secret_id: str, secrets: Secrets | None = None, wall_clock: Callable[[], float] = time.time
    ) -> None:
        self._secret_id = secret_id
        self._secrets = secrets or _provider()
        self._wall_clock = wall_clock
        self._last = ""
        self._last_read_s = 0.0

    def __call__(self, *, refresh: bool = False) -> str:
        """The key; with `refresh` the cache is passed over."""
        try:
            key = self._secrets.get(self._secret_id, max_age=CACHED_S, force_fetch=refresh)
        except GetParameterError:
            # A frozen sandbox's clock may jump: an age below zero is no proof of a fresh key.
            if not refresh and self._last and 0 <= self._wall_clock() - self._last_read_s <= STALE_S:
                return self._last
            raise ConfigError("The secret of LITELLM_API_KEY_SECRET cannot be read") from None
        if not isinstance(key, str) or not key.strip():
            raise ConfigError("The secret of LITELLM_API_KEY_SECRET is empty")
        self._last, self._last_read_s = key.strip(), self._wall_clock()
        return self._last


def _provider() -> SecretsProvider:
    # On the way to an answer: at worst two tries of two seconds.
    config = Config(connect_timeout=1, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 2})
    return SecretsProvider(boto_config=config)
