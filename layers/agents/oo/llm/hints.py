"""How long the proxy or the provider behind it asks us to wait."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

HEADERS = ("retry-after", "llm_provider-retry-after")
"""LiteLLM renames the provider's header and sets the plain one only for limits of its own."""

_LONGEST_S = 1e6


def retry_hint_s(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait from `now` (epoch seconds), or None without a hint that makes sense.

    Numbers of seconds and HTTP dates are read; what is negative, past, not a number or beyond a million is ignored.
    """
    hints = (_seconds(headers.get(name, ""), now) for name in HEADERS)
    return next((hint for hint in hints if hint is not None), None)


def _seconds(text: str, now: float) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until(text, now)
    return seconds if 0 <= seconds <= _LONGEST_S else None


def _until(date: str, now: float) -> float:
    try:
        return parsedate_to_datetime(date).timestamp() - now
    except (ValueError, OverflowError):
        return -1.0
