"""The pseudonyms of users in the proxy's spend log, in MLflow and in the log."""

import time
from collections.abc import Callable

from aws_lambda_powertools import Logger

from oo.bootstrap.settings import PseudonymSettings
from oo.contract.shown_ids import hashed
from oo.errors import ConfigError, config_facts
from oo.llm.secret_key import plain_text

REST_S = 10.0
"""The pause in seconds after a failed read of the key: a store that hangs costs each request 2 s."""

KeySource = Callable[[], str]


def key_source(settings: PseudonymSettings) -> KeySource | None:
    """A function that reads the key when it is called. It raises ConfigError."""
    if settings.pseudonym_key_secret:
        return _SecretSource(settings.pseudonym_key_secret)
    if settings.pseudonym_key:
        return lambda: plain_text(settings.pseudonym_key, "PSEUDONYM_KEY")
    return None


class _SecretSource:
    """The secret's text; its client, which is slow to import, is created on the first call."""

    def __init__(self, secret_id: str) -> None:
        self._secret_id = secret_id
        self._secret: KeySource | None = None

    def __call__(self) -> str:
        if self._secret is None:
            from oo.bootstrap.secret import Secret  # noqa: PLC0415  # boto3: by the first call only

            self._secret = Secret(self._secret_id, "PSEUDONYM_KEY_SECRET")
        return self._secret()


class Pseudonyms:
    """Gives users their pseudonyms. While the key cannot be read there is none, which is logged once."""

    def __init__(self, key: KeySource | None, logger: Logger, wall_clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._logger = logger
        self._wall_clock = wall_clock
        self._failed_at: float | None = None

    def __call__(self, user_id: str) -> str | None:
        """The user's pseudonym; None while the configured key cannot be read."""
        if self._key is None:
            return hashed(user_id)
        if self._failed_at is not None and 0 <= self._wall_clock() - self._failed_at < REST_S:
            return None
        try:
            key = self._key()
        except ConfigError as error:
            if self._failed_at is None:
                self._logger.warning("pseudonym_left_out", **config_facts(error))
            self._failed_at = self._wall_clock()
            return None
        self._failed_at = None
        return hashed(user_id, key)
