"""Lines over a common axis as an SVG, panels below each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_WIDTH, _PANEL, _LEFT, _RIGHT, _TOP, _GAP, _BOTTOM = 860, 190, 70, 20, 96, 52, 44
_COLOURS = ("#c0392b", "#1f6fb2", "#2e8b57", "#8e5ea2")
_TEXT = 'font-family="sans-serif" font-size="12"'
_DASHES = ("none", "7 3", "2 3", "9 3 2 3")


@dataclass(frozen=True)
class Series:
    """One line; its values stand at the chart's places."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True)
class Panel:
    """One scale from 0 upwards, with its lines."""

    label: str
    series: Sequence[Series]


def chart(title: str, axis: str, places: Sequence[float], panels: Sequence[Panel]) -> str:
    """The whole picture. Lines differ by dashes as well, so that it can be read without colours."""
    height = _TOP + len(panels) * (_PANEL + _GAP) - _GAP + _BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {_TEXT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        f'<text x="{_LEFT}" y="22" font-size="15" font-weight="bold">{escape(title)}</text>',
        *_legend(panels[0].series),
    ]
    for number, panel in enumerate(panels):
        parts += _panel(panel, places, _TOP + number * (_PANEL + _GAP))
    parts.append(
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{height - 8}" text-anchor="middle">{escape(axis)}</text>'
    )
    return "\n".join([*parts, "</svg>", ""])


def _legend(series: Sequence[Series]) -> Iterator[str]:
    """Two names a row."""
    for number, one in enumerate(series):
        x, y = _LEFT + number % 2 * 300, 44 + number // 2 * 18
        yield f'<path d="M{x} {y - 4}h26" {_stroke(number)}/>'
        yield f'<text x="{x + 32}" y="{y}">{escape(one.name)}</text>'


def _panel(panel: Panel, places: Sequence[float], top: float) -> Iterator[str]:
    ceiling, step = _scale(max(max(one.values) for one in panel.series))
    bottom, right = top + _PANEL, _WIDTH - _RIGHT

    def x(place: float) -> float:
        return _LEFT + (place - places[0]) / (places[-1] - places[0]) * (right - _LEFT)

    def y(value: float) -> float:
        return bottom - value / ceiling * _PANEL

    yield f'<text x="{_LEFT}" y="{top - 8}">{escape(panel.label)}</text>'
    for number in range(round(ceiling / step) + 1):
        value = number * step
        yield f'<path d="M{_LEFT} {y(value):.1f}H{right}" stroke="#dddddd"/>'
        yield f'<text x="{_LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
    for place in range(int(places[0]), int(places[-1]) + 1, 3):
        yield f'<text x="{x(place):.1f}" y="{bottom + 16}" text-anchor="middle">{place}</text>'
    for number, one in enumerate(panel.series):
        points = " ".join(f"{x(place):.1f},{y(value):.1f}" for place, value in zip(places, one.values, strict=True))
        yield f'<polyline points="{points}" {_stroke(number)}/>'


def _scale(most: float) -> tuple[float, float]:
    """A ceiling and a step of 1, 2 or 5 times a power of ten, four to eight steps high."""
    step = 1e-3
    for factor in (2, 2.5, 2) * 12:
        if most / step <= 6:
            break
        step *= factor
    return step * max(1, -(-most // step)), step


def _stroke(number: int) -> str:
    return f'fill="none" stroke-width="2" stroke="{_COLOURS[number]}" stroke-dasharray="{_DASHES[number]}"'
