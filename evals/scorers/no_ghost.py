"""Q3: the tip names no task that is done, cancelled or gone."""

import re

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.named import quoted_titles, title_of, titles_on_offer
from evals.reading.words import FUNCTION_WORDS, tokens, without_titles
from evals.scorers.verdict import Verdict, held

_LEAST_SHARE = 0.8
_LEAST_TOKENS = 2
_SPARE = 2
"""Words that may stand between those of a title."""

_BREAK = re.compile(r"[«».,;:!?…\n]+")


def no_ghost(case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """No closed title is between «», and no run of words has 80% of the distinctive words of one."""
    closed, opened = case.closed_titles, titles_on_offer(case, answered.prompt.user)
    for quoted in quoted_titles(tip.content):
        if title_of(quoted, opened) is None and title_of(quoted, closed) is not None:
            return held(f"«{quoted}» is closed")
    runs = [_telling(part) for part in _BREAK.split(without_titles(tip.content, opened))]
    ghost = next((title for title in sorted(closed) if _is_named(title, runs)), None)
    return held(f"it mentions «{ghost}», which is closed" if ghost else "")


def _telling(text: str) -> list[str]:
    return [token for token in tokens(text) if token not in FUNCTION_WORDS]


def _is_named(title: str, runs: list[list[str]]) -> bool:
    wanted = frozenset(_telling(title))
    if len(wanted) < _LEAST_TOKENS:
        return False
    width = len(wanted) + _SPARE
    windows = (run[start : start + width] for run in runs for start in range(max(1, len(run) - width + 1)))
    return any(len(wanted.intersection(window)) >= _LEAST_SHARE * len(wanted) for window in windows)
