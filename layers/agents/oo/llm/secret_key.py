"""Secrets as text: normalised after pasting, checked as a key, and detected in responses."""

import json
import re
from collections.abc import Callable
from typing import Protocol

from oo.errors import ConfigError

_AROUND = re.compile(r"^[\s\ufeff\u200b]+|[\s\ufeff\u200b]+$")
"""White space, line ends and byte order marks, which editors and shells leave around a text."""

_SCHEME = re.compile(r"^bearer(\s+|$)", re.IGNORECASE)

SHORTEST_SECRET = 16
"""The proxy's own keys are longer. A shorter one, as on a developer's machine, may be a word that any answer holds."""

_MOST_LEVELS = 6
_ESCAPE = re.compile(r'(?<!\\)\\++(?:u([0-9a-fA-F]{4})|(["/]))')
"""One escape of any depth: each level of JSON doubles the backslashes. A run of them is entered at its start only."""


class SecretText(Protocol):
    """The text of a secret."""

    def __call__(self, *, refresh: bool = False) -> str:
        """The text; `refresh` reads it again. Raises ConfigError."""


def fixed_key(text: str) -> Callable[..., str]:
    """The key in LITELLM_API_KEY, which cannot change. Raises ConfigError if it is unusable."""
    key = bearer_key(text, "LITELLM_API_KEY")

    def read(*, refresh: bool = False) -> str:  # noqa: ARG001  # the signature of every source of keys
        return key

    return read


class SecretKey:
    """The key in the secret of LITELLM_API_KEY_SECRET. Raises ConfigError if it is unreadable or not a key."""

    def __init__(self, secret: SecretText) -> None:
        self._secret = secret

    def __call__(self, *, refresh: bool = False) -> str:
        """The key; `refresh` reads it again."""
        return bearer_key(self._secret(refresh=refresh), "The secret of LITELLM_API_KEY_SECRET")


def plain_text(value: object, name: str) -> str:
    """The text without surrounding white space; of a key/value secret its only value.

    `name` begins the message of the ConfigError for any other content.
    """
    if isinstance(value, bytes):
        raise ConfigError(f"{name} is binary: it has to be a text")
    text = _trimmed(value) if isinstance(value, str) else ""
    if text.startswith("{"):
        text = _trimmed(_only_value(text, name))
    if not text:
        raise ConfigError(f"{name} is empty")
    if not _is_unicode(text):
        raise ConfigError(f"{name} is no text of Unicode")
    return text


def bearer_key(value: object, name: str) -> str:
    """The key for the Authorization header, without quotes and the word Bearer. Raises ConfigError."""
    key, before = plain_text(value, name), ""
    while key != before:
        before, key = key, _unquoted(_SCHEME.sub("", _trimmed(key)))
    if not key:
        raise ConfigError(f"{name} is empty")
    # A token of RFC 6750 has no spaces; a brace or bracket is the start of a broken key/value secret.
    if key[0] in "{[" or " " in key or not key.isascii() or not key.isprintable():
        raise ConfigError(f"{name} holds no key that an HTTP header can carry")
    return key


def _trimmed(text: str) -> str:
    return _AROUND.sub("", text)


def _is_unicode(text: str) -> bool:
    """Whether the text can be encoded: bytes that are not UTF-8, and lone surrogates from JSON, cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unquoted(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_quoted else text


def _only_value(text: str, name: str) -> str:
    """The value of an object with one key; the text itself if it is not a JSON object."""
    try:
        # Pairs, because a mapping would hide a duplicate key.
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        return text
    if len(pairs) != 1 or not isinstance(pairs[0][1], str):
        raise ConfigError(f"{name} has to hold one text: the secret has {len(pairs)} keys, or a value of another type")
    value: str = pairs[0][1]
    return value


def repeats(secret: str, *texts: str) -> bool:
    """Whether a text contains the secret, literally or after its escapes are decoded."""
    return len(secret) >= SHORTEST_SECRET and any(_holds(secret, text) for text in texts)


def _holds(secret: str, text: str) -> bool:
    for _ in range(_MOST_LEVELS):
        if secret in text:
            return True
        decoded = _ESCAPE.sub(lambda escape: escape[2] or chr(int(escape[1], 16)), text)
        if decoded == text:
            return False
        text = decoded
    return secret in text
