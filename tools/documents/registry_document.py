"""docs/registry.json: every agent's manifest, as `GET /agents/registry` answers."""

import json
from pathlib import Path

from oo.agents.registry import all_manifests

DOCUMENT = Path(__file__).parents[2] / "docs" / "registry.json"


def render() -> str:
    """The document as in the repository."""
    registry = {"agents": [manifest.to_dict() for manifest in all_manifests()]}
    return json.dumps(registry, indent=2, ensure_ascii=False) + "\n"
