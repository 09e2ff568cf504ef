"""How often the bench is wrong, on its own cases and a model whose obedience is planted.

Under `make test` every sixteenth case is used, of as many users, and the first seeds. A share among 100 seeds has a
standard error of at most 2.2 % at 5 % and 4 % at 80 %.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from evals.bench import Bench, Judged, Row
from evals.cases.case import Case
from evals.figures import CaseSet, Run, compared
from evals.planted_model import PlantedModel
from evals.replies import InProcess, Replies
from evals.version import RecommendVersion
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.versions import get_orchestrator
from testing.seeds import ALL_SEEDS, SLACK, seeds
from tests.unit.evals.case_sets import cases_of
from tests.unit.evals.faulty_model import Faulty

USERS_CASES = 4
EVERY, ONE_PER_USER = (1, USERS_CASES) if os.environ.get(ALL_SEEDS) else (16, 16)
ORCHESTRATOR = get_orchestrator("orchestrator-2")
NEWEST = RecommendVersion("orchestrator-2", ORCHESTRATOR)
WITHOUT_THE_TITLE = RecommendVersion(
    "draft", replace(ORCHESTRATOR, system=ORCHESTRATOR.system.replace("letter for letter", "as it is"))
)


@cache
def prompt_of(version: RecommendVersion, case_id: str) -> BuiltPrompt:
    return version.prompt(case_of(case_id))


@cache
def case_of(case_id: str) -> Case:
    return next(case for case in cases_of("core") if case.id == case_id)


@cache
def judged(version: RecommendVersion, case_id: str, faults: frozenset[str]) -> Judged:
    """The answer with these faults, through the code that serves, and the verdicts on it."""
    bench = Bench(Replies(InProcess("planted", Faulty(faults=faults))))
    return bench.judged(version, prompt_of(version, case_id), case_of(case_id), 0)


def answers(version: RecommendVersion, model: PlantedModel, step: int = EVERY) -> list[Judged]:
    return [
        judged(version, case.id, model.broken(prompt_of(version, case.id).system, case.id, 0))
        for case in cases_of("core")[::step]
    ]


def verdict(a: list[Judged], b: list[Judged], step: int = EVERY) -> str:
    rows = [Row(case, 0, pair) for case, *pair in zip(cases_of("core")[::step], a, b, strict=True)]
    return compared(Run([CaseSet("core", "")], "planted", ["a", "b"], rows)).verdict


def share(wanted: str, found: Callable[[int], str]) -> float:
    tried = seeds(100, few=4)
    return sum(found(seed) == wanted for seed in tried) / len(tried)


@pytest.mark.all_seeds
def test_equal_prompts_are_seldom_called_better() -> None:
    """Two versions that keep the same rules as often, each by draws of its own, are called better in at most 5 %.

    One case per user: the number of users sets the error rate, and each mix of broken rules is a tip to be judged.
    """

    def found(seed: int) -> str:
        a, b = (PlantedModel(stated=0.95, seed=each) for each in (seed, 1_000 + seed))
        return verdict(answers(NEWEST, a, ONE_PER_USER), answers(NEWEST, b, ONE_PER_USER), ONE_PER_USER)

    assert share("better", found) <= 0.05 + SLACK


@pytest.mark.all_seeds
def test_a_difference_of_five_points_is_found() -> None:
    """A prompt that states a rule whose effect is 5 points is called better in at least 80 %."""

    def found(seed: int) -> str:
        model = PlantedModel(stated=1, unstated=0.63, seed=seed)
        return verdict(answers(WITHOUT_THE_TITLE, model), answers(NEWEST, model))

    assert share("better", found) >= 0.8 - SLACK


@pytest.mark.all_seeds
def test_the_planted_difference_is_five_points() -> None:
    """The effect of the rule, over seeds, is the five points of the test above."""
    model = [PlantedModel(stated=1, unstated=0.63, seed=seed) for seed in range(20)]
    points = [
        other.score - one.score
        for each in model
        for one, other in zip(answers(WITHOUT_THE_TITLE, each), answers(NEWEST, each), strict=True)
    ]

    assert sum(points) / len(points) == pytest.approx(5, abs=0.5 + 10 * SLACK)


@pytest.mark.all_seeds
def test_rare_failures_of_a_gate_are_found() -> None:
    """1 % of failures among 416 cases, or as many among fewer, break the gate in at least 95 %."""
    whole = answers(NEWEST, PlantedModel(stated=1))

    def found(seed: int) -> str:
        model = PlantedModel(stated=1, gate_failures={"Q9": 4.16 / len(cases_of("core")[::EVERY])}, seed=seed)
        return verdict(whole, answers(NEWEST, model))

    assert share("gate broken", found) >= 0.95 - SLACK
