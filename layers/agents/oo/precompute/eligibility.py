"""Selection of the agents that need a job: the manifests' JsonLogic rules over a user's facts."""

import json
from collections.abc import Mapping
from functools import cache

from datalogic_py import Engine, Rule

from oo.agent_kit.manifest import Manifest
from oo.validation.models import to_json

_PREFERENCE = "prefs."


def is_eligible(manifest: Manifest, facts: Mapping[str, object]) -> bool:
    """Whether the agent may have a statement.

    `facts` are flat, preferences as `prefs.<key>`. An agent with the status "off", or disabled by the user, is never
    eligible. A missing fact has the default of the rule.
    """
    if manifest.status == "off" or facts.get("prefs.enabled") is False:
        return False
    return _compiled(to_json(manifest.eligibility.rule)).evaluate(rule_data(facts)) is True


def rule_data(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts nested for JsonLogic, which reads the dot in `prefs.<key>` as a step into an object."""
    data: dict[str, object] = {}
    preferences: dict[str, object] = {}
    for name, value in facts.items():
        if name.startswith(_PREFERENCE):
            preferences[name[len(_PREFERENCE) :]] = value
        else:
            data[name] = value
    return {**data, "prefs": preferences}


@cache
def _compiled(rule: bytes) -> Rule:
    """The compiled rule. Raises `datalogic_py.CompileError` for a faulty one."""
    return _engine().compile_checked(json.loads(rule))


@cache
def _engine() -> Engine:
    return Engine(strict_operator_names=True)
