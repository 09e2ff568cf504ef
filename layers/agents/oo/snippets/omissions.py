"""Tasks and recent tips that were left out of a prompt, with the reasons; never any of their text."""

from enum import StrEnum
from typing import NamedTuple


class Item(StrEnum):
    """A part of a prompt other than the agents' snippets."""

    TASK = "task"
    RECENT_TIP = "recent_tip"


class Reason(StrEnum):
    """The reason why a task or a recent tip is not in a prompt; snippets have a `Verdict`."""

    MALFORMED = "malformed"
    """Not a text, blank, or too long."""
    WITHHELD = "withheld"
    """It may mention self-harm."""
    UNUSUAL = "unusual"
    """It looks like instructions to the model."""
    OUTRANKED = "outranked"
    """Others rank higher, and no more are allowed."""
    DRAW = "draw"
    """Others were drawn."""
    UNTITLED = "untitled"
    """A tip could not name it."""
    OVER_BUDGET = "over_budget"
    """The prompt would be too long."""


class Omission(NamedTuple):
    """One item that was left out. `key` is a task's id, or a recent tip's position in the caller's list."""

    item: Item
    key: str | int
    reason: Reason
