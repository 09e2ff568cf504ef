"""Q8: the tip differs from the tips that its user has just seen."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.words import jaccard, tokens
from evals.scorers.verdict import Verdict, held
from oo.contract.tips import RecentTip

_LATEST_N = 10
_MOST_ALIKE = 0.4
_FEWEST_WORDS = 4
_SAME_STEP_FOR = timedelta(hours=24)


def novelty(case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """Compared with the last ten tips: under .4 of the runs of three words equal, no step on a task twice in 24 h."""
    recent = list(answered.recent)[:_LATEST_N]
    own = _runs(tip.content)
    alike = max((jaccard(own, _runs(each.content)) for each in recent if each.content), default=0.0)
    if alike >= _MOST_ALIKE:
        return held(f"{alike:.0%} equal to a recent tip")
    return held("the same step on the same task within 24 hours" if _is_repeated(case, tip, recent) else "")


def _is_repeated(case: Case, tip: ServedTip, recent: Iterable[RecentTip]) -> bool:
    now = case.body.now_iso
    return now is not None and any(
        each.task_id == tip.task_id
        and each.kind == tip.kind
        and each.created_at
        and now - each.created_at < _SAME_STEP_FOR
        for each in recent
        if each.task_id is not None
    )


def distinct_pairs(contents: Iterable[str]) -> float:
    """The share of distinct pairs among the pairs of consecutive words of all tips; 1 without a pair."""
    pairs = [pair for content in contents for pair in _runs_of(content, 2)]
    return len(set(pairs)) / len(pairs) if pairs else 1.0


def _runs(content: str) -> frozenset[object]:
    return frozenset(_runs_of(content, 3))


def _runs_of(content: str, size: int) -> list[tuple[str, ...]]:
    """Runs of words, or of characters in a text of few words: not every script separates words."""
    words: Sequence[str] = tokens(content)
    if len(words) < _FEWEST_WORDS:
        words = "".join(words)
    return [tuple(words[start : start + size]) for start in range(len(words) - size + 1)]
