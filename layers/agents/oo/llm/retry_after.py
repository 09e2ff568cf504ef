"""The wait that the proxy or the provider behind it requests."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

HEADERS = {
    "retry-after-ms": 0.001,
    "retry-after": 1.0,
    "llm_provider-retry-after-ms": 0.001,
    "llm_provider-retry-after": 1.0,
}
"""Each header with its unit in seconds. LiteLLM renames the provider's; the plain one is for its own limits."""

_LONGEST_S = 1e6
_LONGEST_READ = 200
_COMMA = re.compile(r",(?!\s{0,4}\d{1,2}[ -][A-Za-z])")
"""Separates the values of a header that came more than once; a date has a comma of its own."""


def retry_after_s(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait from `now` (epoch seconds), or None without a usable hint.

    Numbers and HTTP dates are read; a value that is negative, past, not a number or beyond a million seconds is
    ignored. If one header has several values, the largest counts.
    """
    for name, unit_s in HEADERS.items():
        values = (_seconds(text, unit_s, now) for text in _COMMA.split(headers.get(name, "")[:_LONGEST_READ]))
        hints = [seconds for seconds in values if 0 <= seconds <= _LONGEST_S]
        if hints:
            return max(hints)
    return None


def _seconds(text: str, unit_s: float, now: float) -> float:
    try:
        return float(text) * unit_s
    except ValueError:
        return _until(text, now)


def _until(date: str, now: float) -> float:
    try:
        return parsedate_to_datetime(date).timestamp() - now
    except (ValueError, OverflowError):
        return -1.0
