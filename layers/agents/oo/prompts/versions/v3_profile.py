"""Like v2-grounded, and the block has the user's profile in words: shows whether that helps."""

from oo.prompts.versions import v2_grounded
from oo.prompts.versions.prompt import Prompt

_PROFILE = """\
- A profile line in DATA tells how this person works. Let it choose size and tone of the step; never quote it, never judge by it.
"""  # noqa: E501  # a prompt's line is a rule, not a line of code

PROMPT = Prompt(
    version="v3-profile",
    system=v2_grounded.SYSTEM.replace("- content:", f"{_PROFILE}- content:", 1),
    closing=v2_grounded.CLOSING,
    tells_profile=True,
)
