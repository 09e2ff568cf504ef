"""Estimates with their intervals as an SVG, one below the other, around a line at 0."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _BOTTOM = 860, 190, 230, 52, 30, 16
_TEXT = 'font-family="sans-serif" font-size="13"'
_COLOUR = "#1f6fb2"


class Estimate(NamedTuple):
    """One row: a dot at the value, a line over the interval, and a note behind them."""

    label: str
    value: float
    interval: tuple[float, float]
    note: str


class _Scale(NamedTuple):
    low: float
    high: float

    def x(self, value: float) -> float:
        """The place of a value; an infinite one is at the edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * share


def interval_chart(title: str, estimates: Sequence[Estimate]) -> str:
    """The whole picture."""
    ends = [0.0, *(end for each in estimates for end in (each.value, *each.interval) if math.isfinite(end))]
    scale = _Scale(min(ends), max(ends) if max(ends) > min(ends) else 1.0)
    height = _TOP + len(estimates) * _ROW + _BOTTOM
    zero = f"{scale.x(0):.1f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {_TEXT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        f'<text x="20" y="28" font-size="16" font-weight="bold">{escape(title)}</text>',
        f'<line x1="{zero}" y1="{_TOP - 6}" x2="{zero}" y2="{height - _BOTTOM}" stroke="#777"/>',
    ]
    for number, estimate in enumerate(estimates):
        parts += _row(estimate, _TOP + number * _ROW + _ROW // 2, scale)
    return "\n".join([*parts, "</svg>", ""])


def _row(estimate: Estimate, middle: int, scale: _Scale) -> Iterator[str]:
    low, high = (f"{scale.x(end):.1f}" for end in estimate.interval)
    yield f'<text x="{_LEFT - 14}" y="{middle + 5}" text-anchor="end">{escape(estimate.label)}</text>'
    yield f'<line x1="{low}" y1="{middle}" x2="{high}" y2="{middle}" stroke="{_COLOUR}" stroke-width="2"/>'
    yield f'<circle cx="{scale.x(estimate.value):.1f}" cy="{middle}" r="5" fill="{_COLOUR}"/>'
    yield f'<text x="{_WIDTH - _RIGHT + 14}" y="{middle + 5}">{escape(estimate.note)}</text>'
