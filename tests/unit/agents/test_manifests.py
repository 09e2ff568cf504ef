"""Rules for every agent's manifest."""

import json
from collections.abc import Iterator
from typing import Any, cast

import jsonschema
import pytest

from oo.agent_kit.agent import Agent
from oo.agent_kit.eligibility_facts import SHARED_FACTS
from oo.agent_kit.manifest import Manifest
from oo.agent_kit.preferences import accepts
from oo.agents.registry import all_agents, all_manifests, get_agent
from oo.contract.agent_versions import VERSIONS
from tests.unit.agent_kit.manifest_meta_schema import META_SCHEMA

OPERATORS = {"and", "or", "!", "===", "!==", "<", "<=", ">", ">=", "+", "in", "var"}

every_manifest = pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.agent_id)


def operations(rule: object) -> Iterator[tuple[str, Any]]:
    """Each operator of a rule with its arguments, the outermost first."""
    if isinstance(rule, dict):
        for operator, arguments in rule.items():
            yield operator, arguments
            yield from operations(arguments)
    elif isinstance(rule, list):
        for each in rule:
            yield from operations(each)


@every_manifest
def test_manifest_is_valid(manifest: Manifest) -> None:
    """The published dictionary follows the meta-schema and holds nothing that JSON has no word for."""
    published = manifest.to_dict()

    jsonschema.Draft7Validator(META_SCHEMA).validate(published)
    assert json.loads(json.dumps(published, allow_nan=False)) == published


@every_manifest
def test_preferences_schema_is_draft_07(manifest: Manifest) -> None:
    """The preferences' schema is a valid schema, and the object of all defaults follows it."""
    schema = dict(manifest.prefs_schema)
    defaults = {key: each["default"] for key, each in manifest.preferences.items() if "default" in each}

    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.Draft7Validator(schema).validate(defaults)


@every_manifest
def test_defaults_are_accepted(manifest: Manifest) -> None:
    """Each default is a value that the reader of preferences takes as it stands."""
    rejected = [
        key for key, each in manifest.preferences.items() if "default" in each and not accepts(each, each["default"])
    ]

    assert rejected == []


@every_manifest
def test_inferred_params_are_preferences(manifest: Manifest) -> None:
    """A learned parameter can be set, and stays within the bounds of the preference."""
    for param in manifest.inferred_params:
        preference = manifest.preferences[param.key]
        if param.clamp:
            low, high = cast("float", preference["minimum"]), cast("float", preference["maximum"])

            assert low <= param.clamp[0] <= param.clamp[1] <= high


@every_manifest
def test_rule_reads_declared_facts(manifest: Manifest) -> None:
    """A rule reads exactly the facts it declares, all of them known, each with a default."""
    reads = [arguments for operator, arguments in operations(manifest.eligibility.rule) if operator == "var"]
    known = {*SHARED_FACTS, *(f"prefs.{key}" for key in manifest.preferences)}

    assert all(isinstance(read, list) and len(read) == 2 for read in reads)
    assert {read[0] for read in reads} == set(manifest.eligibility.facts)
    assert set(manifest.eligibility.facts) <= known


@every_manifest
def test_rule_uses_the_portable_operators(manifest: Manifest) -> None:
    """A rule uses only operators on which the implementations of JsonLogic agree."""
    used = {operator for operator, _ in operations(manifest.eligibility.rule)}

    assert used <= OPERATORS


@every_manifest
def test_form_orders_every_preference(manifest: Manifest) -> None:
    """The form's order names each preference once, and widgets only belong to preferences."""
    order = cast("list[str]", manifest.ui["ui:order"])

    assert sorted(order) == sorted(manifest.preferences)
    assert set(manifest.ui) - {"ui:order"} <= set(manifest.preferences)


@every_manifest
def test_learning_requires_its_source(manifest: Manifest) -> None:
    """An agent that learns from completions or feedback also asks for them."""
    sources = {param.source for param in manifest.inferred_params}

    assert manifest.requires.completions or "completions" not in sources
    assert manifest.requires.feedback or "feedback" not in sources


@pytest.mark.parametrize("agent", all_agents(), ids=lambda agent: agent.manifest.agent_id)
def test_registry_finds_each_agent(agent: Agent) -> None:
    """An agent and its manifest are found by id."""
    assert get_agent(agent.manifest.agent_id) is agent
    assert get_agent(agent.manifest.agent_id).manifest is agent.manifest


@pytest.mark.parametrize("agent_id", ["", "nobody", "__class__", "Deadline-Pressure"])
def test_unknown_agent_is_a_key_error(agent_id: str) -> None:
    """An id that no agent has is a KeyError."""
    with pytest.raises(KeyError):
        get_agent(agent_id)


def test_versions_are_those_of_the_manifests() -> None:
    """The versions known without the agents' code are the agents' own, in the same order."""
    assert list(VERSIONS.items()) == [(manifest.agent_id, manifest.version) for manifest in all_manifests()]


def test_registry_order_is_one() -> None:
    """Agents and manifests are listed in the same order."""
    assert tuple(agent.manifest for agent in all_agents()) == all_manifests()
