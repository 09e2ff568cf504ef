"""Agents' ids and versions as log lines and redacted traces may hold them: none that a caller made up."""

import re

from oo.contract.agent_versions import VERSIONS

OTHER = "other"
"""Stands for an id or a version of a caller's own: those are a caller's text."""

_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){2}", re.ASCII)


def shown_id(agent_id: str) -> str:
    """The id where it is in the registry."""
    return agent_id if agent_id in VERSIONS else OTHER


def shown_version(agent_id: str, version: str | None) -> str | None:
    """The version where the agent is in the registry and it is spelled like one."""
    if version is None or (agent_id in VERSIONS and _VERSION.fullmatch(version)):
        return version
    return OTHER
