"""Which agents are worth a job: the manifests' JsonLogic rules over a user's facts."""

import json
from collections.abc import Mapping
from functools import cache

from datalogic_py import Engine, Rule
from pydantic_core import to_json

from oo.agent_kit.manifest import Manifest

_PREFERENCE = "prefs."


def is_eligible(manifest: Manifest, facts: Mapping[str, object]) -> bool:
    """Whether the agent may have something to say.

    `facts` are flat, preferences as `prefs.<key>`. An agent whose status is "off", or which the user has switched
    off, is never eligible. A fact that is missing takes the default that the rule gives it.
    """
    if manifest.status == "off" or facts.get("prefs.enabled") is False:
        return False
    return _compiled(to_json(manifest.eligibility.rule)).evaluate(rule_data(facts)) is True


def rule_data(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts as rules see them: JsonLogic reads the dot in `prefs.<key>` as a step into an object."""
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
    """The rule ready to run; one that the engine finds faulty raises `datalogic_py.CompileError`."""
    return _engine().compile_checked(json.loads(rule))


@cache
def _engine() -> Engine:
    return Engine(strict_operator_names=True)
