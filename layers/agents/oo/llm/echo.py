"""Finds a secret in text that may be escaped as JSON inside JSON."""

import re

SHORTEST_SECRET = 16
"""The proxy's own keys are longer. A shorter one, as on a developer's machine, may be a word that any answer holds."""

_MOST_LEVELS = 6
_ESCAPE = re.compile(r'(?<!\\)\\++(?:u([0-9a-fA-F]{4})|(["/]))')
"""One escape of any depth: each level of JSON doubles the backslashes. A run of them is entered at its start only."""


def repeats(secret: str, *texts: str) -> bool:
    """Whether a text holds the secret, as it stands or after decoding its escapes."""
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
