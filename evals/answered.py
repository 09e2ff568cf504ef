"""The outcome of a case: its prompt, the model's reply, and the tip as it was served."""

from collections.abc import Sequence
from typing import NamedTuple

from oo.contract.kinds import Kind
from oo.contract.tips import RecentTip
from oo.prompts.data_block import BuiltPrompt


class ServedTip(NamedTuple):
    """A tip as its user sees it, with the id of its task."""

    content: str
    rationale: str | None
    kind: Kind
    task_id: str | None
    source: str


class Answered(NamedTuple):
    """`reply` is the text that the served tip was read from: None for a tip without a model.

    `tip` is None where no reply could be used. `recent` are the tips that the user has seen, the newest first.
    """

    prompt: BuiltPrompt
    reply: str | None
    tip: ServedTip | None
    recent: Sequence[RecentTip] = ()
