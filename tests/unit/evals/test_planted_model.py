"""The planted model: a known obedience to rules, and nothing else that tells two prompts apart."""

import json
import subprocess
import sys

import pytest

from evals.bench import Bench, Judged
from evals.planted_model import FAULTS, STATED, PlantedModel, stated_rules
from evals.replies import InProcess, Replies
from evals.scorers import GATES
from evals.version import find_version
from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS, get_orchestrator, get_prompt
from testing.for_each import for_each
from tests.unit.evals.situations import SITUATIONS

CASES = [f"case-{number}" for number in range(1_000)]
SYSTEM = get_orchestrator("orchestrator-2").system
ALWAYS = PlantedModel(stated=1, unstated=1)


def answers(model: PlantedModel, version: str = "orchestrator-2") -> list[Judged]:
    rows = Bench(Replies(InProcess("planted", model))).run([find_version(version)], list(SITUATIONS.values()))
    return [row.answers[0] for row in rows if row.answers]


def share_broken(model: PlantedModel, rule: str, system: str = SYSTEM) -> float:
    return sum(rule in model.broken(system, case, 0) for case in CASES) / len(CASES)


def test_the_released_prompts_state_the_rules() -> None:
    """The newest prompt of `/recommend` states every rule, the plain baseline none."""
    prompts = {name: get_orchestrator(name) for name in RECOMMEND_VERSIONS} | {
        name: get_prompt(name) for name in VERSIONS
    }
    for_one_tip = {"Q7", "Q8", "Q11", "Q14"}
    unstated = {name: set(STATED) - stated_rules(prompt.system) for name, prompt in prompts.items()}

    assert (
        unstated.items()
        >= {
            # The number of words stands there once the slider is known.
            "orchestrator-1": {"Q6", "Q11"},
            "orchestrator-2": set(),
            "v1-baseline": set(STATED),
            "v2-grounded": for_one_tip,
            "v3-profile": for_one_tip,
            "v4-diverse": for_one_tip,
            "v5-lean": for_one_tip | {"Q2"},
        }.items()
    )


def test_a_rule_is_kept_more_often_where_it_is_stated() -> None:
    """Its key phrase alone decides: 99 % with it, 50 % without, and a rule behind a gate always."""
    model, without = PlantedModel(), SYSTEM.replace("letter for letter", "as it is")

    assert share_broken(model, "Q2") == pytest.approx(0.01, abs=0.01)
    assert share_broken(model, "Q2", without) == pytest.approx(0.5, abs=0.03)
    assert share_broken(model, "Q5", without) == share_broken(model, "Q5")
    assert [share_broken(model, rule) for rule in GATES if rule in STATED] == [0, 0, 0, 0]


def test_a_failure_of_a_gate_can_be_planted() -> None:
    """The gate fails at about the rate that was planted, and no other gate does."""
    model = PlantedModel(gate_failures={"Q9": 0.01})

    assert share_broken(model, "Q9") == pytest.approx(0.01, abs=0.006)
    assert share_broken(model, "Q4") == 0


def test_the_words_of_a_prompt_change_nothing() -> None:
    """Two prompts with the same rules break the same ones in the same cases; a repeat or a seed draws again."""
    model, other_words = PlantedModel(stated=0.8), f"Be kind.\n{SYSTEM}\nThank you."
    drawn = [model.broken(SYSTEM, case, 0) for case in CASES]

    assert [model.broken(other_words, case, 0) for case in CASES] == drawn
    assert [model.broken(SYSTEM, case, 1) for case in CASES] != drawn
    assert [PlantedModel(stated=0.8, seed=1).broken(SYSTEM, case, 0) for case in CASES] != drawn


def test_the_reply_is_the_same_in_every_process() -> None:
    """Another process, with another seed of Python's own hashes, gives the same replies."""
    messages = list(answers(ALWAYS)[0].messages)
    program = (
        "import json, sys; from evals.planted_model import PlantedModel\n"
        "print(json.dumps([PlantedModel(stated=.6).reply(json.load(sys.stdin), 'case', 3)]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(messages),
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "77"},
    )

    assert json.loads(told.stdout) == [PlantedModel(stated=0.6).reply(messages, "case", 3)]


@pytest.mark.parametrize("version", ["orchestrator-1", "orchestrator-2", "v2-grounded"])
def test_a_model_that_keeps_every_rule_passes_the_gates(version: str) -> None:
    """It never fails a gate, whichever prompt asks."""
    assert all(judged.passes_gates for judged in answers(ALWAYS, version))


@for_each("rule", FAULTS)
def test_a_broken_rule_is_found_by_its_scorer(rule: str) -> None:
    """The fault fails the scorer of its rule, and of the gates none but that one."""
    faulty = [judged for setting in (5, 50) for judged in _with_fault(rule, setting)]
    failed = {name for judged in faulty for name, verdict in judged.verdicts.items() if verdict.passed is False}

    assert rule in failed
    assert failed & set(GATES) <= {rule}


def _with_fault(rule: str, setting: int) -> list[Judged]:
    """The situations at a setting of the slider, answered with the one fault."""

    class Faulty(PlantedModel):
        def broken(self, system: str, case: str, repeat: int) -> frozenset[str]:
            return frozenset({rule})

    cases = [case._replace(request=case.request | {"science_destiny": setting}) for case in SITUATIONS.values()]
    rows = Bench(Replies(InProcess("planted", Faulty()))).run([find_version("orchestrator-2")], cases)
    return [row.answers[0] for row in rows if row.answers]
