"""Words of the service's own sentences, which reveal nothing about a user."""

import re
from functools import cache

from evals.cases.case import read_cases
from evals.reading.words import FUNCTION_WORDS
from oo.snippets.grammar import QUOTED

WORD = re.compile(r"[^\W\d_]+")


@cache
def said_words() -> frozenset[str]:
    """Words of the notes and tips in the set `core`, whose users are invented, outside titles; without case."""
    texts = {
        text
        for case in read_cases("core")
        for text in (
            *(snippet.get("prompt_text") for snippet in case.request["agent_outputs"]),
            *(tip.get("content") for tip in case.request["recent_tips"]),
        )
        if isinstance(text, str)
    }
    words = {word.casefold() for text in texts for word in WORD.findall(QUOTED.sub(" ", text))}
    return frozenset(words) | FUNCTION_WORDS
