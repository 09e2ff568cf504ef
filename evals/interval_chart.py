"""Estimates with their intervals as an SVG, one below the other, over an axis with their unit."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _BOTTOM = 860, 250, 190, 52, 26, 40
_TEXT = 'font-family="sans-serif" font-size="13"'
_COLOURS = ("#1f6fb2", "#b8541a", "#3d7a37", "#7a4b9e")
_STEPS = (1, 2, 5, 10, 20)
_MOST_PARTS = 6
_LONGEST_LABEL = 34


class Estimate(NamedTuple):
    """One row: a dot at the value, a line over the interval, and a note to the right.

    `series` chooses the colour, so that rows of one version look alike.
    """

    label: str
    value: float
    interval: tuple[float, float]
    note: str
    series: int = 0


class _Scale(NamedTuple):
    low: float
    high: float
    step: float

    def x(self, value: float) -> float:
        """The position of a value; an infinite one is at the edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * share

    @property
    def ticks(self) -> list[float]:
        """Round values from end to end."""
        return [self.low + self.step * place for place in range(round((self.high - self.low) / self.step) + 1)]


def interval_chart(title: str, estimates: Sequence[Estimate], *, reference: float = 0.0) -> str:
    """The whole picture, with a line at `reference`."""
    scale = _scale([reference, *(end for each in estimates for end in (each.value, *each.interval))])
    height = _TOP + len(estimates) * _ROW + _BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {_TEXT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        f'<text x="20" y="28" font-size="16" font-weight="bold">{escape(title)}</text>',
        *(_vertical(scale.x(tick), height, "#e3e3e3") for tick in scale.ticks),
        *(_tick(scale, tick, height) for tick in scale.ticks),
        _vertical(scale.x(reference), height, "#777"),
    ]
    for number, estimate in enumerate(estimates):
        parts += _row(estimate, _TOP + number * _ROW + _ROW // 2, scale)
    return "\n".join([*parts, "</svg>", ""])


def _scale(values: Sequence[float]) -> _Scale:
    """The axis from a round value to a round value, around all finite ones."""
    finite = [value for value in values if math.isfinite(value)]
    low, high = min(finite), max(finite)
    if low == high:
        low, high = low - 1, high + 1
    magnitude = 10 ** math.floor(math.log10((high - low) / _MOST_PARTS))
    steps = (step * magnitude for step in _STEPS)
    step = next(step for step in steps if math.ceil(high / step) - math.floor(low / step) <= _MOST_PARTS)
    return _Scale(math.floor(low / step) * step, math.ceil(high / step) * step, step)


def _vertical(x: float, height: int, colour: str) -> str:
    return f'<line x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{height - _BOTTOM}" stroke="{colour}"/>'


def _tick(scale: _Scale, tick: float, height: int) -> str:
    decimals = max(0, -math.floor(math.log10(scale.step)))
    return (
        f'<text x="{scale.x(tick):.1f}" y="{height - _BOTTOM + 18}" text-anchor="middle" fill="#555">'
        f"{tick:z.{decimals}f}</text>"
    )


def _row(estimate: Estimate, middle: int, scale: _Scale) -> Iterator[str]:
    low, high = (f"{scale.x(end):.1f}" for end in estimate.interval)
    colour = _COLOURS[estimate.series % len(_COLOURS)]
    yield f'<text x="{_LEFT - 14}" y="{middle + 5}" text-anchor="end">{escape(_short(estimate.label))}</text>'
    yield f'<line x1="{low}" y1="{middle}" x2="{high}" y2="{middle}" stroke="{colour}" stroke-width="2"/>'
    yield f'<circle cx="{scale.x(estimate.value):.1f}" cy="{middle}" r="5" fill="{colour}"/>'
    yield f'<text x="{_WIDTH - _RIGHT + 14}" y="{middle + 5}">{escape(estimate.note)}</text>'


def _short(label: str) -> str:
    """A label that fits next to the axis, with both of its ends."""
    half = _LONGEST_LABEL // 2
    return label if len(label) <= _LONGEST_LABEL else f"{label[:half]}…{label[-half:]}"
