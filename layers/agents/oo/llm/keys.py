"""The proxy's key: from the environment, or from a secret that is fetched anew when the proxy refuses its key."""

from collections.abc import Callable
from typing import Protocol

from oo.secret_text import bearer_key


class SecretText(Protocol):
    """The text of a secret."""

    def __call__(self, *, refresh: bool = False) -> str:
        """The text; with `refresh` it is fetched anew. Raises ConfigError."""


def fixed_key(text: str) -> Callable[..., str]:
    """The key in LITELLM_API_KEY, which cannot change. Raises ConfigError where it is unusable."""
    key = bearer_key(text, "LITELLM_API_KEY")

    def read(*, refresh: bool = False) -> str:  # noqa: ARG001  # the signature of every source of keys
        return key

    return read


class SecretKey:
    """The key in the secret of LITELLM_API_KEY_SECRET. Raises ConfigError where it cannot be read or is no key."""

    def __init__(self, secret: SecretText) -> None:
        self._secret = secret

    def __call__(self, *, refresh: bool = False) -> str:
        """The key; with `refresh` it is fetched anew."""
        return bearer_key(self._secret(refresh=refresh), "The secret of LITELLM_API_KEY_SECRET")
