"""What becomes of a job that does not fail: all of these mean that it is done."""

from dataclasses import dataclass

from oo.outputs.store import Stale, Stored


@dataclass(frozen=True, slots=True)
class Outdated:
    """A job without an effect: its snapshot is older than any output lives."""

    age_s: int


Outcome = Stored | Stale | Outdated
