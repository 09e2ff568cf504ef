"""Regular expressions with a cheap prefilter for the texts, nearly all, that they do not match."""

import re
from typing import NamedTuple


class MarkedPattern(NamedTuple):
    """A regular expression, and texts at least one of which is in each of its matches.

    These texts are searched first; the expression is compiled and applied when one is found.
    """

    expression: str
    marks: tuple[str, ...]

    def is_in(self, text: str) -> bool:
        """Whether the expression matches anywhere in the text."""
        for mark in self.marks:
            if mark in text:
                return re.search(self.expression, text) is not None
        return False
