"""Reads the text of a secret or of a variable that holds one, however it was pasted."""

import json
import re

from oo.errors import ConfigError

_AROUND = re.compile(r"^[\s\ufeff\u200b]+|[\s\ufeff\u200b]+$")
"""White space, line ends and byte order marks, which editors and shells leave around a text."""

_SCHEME = re.compile(r"^bearer(\s+|$)", re.IGNORECASE)


def plain_text(value: object, name: str) -> str:
    """The text without what stands around it; a key/value secret gives its only value.

    `name` begins the sentence of the ConfigError that is raised for anything else.
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
    """The key as the Authorization header carries it, without quotes and the word Bearer. Raises ConfigError."""
    key, before = plain_text(value, name), ""
    while key != before:
        before, key = key, _unquoted(_SCHEME.sub("", _trimmed(key)))
    if not key:
        raise ConfigError(f"{name} is empty")
    # A token of RFC 6750 has no spaces; a brace or bracket begins what was to be a key/value secret.
    if key[0] in "{[" or " " in key or not key.isascii() or not key.isprintable():
        raise ConfigError(f"{name} holds no key that an HTTP header can carry")
    return key


def _trimmed(text: str) -> str:
    return _AROUND.sub("", text)


def _is_unicode(text: str) -> bool:
    """Whether it can be written: an environment's bytes that are no UTF-8, and JSON's half characters, cannot be."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unquoted(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_quoted else text


def _only_value(text: str, name: str) -> str:
    """The value of an object with one key; the text itself where it is no object of JSON."""
    try:
        # Pairs, because a mapping would hide a key that is given twice.
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        return text
    if len(pairs) != 1 or not isinstance(pairs[0][1], str):
        raise ConfigError(f"{name} has to hold one text: the secret has {len(pairs)} keys, or a value of another type")
    value: str = pairs[0][1]
    return value
