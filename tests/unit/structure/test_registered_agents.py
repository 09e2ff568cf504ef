"""The registry, the estimators and the ranking know the same agents."""

from oo.agents.registry import all_manifests
from oo.inference.estimators import ESTIMATORS
from oo.snippets.ranking import DELIVERY_AGENT, RANKING


def test_registered_manifests_name_known_estimators() -> None:
    """Every estimator that a manifest names exists."""
    named = {(manifest.agent_id, param.estimator) for manifest in all_manifests() for param in manifest.inferred_params}

    assert {(agent_id, name) for agent_id, name in named if name not in ESTIMATORS} == set()


def test_every_agent_has_a_rank() -> None:
    """Each registered agent stands in the ranking once, or is the one for delivery."""
    assert sorted(manifest.agent_id for manifest in all_manifests()) == sorted([*RANKING, DELIVERY_AGENT])
