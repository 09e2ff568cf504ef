"""What of a title may be quoted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oo.snapshot.titles import TITLE_LIMIT, read_title, shorten


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("  Pay   the\tbill ", "Pay the bill"),
        ("a\nb\r\nc\u2028d\u0085e", "a b c d e"),
        ("a\x00b\u200bc\u202ed\ufeff", "abcd"),
        ("say «yes» or “no”", 'say "yes" or "no"'),
        ("e\u0301", "é"),
        ("🏃 Run", "🏃 Run"),
        ("اتصل بالبنك", "اتصل بالبنك"),
        ("\u3164\u2800\u200b", ""),
        ("\ud800lone", "lone"),
        (None, ""),
        (7, ""),
        (["x"], ""),
    ],
)
def test_title_is_one_plain_line(title: object, clean: str) -> None:
    """Spaces collapse, what does not print is dropped, double quotes become plain, anything else is no title."""
    assert read_title(title) == clean


@pytest.mark.parametrize(
    ("title", "limit", "short"),
    [
        ("Pay the bill", 12, "Pay the bill"),
        ("Pay the bill now", 12, "Pay the bil…"),
        ("Pay 1500 euros", 7, "Pay…"),
        ("Pay 1,500 euros", 7, "Pay…"),
        ("Pay 1500 euros", 9, "Pay 1500…"),
        ("1234567890", 5, ""),
        ("ab\u0323\u0307cde", 4, "a…"),
    ],
)
def test_titles_are_cut_with_care(title: str, limit: int, short: str) -> None:
    """A cut never falls inside a number or between a letter and its marks."""
    assert shorten(title, limit) == short


@pytest.mark.parametrize(("length", "clean_length"), [(79, 79), (80, 80), (81, 80), (5000, 80)])
def test_titles_are_at_most_eighty_characters(length: int, clean_length: int) -> None:
    """A title keeps 80 characters, the last one an ellipsis where something is missing."""
    title = read_title("x" * length)

    assert len(title) == clean_length
    assert title.endswith("…") is (length > 80)


@settings(derandomize=True, max_examples=200)
@given(st.text(max_size=300))
def test_any_text_becomes_quotable(text: str) -> None:
    """Whatever comes in, a clean title is short, on one line, without guillemets, and clean already."""
    title = read_title(text)

    assert len(title) <= TITLE_LIMIT
    assert not set(title) & set("«»“”\n\r\u2028\u2029")
    assert read_title(title) == title
