"""oo/contract/agent_versions.py: the version of each agent, from the manifests."""

from pathlib import Path

from oo.agents.registry import all_manifests

DOCUMENT = Path(__file__).parents[2] / "layers/agents/oo/contract/agent_versions.py"

_HEAD = '''"""The current version of each agent, written by `make docs`.

A copy of the manifests' versions: the functions that only read snippets start without the agents' code.
"""

from collections.abc import Mapping

VERSIONS: Mapping[str, str] = {
'''


def render() -> str:
    """The module as in the repository."""
    return _HEAD + "".join(f'    "{each.agent_id}": "{each.version}",\n' for each in all_manifests()) + "}\n"
