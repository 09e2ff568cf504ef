"""Q6: the tip's length is within its delivery's bounds."""

import re

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.material import material
from evals.reading.words import TITLE, without_titles
from evals.scorers.verdict import Verdict, held
from oo.prompts.delivery import DEFAULT_DELIVERY

MOST_CHARACTERS = 240
_MOST_SENTENCES = 2
_RATIONALE_WORDS = (5, 30)
_END = re.compile(r"[.!?…。！？]+[\"”)]?(?=\s|$)|[。！？]")  # noqa: RUF001  # Chinese ends a sentence so
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


def length(_case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """Words, characters, and at most two sentences; a rationale of 5 to 30 words.

    Words of a script without spaces are not counted, and a prompt without notes and tasks needs no rationale.
    """
    delivery = answered.prompt.delivery or DEFAULT_DELIVERY
    fewest, most = delivery.words
    number = words_n(tip.content)
    if number is not None and not fewest <= number <= most:
        return held(f"{number} words, {fewest} to {most} are required")
    limit = min(MOST_CHARACTERS, delivery.characters)
    if len(tip.content) > limit:
        return held(f"{len(tip.content)} characters, the limit is {limit}")
    if sentences_n(tip.content) > _MOST_SENTENCES:
        return held(f"{sentences_n(tip.content)} sentences")
    told = words_n(tip.rationale or "") if tip.rationale or _has_material(answered) else None
    if told is not None and not _RATIONALE_WORDS[0] <= told <= _RATIONALE_WORDS[1]:
        return held(f"a rationale of {told} words")
    return held("")


def _has_material(answered: Answered) -> bool:
    told = material(answered.prompt.user)
    return bool(told.tasks or told.notes)


def words_n(text: str) -> int | None:
    """The number of words, None for a text in a script without spaces."""
    if _WITHOUT_SPACES.search(without_titles(text)):
        return None
    return len(text.split())


def sentences_n(text: str) -> int:
    """The number of sentences; a title's own full stops end none."""
    return len([part for part in _END.split(without_titles(text)) if part.strip(f' {TITLE}"”)')]) or 1
