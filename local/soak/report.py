"""A soak run's outcome as a table for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.soak.run import Outcome


_LOSSES = ("missing", "older over newer", "blocked by a version that nobody sent", "different")


def as_text(outcome: Outcome) -> str:
    """The report: messages sent, faults injected, places of all messages."""
    verdict, remains = outcome.verdict, outcome.remains
    kinds = Counter(_kind(message.kind, poison=message.is_poison) for message in remains.sent.values())
    jobs = sum(verdict.jobs.values())
    parts = [
        _part("Sent", kinds),
        _part("Injected", remains.faults),
        _part("Snapshots", verdict.snapshots, ("lost",)),
        _part("Jobs", verdict.jobs, ("lost",)),
        _part("Outputs", verdict.outputs, _LOSSES),
        _part("Poison", verdict.poison, ("lost",)),
        _part("Left waiting", remains.waiting, tuple(remains.waiting)),
        f"{jobs:,} jobs in {outcome.seconds:.0f} s, {jobs / outcome.seconds:.0f} per second.",
        *(verdict.breaches or ["Nothing was lost."]),
    ]
    return "\n".join(parts)


def _kind(kind: str, *, poison: bool) -> str:
    return f"poison: {kind}" if poison else kind


def _part(title: str, counts: Mapping[str, int], always: tuple[str, ...] = ()) -> str:
    shown = {**dict.fromkeys(always, 0), **{name: count for name, count in counts.items() if count}}
    lines = [f"  {count:>8,}  {name}" for name, count in sorted(shown.items(), key=lambda each: (-each[1], each[0]))]
    return "\n".join([title, *lines])
