"""Patterns that are looked for by their marks first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oo.untrusted_text.cleaning import SUSPICIONS
from oo.untrusted_text.crisis import LEXICON
from oo.untrusted_text.prefiltered_pattern import MarkedPattern

PATTERNS = (*SUSPICIONS, *(MarkedPattern(expression, tuple(marks)) for expression, *marks in LEXICON))


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.expression[:30])
@given(data=st.data())
def test_each_match_holds_a_mark(pattern: MarkedPattern, data: st.DataObject) -> None:
    """So that nothing is missed for the sake of speed; words that go on where they should end are matches here, too."""
    matching = data.draw(st.from_regex(pattern.expression.replace(r"\b", "")))

    assert any(mark in matching for mark in pattern.marks)


def test_a_text_without_a_mark_is_not_searched() -> None:
    """The expression is not even compiled, so that an invalid one raises nothing."""
    assert not MarkedPattern("(", ("mark",)).is_in("something else")
