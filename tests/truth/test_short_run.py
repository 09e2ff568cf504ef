"""A short run of the truth benchmark meets the requirements of the long one, with a tolerance for chance."""

from collections.abc import Mapping
from functools import cache

from benchmarks._truth.figures import Figure
from benchmarks.truth import SHORT, measure

ROOM = 1.5
"""So many times as bad as asked for may a figure of few users be."""


@cache
def short_run() -> Mapping[str, Figure]:
    figures, _ = measure(SHORT)
    return {figure.name: figure for figure in figures}


def test_every_sentence_can_be_read() -> None:
    """Judges find their phrases in every agent's sentences."""
    unreadable = {name: figure.value for name, figure in short_run().items() if name.endswith(": unreadable")}

    assert len(unreadable) >= 9
    assert all((value or 0) <= 0.03 for value in unreadable.values()), unreadable
