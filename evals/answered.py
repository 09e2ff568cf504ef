"""The result of a case: its prompt, the model's reply, and the served tip."""

from collections.abc import Sequence
from typing import NamedTuple

from oo.contract.kinds import Kind
from oo.contract.tips import RecentTip
from oo.prompts.data_block import BuiltPrompt


class ServedTip(NamedTuple):
    """A served tip, with the id of its task."""

    content: str
    rationale: str | None
    kind: Kind
    task_id: str | None
    source: str


class Answered(NamedTuple):
    """One answer.

    `reply` is the text from which the served tip was read: None for a template tip. `tip` is None if no reply was
    usable. `recent` are the tips that the user has seen, newest first.
    """

    prompt: BuiltPrompt
    reply: str | None
    tip: ServedTip | None
    recent: Sequence[RecentTip] = ()
