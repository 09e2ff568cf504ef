"""Words of a tip outside the titles in it."""

import re
from functools import lru_cache

from oo.snippets.grammar import QUOTED
from oo.untrusted_text.cleaning import fold

TITLE = "«»"
"""The placeholder of a title."""

_TOKEN = re.compile(r"[^\W_]+")
_LEAST_UNQUOTED = 4
_FUNCTION_WORDS = """
    a about after again all already an and any are as at be been before being but by can could did do does done each
    for from had has have he her here him his how i if in into is it its just let like may me might more most much my no
    not now of off on once one only or other our out over own perhaps per she so some such than that the their them then
    there these they this those through to too under until up was we were what when where which while who why will with
    would you your yours
    aber alle als also am an auch auf aus bei bis da damit das dass dein deine deinen deiner dem den denn der des die
    dies diese dieser dir doch du ein eine einem einen einer es etwas für gegen hat ich ihm ihn ihr im in ist ja je kann
    kein keine man mein mit nach nicht noch nun nur ob oder ohne schon sehr sein seine sich sie sind so um und uns vom
    von vor war was wenn wer wie wir wird zu zum zur über"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Function words, English and German."""


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[str, ...]:
    """The words and figures of a text, without case, in their order."""
    return tuple(_TOKEN.findall(fold(text)))


@lru_cache(maxsize=4096)
def telling(text: str) -> frozenset[str]:
    """The words without function words."""
    return frozenset(token for token in tokens(text) if token not in FUNCTION_WORDS)


def jaccard(one: frozenset[object], other: frozenset[object]) -> float:
    """The share of two sets that is in both; 0 if both are empty."""
    return len(one & other) / len(one | other) if one | other else 0.0


@lru_cache(maxsize=4096)
def without_titles(text: str, titles: tuple[str, ...] = ()) -> str:
    """The text with `TITLE` in place of each quoted title, and of those titles without quotes."""
    bare = QUOTED.sub(TITLE, text)
    folded = bare.casefold()
    named = [title for title in titles if len(title) >= _LEAST_UNQUOTED and title.casefold() in folded]
    for title in sorted(named, key=len, reverse=True):
        bare = re.sub(re.escape(title), TITLE, bare, flags=re.IGNORECASE)
    return bare
