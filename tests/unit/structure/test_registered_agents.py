"""The registry, the estimators and the statements know the same agents."""

from oo.agents.registry import all_agents, all_manifests
from oo.inference.estimators import ESTIMATORS
from oo.snippets.grammar import QUOTED, read_snippet
from oo.snippets.ranking import DELIVERY_AGENT
from oo.snippets.statements import OTHER, statement_of
from tools.documents.agents_example import sentence


def test_registered_manifests_name_known_estimators() -> None:
    """Every estimator that a manifest names exists."""
    named = {(manifest.agent_id, param.estimator) for manifest in all_manifests() for param in manifest.inferred_params}

    assert {(agent_id, name) for agent_id, name in named if name not in ESTIMATORS} == set()


def test_every_agent_makes_a_known_statement() -> None:
    """A registered agent's statement on the example user has a value of its own in the ranking.

    The agent for delivery is none: its line is no note.
    """
    unknown = []
    for agent in all_agents():
        clauses = read_snippet(sentence(agent))
        fact, kind = (QUOTED.sub("«»", clauses.fact), clauses.kind) if clauses else ("", "")
        if statement_of(fact, kind).statement is OTHER and agent.manifest.agent_id != DELIVERY_AGENT:
            unknown.append((agent.manifest.agent_id, fact))

    assert unknown == []
