"""Kinds of steps: of a snippet and of a tip."""

from enum import StrEnum


class Kind(StrEnum):
    """The type of step that a tip proposes."""

    START = "start"
    PLAN = "plan"
    SHRINK = "shrink"
    DECIDE = "decide"
    DEFER = "defer"
    FINISH = "finish"
    REST = "rest"
    ADVICE = "advice"
