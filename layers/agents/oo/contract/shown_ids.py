"""Ids that logs, traces and other services may contain: no user's own id, and no text from a caller."""

import hmac
import re
from hashlib import sha256

from oo.contract.agent_versions import VERSIONS

DIGITS = 32
OTHER = "other"
"""The replacement of an id or a version of a caller's own, because those are a caller's text."""

_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){2}", re.ASCII)


def hashed(user_id: str, key: str = "") -> str:
    """32 hexadecimal digits, equal for the same id and key. Without a key, a guessed id can be recognised."""
    if key:
        return hmac.new(key.encode(), user_id.encode(), sha256).hexdigest()[:DIGITS]
    return sha256(user_id.encode()).hexdigest()[:DIGITS]


def shown_id(agent_id: str) -> str:
    """The agent's id if it is registered, else a fixed word."""
    return agent_id if agent_id in VERSIONS else OTHER


def shown_version(agent_id: str, version: str | None) -> str | None:
    """The version, if the agent is registered and the text is a valid version."""
    if version is None or (agent_id in VERSIONS and _VERSION.fullmatch(version)):
        return version
    return OTHER
