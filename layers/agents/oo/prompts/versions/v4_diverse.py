"""Like v2-grounded, and no two candidates share a kind or a task: for comparing and exploring."""

from oo.prompts.versions import v2_grounded
from oo.prompts.versions.prompt import Prompt

_DIVERSE = """\
- No two candidates share a kind or a task, as long as there are enough of both. One of them may be a rest: then it names no task.
"""  # noqa: E501  # a prompt's line is a rule, not a line of code

PROMPT = Prompt(
    version="v4-diverse",
    system=v2_grounded.SYSTEM.replace("- content:", f"{_DIVERSE}- content:", 1),
    closing=v2_grounded.CLOSING,
)
