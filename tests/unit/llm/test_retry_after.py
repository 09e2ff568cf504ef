import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oo.llm.retry_after import retry_after_s
from testing.for_each import for_each

NOW = 1_784_282_400.0
"""2026-07-17T10:00:00Z."""


@for_each(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        ("0.5", 0.5),
        ("1000000", 1e6),
        ("1000001", None),
        ("-5", None),
        ("abc", None),
        ("", None),
        ("1e99", None),
        ("inf", None),
        ("NaN", None),
        ("Fri, 17 Jul 2026 10:00:30 GMT", 30.0),
        ("Fri, 17 Jul 2026 10:00:00 GMT", 0.0),
        ("Fri, 17 Jul 2026 09:59:59 GMT", None),
        ("Fri, 99 Jul 2026 10:00:00 GMT", None),
    ],
)
def test_a_hint_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    """A negative, past or absurd value, and one that is no number, is no hint."""
    assert retry_after_s({"retry-after": text}, NOW) == seconds


def test_the_providers_hint_counts_where_the_proxy_gives_none() -> None:
    """LiteLLM passes the provider's header on under a name of its own."""
    assert retry_after_s({"llm_provider-retry-after": "600"}, NOW) == 600.0
    assert retry_after_s({"retry-after": "3", "llm_provider-retry-after": "600"}, NOW) == 3.0
    assert retry_after_s({"retry-after": "soon", "llm_provider-retry-after": "600"}, NOW) == 600.0


@pytest.mark.parametrize("name", ["retry-after-ms", "llm_provider-retry-after-ms"])
def test_a_hint_may_come_in_milliseconds(name: str) -> None:
    """It is the more exact one where both come."""
    plain = name.removesuffix("-ms")

    assert retry_after_s({name: "1500"}, NOW) == 1.5
    assert retry_after_s({name: "1500", plain: "2"}, NOW) == 1.5
    assert retry_after_s({name: "soon", plain: "2"}, NOW) == 2.0


@for_each(
    ("text", "seconds"),
    [
        ("1, 1", 1.0),
        ("1,1,1", 1.0),
        ("1, 7", 7.0),
        ("1, soon", 1.0),
        ("Fri, 17 Jul 2026 10:00:30 GMT, Fri, 17 Jul 2026 10:00:30 GMT", 30.0),
        ("7, Fri, 17 Jul 2026 10:00:30 GMT", 30.0),
    ],
)
def test_a_header_that_came_twice_counts_once(text: str, seconds: float) -> None:
    """Both values are in one line, and the longer wait is kept."""
    assert retry_after_s({"retry-after": text}, NOW) == seconds


@given(st.text(max_size=40))
def test_any_text_is_a_sensible_hint_or_none(text: str) -> None:
    """A hint is None or lies between no time and a million seconds."""
    hint = retry_after_s({"retry-after": text}, NOW)

    assert hint is None or (math.isfinite(hint) and 0 <= hint <= 1e6)
