"""Spearman's rank correlation."""

from collections.abc import Sequence


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """The correlation of the ranks; ties share their mean rank. It is 0 if one of the two does not vary."""
    ranks, others = _ranks(one), _ranks(other)
    mean = (len(one) + 1) / 2
    both = sum((a - mean) * (b - mean) for a, b in zip(ranks, others, strict=True))
    spread = sum((a - mean) ** 2 for a in ranks) * sum((b - mean) ** 2 for b in others)
    return both / spread**0.5 if spread else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    first = {value: place for place, value in reversed(list(enumerate(ordered, start=1)))}
    last = {value: place for place, value in enumerate(ordered, start=1)}
    return [(first[value] + last[value]) / 2 for value in values]
