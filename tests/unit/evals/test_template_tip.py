"""The tip without a model passes the scorers: no comparison with a baseline that fails them means anything."""

from collections import Counter
from collections.abc import Sequence

import pytest

from evals.bench import Bench
from evals.cases.case import Case
from evals.replies import Replies, find_model
from evals.scorers import GATES
from evals.version import find_version
from testing.seeds import seeds
from tests.unit.evals.case_sets import cases_of

LEAST_PASSED = 0.98


def failures(cases: Sequence[Case]) -> tuple[int, dict[str, list[str]]]:
    """The number of cases, and the tips that failed by scorer."""
    found: dict[str, list[str]] = {}
    for case, _, answers in Bench(Replies(find_model("stand-in", {}))).run([find_version("template")], cases):
        (judged,) = answers or ()
        for scorer, verdict in judged.verdicts.items():
            if verdict.passed is False:
                found.setdefault(scorer, []).append(f"{case.id}: {verdict.why}: {judged.tip}")
    return len(cases), found


@pytest.mark.all_seeds
@pytest.mark.parametrize("name", ["core", "held-out"])
def test_it_passes_on_planted_users(name: str) -> None:
    """At least 98% by each scorer, with a standard error of 1% among two cases per user, and no gate is broken."""
    cases = cases_of(name)
    number, failed = failures(cases[:: len(cases) // len(seeds(len(cases) // 2))])

    assert {scorer: tips for scorer, tips in failed.items() if scorer in GATES} == {}
    most_failed = max((1 - LEAST_PASSED) * number, 1)  # of a few cases one may fail
    assert {name: tips for name, tips in failed.items() if len(tips) > most_failed} == {}


@pytest.mark.all_seeds
def test_it_breaks_no_gate_on_hostile_requests() -> None:
    """The titles and the missing parts are of every kind."""
    cases = cases_of("adversarial")
    _, failed = failures(cases[:: len(cases) // len(seeds(len(cases), few=len(cases) // 3))])

    assert Counter({scorer: len(tips) for scorer, tips in failed.items() if scorer in GATES}) == {}
