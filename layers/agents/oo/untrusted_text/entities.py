"""HTML entities, decoded."""

import re

# Texts, not compiled: most texts hold no entity, and compiling takes its time of every cold start.
_ENTITY = (
    r"&(?:\#(?=[0-9])0*+(?P<decimal>[0-9]{0,7});?|\#[xX](?=[0-9a-fA-F])0*+(?P<hexadecimal>[0-9a-fA-F]{0,6});?"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)|(?P<bare>lt|gt|amp|quot|LT|GT|AMP|QUOT)(?![A-Za-z0-9]))"
)
_LOOSE_ENTITY = r"&(?:lt|gt|amp|quot|nbsp|shy|LT|GT|AMP|QUOT)"
"""Browsers read these without a semicolon even where letters follow."""


def decoded(text: str) -> str:
    """The text with its entities decoded once."""
    return re.sub(_ENTITY, _character, text) if "&" in text else text


def loosely_decoded(text: str) -> str:
    """The text with entities decoded as in browsers, even if they are not closed."""
    return re.sub(_LOOSE_ENTITY, lambda match: _unescaped(match[0]), decoded(text))


def _character(match: re.Match[str]) -> str:
    if match["name"]:
        from html.entities import html5  # noqa: PLC0415  # milliseconds of a cold start, and few texts need it

        return html5.get(match["name"], match[0])
    if match["bare"]:
        return _unescaped(match[0])
    # Rebuilt without its zeros: Python rejects numbers of thousands of digits.
    return _unescaped(f"&#x{match['hexadecimal']};" if match["hexadecimal"] else f"&#{match['decimal'] or 0};")


def _unescaped(entity: str) -> str:
    import html  # noqa: PLC0415  # as above

    return html.unescape(entity)
