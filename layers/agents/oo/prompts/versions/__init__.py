"""The prompt versions for one tip and for candidates.

The module of a version has its name, with underscores. It is imported on first look-up, so that a function starts with
the version that it serves and not with all of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oo.prompts.versions.orchestrator import Orchestrator
    from oo.prompts.versions.prompt import Prompt

VERSIONS = (
    "v1-baseline",
    "v2-grounded",
    "v3-profile",
    "v4-diverse",
    "v5-lean",
)
"""Those of `/generate`, the newest last."""

RECOMMEND_VERSIONS = (
    "orchestrator-1",
    "orchestrator-2",
)
"""Those of `/recommend`, the newest last."""

UNRELEASED: tuple[str, ...] = ()
"""Those of both whose words may still change. A request may name one; none is a default."""

DEFAULT_VERSION = "v2-grounded"
DEFAULT_RECOMMEND_VERSION = "orchestrator-2"

__all__ = [
    "DEFAULT_RECOMMEND_VERSION",
    "DEFAULT_VERSION",
    "RECOMMEND_VERSIONS",
    "UNRELEASED",
    "VERSIONS",
    "get_orchestrator",
    "get_prompt",
]


def get_prompt(version: str | None, *, default: str = DEFAULT_VERSION) -> "Prompt":
    """The prompt for candidates of that version, or of `default` for None. Raises KeyError for an unknown one."""
    prompt: Prompt = _released(default if version is None else version, VERSIONS)
    return prompt


def get_orchestrator(version: str | None, *, default: str = DEFAULT_RECOMMEND_VERSION) -> "Orchestrator":
    """The prompt for one tip of that version, or of `default` for None. Raises KeyError for an unknown one."""
    prompt: Orchestrator = _released(default if version is None else version, RECOMMEND_VERSIONS)
    return prompt


def _released(version: str, released: tuple[str, ...]) -> Any:  # noqa: ANN401  # the caller knows the kind
    if version not in released:
        raise KeyError(version)
    return import_module(f"{__name__}.{version.replace('-', '_')}").PROMPT
