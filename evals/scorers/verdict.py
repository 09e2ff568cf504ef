"""A scorer's verdict on one tip."""

from collections.abc import Callable
from typing import NamedTuple

from evals.answered import Answered, ServedTip
from evals.cases.case import Case


class Verdict(NamedTuple):
    """`value` is from 0 to 1; `passed` is None if the rule does not apply. `why` names the findings."""

    value: float
    passed: bool | None
    why: str


Scorer = Callable[[Case, Answered, ServedTip], Verdict]


def held(found: str) -> Verdict:
    """Passed without findings, else failed with them."""
    return Verdict(0.0, passed=False, why=found) if found else Verdict(1.0, passed=True, why="")


def exempt(why: str) -> Verdict:
    """The rule does not apply."""
    return Verdict(1.0, passed=None, why=why)
