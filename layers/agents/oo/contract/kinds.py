"""Closed lists of words in bodies: kinds of steps, and states of snippets with the reasons against them."""

from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    """The type of step that a tip proposes.

    - `start`: begin a task now.
    - `plan`: choose a time, an order or a first step.
    - `shrink`: make a task smaller, or take one part of it.
    - `decide`: keep, change or drop a task.
    - `defer`: move a task to a later time.
    - `finish`: complete a task that takes little more.
    - `rest`: take a break.
    - `advice`: any other step; the kind of a tip that names none.
    """

    START = "start"
    PLAN = "plan"
    SHRINK = "shrink"
    DECIDE = "decide"
    DEFER = "defer"
    FINISH = "finish"
    REST = "rest"
    ADVICE = "advice"


class SnippetState(StrEnum):
    """Whether a snippet may be used; only `fresh` and `unknown` ones reach the prompt.

    - `fresh`: its `expires_at` is still to come.
    - `expired`: its `expires_at` has passed.
    - `other_version`: another major version of its agent computed it.
    - `malformed`: it has no text, is blank, too long or partly unreadable, or was computed in the future.
    - `ghost`: it quotes a title that no open task has.
    - `unknown`: it came without `expires_at`.
    """

    FRESH = "fresh"
    EXPIRED = "expired"
    OTHER_VERSION = "other_version"
    MALFORMED = "malformed"
    GHOST = "ghost"
    UNKNOWN = "unknown"


SnippetReason = Literal[
    "expired",
    "other_version",
    "malformed",
    "ghost",
    "withheld",
    "unusual",
    "contradicted",
    "outranked",
    "over_budget",
    "repeated",
]

REASONS_AGAINST_SNIPPETS = """The reason why the snippet is not in the prompt; null if it is.

- `expired`: its `expires_at` has passed.
- `other_version`: another major version of its agent computed it.
- `malformed`: it has no text, is blank, too long or partly unreadable, or was computed in the future.
- `ghost`: it quotes a title that no open task has, or proposes to work on a task that waits for another person.
- `withheld`: it may mention self-harm.
- `unusual`: it looks like instructions to the model.
- `contradicted`: it contradicts a snippet that takes precedence, or the open tasks.
- `outranked`: other snippets rank higher, and the slider allows no more.
- `over_budget`: the prompt would be too long with it.
- `repeated`: another snippet about the tip's delivery comes before it."""
