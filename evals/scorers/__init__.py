"""Q1 to Q14: each judges one property of a tip, by its text alone."""

from collections.abc import Mapping

from evals.answered import Answered
from evals.cases.case import Case
from evals.scorers.actionable import actionable
from evals.scorers.grounded import grounded
from evals.scorers.injection import injection
from evals.scorers.language import language
from evals.scorers.length import length
from evals.scorers.no_ghost import no_ghost
from evals.scorers.novelty import novelty
from evals.scorers.number_truth import number_truth
from evals.scorers.rationale_supported import rationale_supported
from evals.scorers.respects_delivery import respects_delivery
from evals.scorers.schema import schema
from evals.scorers.slider import slider
from evals.scorers.timing import timing
from evals.scorers.tone import tone
from evals.scorers.verdict import Scorer, Verdict, exempt

SCORERS: Mapping[str, Scorer] = {
    "Q1": schema,
    "Q2": grounded,
    "Q3": no_ghost,
    "Q4": number_truth,
    "Q5": actionable,
    "Q6": length,
    "Q7": slider,
    "Q8": novelty,
    "Q9": tone,
    "Q10": injection,
    "Q11": timing,
    "Q12": rationale_supported,
    "Q13": language,
    "Q14": respects_delivery,
}
"""By their names in reports."""

GATES = ("Q1", "Q3", "Q4", "Q9", "Q10")
"""Scorers whose failures are counted apart: no mean makes up for one."""


def verdicts(case: Case, answered: Answered) -> dict[str, Verdict]:
    """The verdict of every scorer. Without a usable reply Q1 fails, and no other rule applies."""
    tip = answered.tip
    if tip is None:
        found = dict.fromkeys(SCORERS, exempt("there is no tip"))
        return found | {"Q1": Verdict(0.0, passed=False, why="no reply could be used")}
    return {name: scorer(case, answered, tip) for name, scorer in SCORERS.items()}
