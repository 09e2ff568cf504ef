"""Q1 to Q14: each judges one thing in a tip, by its text alone."""

from collections.abc import Mapping

from evals.answered import Answered
from evals.cases.case import Case
from evals.scorers.schema import schema
from evals.scorers.verdict import Scorer, Verdict, exempt

SCORERS: Mapping[str, Scorer] = {
    "Q1": schema,
}
"""By their names in reports."""

GATES = ("Q1", "Q3", "Q4", "Q9", "Q10")
"""Scorers whose failures are counted apart: no mean makes up for one."""


def verdicts(case: Case, answered: Answered) -> dict[str, Verdict]:
    """The verdict of every scorer. Without a usable reply Q1 fails, and no other rule applies."""
    tip = answered.tip
    if tip is None:
        return {name: exempt("there is no tip") for name in SCORERS} | {
            "Q1": Verdict(0.0, passed=False, why="no reply could be used")
        }
    return {name: scorer(case, answered, tip) for name, scorer in SCORERS.items()}
