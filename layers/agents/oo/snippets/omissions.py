"""What did not reach a prompt, and why: for receipts, logs and dry runs. Never any of the text itself."""

from enum import StrEnum
from typing import NamedTuple


class Item(StrEnum):
    """What a prompt is made of."""

    TASK = "task"
    SNIPPET = "snippet"
    RECENT_TIP = "recent_tip"


class Reason(StrEnum):
    """Why something is not in a prompt."""

    MALFORMED = "malformed"
    """No text, blank, or too long."""
    GHOST = "ghost"
    """It quotes a title that no open task has."""
    WITHHELD = "withheld"
    """It may tell of self-harm."""
    UNUSUAL = "unusual"
    """It looks like instructions to the model."""
    REPEATED = "repeated"
    """There is one such line already."""
    CONTRADICTED = "contradicted"
    """It says the opposite of a line that wins."""
    RANK = "rank"
    """Others come first, and the slider allows no more."""
    DRAW = "draw"
    """Others were drawn."""
    UNTITLED = "untitled"
    """A tip could not name it."""
    BUDGET = "budget"
    """The prompt would be too long."""


class Omission(NamedTuple):
    """One thing that was left out. `key` is a task's id, or a snippet's or tip's place in the caller's list."""

    item: Item
    key: str | int
    why: Reason
