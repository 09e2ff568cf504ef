"""The shared answers to the eligibility rules."""

import json
import operator
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from oo.agents.registry import all_manifests
from tools.documents.eligibility_vectors import DOCUMENT, render

VECTORS: list[dict[str, Any]] = json.loads(DOCUMENT.read_text(encoding="utf-8"))


def is_same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


OPERATORS: Mapping[str, Callable[..., object]] = {
    "and": lambda *values: all(values),
    "or": lambda *values: any(values),
    "!": operator.not_,
    "===": is_same,
    "!==": lambda one, other: not is_same(one, other),
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": lambda *values: sum(values),
    "in": lambda one, many: one in many,
}


def evaluate(rule: object, data: Mapping[str, Any]) -> Any:
    """The portable part of JsonLogic in a few lines, to check the engine's answers by other means."""
    if not isinstance(rule, dict):
        return rule
    [(name, arguments)] = rule.items()
    if name == "var":
        found: Any = data
        for step in arguments[0].split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return arguments[1] if found is None else found
    return OPERATORS[name](*(evaluate(argument, data) for argument in arguments))


def test_the_file_in_the_repository_is_current() -> None:
    """`make build` would change nothing."""
    assert render() == DOCUMENT.read_text(encoding="utf-8"), "run `make build`"


@pytest.mark.parametrize("agent_id", [manifest.agent_id for manifest in all_manifests()])
def test_every_agent_has_enough_answers(agent_id: str) -> None:
    """Each agent has 20 answers or more, of both kinds, also one without any fact."""
    own = [vector for vector in VECTORS if vector["agent_id"] == agent_id]

    assert len(own) >= 20
    assert len(Counter(vector["expected"] for vector in own)) == 2
    assert {"prefs": {}} in [vector["facts"] for vector in own]


def test_another_evaluator_agrees() -> None:
    """A second implementation of the rules' few operators gives the same answers."""
    assert [evaluate(vector["rule"], vector["facts"]) for vector in VECTORS] == [
        vector["expected"] for vector in VECTORS
    ]
