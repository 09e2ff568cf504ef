"""The released ways to ask for candidates, by version."""

from oo.prompts.versions import v1_baseline, v2_grounded, v3_profile, v4_diverse, v5_lean
from oo.prompts.versions.prompt import Prompt

DEFAULT_VERSION = v2_grounded.PROMPT.version

_RELEASED = (v1_baseline.PROMPT, v2_grounded.PROMPT, v3_profile.PROMPT, v4_diverse.PROMPT, v5_lean.PROMPT)
_PROMPTS = {prompt.version: prompt for prompt in _RELEASED}
VERSIONS = tuple(_PROMPTS)

__all__ = ["DEFAULT_VERSION", "VERSIONS", "Prompt", "get_prompt"]


def get_prompt(version: str | None, *, default: str = DEFAULT_VERSION) -> Prompt:
    """The prompt of that version, of `default` for None; raises KeyError for one that does not exist."""
    return _PROMPTS[default if version is None else version]
