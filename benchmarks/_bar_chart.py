"""Bars from the left as an SVG, one below the other."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _BAR = 860, 230, 130, 52, 34, 20
_TEXT = 'font-family="sans-serif" font-size="13"'


class Bar(NamedTuple):
    """One bar; `note` stands behind its figure, which has so many decimals."""

    label: str
    value: float
    note: str
    decimals: int = 0


def chart(title: str, bars: Sequence[Bar]) -> str:
    """The whole picture; the longest bar takes the whole width."""
    height = _TOP + len(bars) * _ROW + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {_TEXT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        f'<text x="20" y="28" font-size="16" font-weight="bold">{escape(title)}</text>',
    ]
    longest = max(bar.value for bar in bars)
    for number, bar in enumerate(bars):
        parts += _row(bar, _TOP + number * _ROW, (_WIDTH - _LEFT - _RIGHT) * bar.value / longest)
    return "\n".join([*parts, "</svg>", ""])


def _row(bar: Bar, top: int, width: float) -> Iterator[str]:
    middle = top + _BAR - 5
    yield f'<text x="{_LEFT - 10}" y="{middle}" text-anchor="end">{escape(bar.label)}</text>'
    yield f'<rect x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_BAR}" fill="#1f6fb2"/>'
    yield f'<text x="{_LEFT + width + 8:.1f}" y="{middle}">{bar.value:.{bar.decimals}f} ({escape(bar.note)})</text>'
