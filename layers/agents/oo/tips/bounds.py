"""Whether a text is within the bounds of a delivery, and the form by which two texts are similar."""

import re
from collections.abc import Iterable

from oo.contract.kinds import Kind
from oo.prompts.delivery import Delivery
from oo.snippets.grammar import QUOTED

LONGEST = 240
"""Characters of a tip that no model writes."""

_NUMERAL = re.compile(r"\d+(?:[.:]\d+)?")
_CLOCK_TIME = re.compile(r"\b\d\d:\d\d\b|\b\d+(?:\.\d+)? (?:min|Minuten?)\b")
_FORM_WORDS = 6
_WORD = re.compile(r"\w+")
_MOST_SHARED = 0.4


def keeps_to(delivery: Delivery, text: str, kind: Kind) -> bool:
    """Whether a text and its kind are within the bounds, except for the minimum number of words."""
    return (
        words_n(text) <= delivery.words[1]
        and len(text) <= min(LONGEST, delivery.characters)
        and kind in delivery.kinds
        and figures_n(text) <= delivery.figures[1]
    )


def words_n(text: str) -> int:
    """The number of words."""
    return len(text.split())


def figures_n(text: str) -> int:
    """Figures outside of titles, of clock times and of a task's own minutes."""
    return len(_NUMERAL.findall(_CLOCK_TIME.sub(" ", QUOTED.sub(" ", text))))


def runs_of(text: str) -> frozenset[tuple[str, ...]]:
    """Every three consecutive words: texts that share many of them are similar."""
    words = _WORD.findall(text.casefold())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def reads_like(runs: frozenset[tuple[str, ...]], others: Iterable[frozenset[tuple[str, ...]]]) -> bool:
    """Whether a text shares enough runs with one of the others to look the same to a reader."""
    return any(len(runs & other) >= _MOST_SHARED * len(runs | other) for other in others if runs or other)


def form_of(text: str) -> str:
    """The beginning of a text without its titles and figures: tips of one form look like the same sentence."""
    return " ".join(_NUMERAL.sub("0", QUOTED.sub("«»", text)).casefold().split()[:_FORM_WORDS])
