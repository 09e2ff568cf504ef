"""Regular expressions that cost next to nothing on the texts, nearly all, that they do not match."""

import re
from typing import NamedTuple


class MarkedPattern(NamedTuple):
    """A regular expression, and texts of which each of its matches holds at least one.

    Those are looked for first; the expression is compiled, and searched for, when one is found.
    """

    expression: str
    marks: tuple[str, ...]

    def is_in(self, text: str) -> bool:
        """Whether the expression matches anywhere in the text."""
        for mark in self.marks:
            if mark in text:
                return re.search(self.expression, text) is not None
        return False
