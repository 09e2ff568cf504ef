"""Figures in a text, in digits and in words, with the nouns that they count."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

MINUTE, HOUR, DAY, WEEK, MONTH = 1.0, 60.0, 1440.0, 10_080.0, 43_200.0

_UNITS = (
    (r"min(?:ute)?s?|minuten?", MINUTE),
    (r"hours?|hrs?|h|stunden?", HOUR),
    (r"days?|tag(?:en?)?|d", DAY),
    (r"weeks?|wochen?", WEEK),
    (r"months?|monat(?:en?)?", MONTH),
)
_WORDS = {
    word: place
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "eine? zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    )
    for place, word in enumerate(words.split(), start=1)
    if word != "eine?"
}
_UNIT = "|".join(unit for unit, _ in _UNITS)
_COUNTED = r"tasks?|times|of|items?|percent|aufgaben?|mal|von|prozent"
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<h>[01]?\d|2[0-4])(?::(?P<m>[0-5]\d))(?!\d|:\d)(?:\s*(?P<half>[ap])\.?m\b)?"
    r"|(?<![\d:.])(?P<h2>\d{1,2})\s*(?:(?P<half2>[ap])\.?m\b|uhr\b|o.clock\b)",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    rf"(?<![\w.,])(?P<digits>\d+(?:[.,]\d+)?)(?!\w*(?:st|nd|rd|th)\b)(?:[\s-]*(?P<unit>{_UNIT})\b|\s*%)?"
    rf"|\b(?P<word>{'|'.join(_WORDS)})(?:\s+(?:\w+\s+)?(?P<unit2>{_UNIT})\b|(?<!\bone)\s+(?:{_COUNTED})\b)",
    re.IGNORECASE,
)


class Figure(NamedTuple):
    """A figure; `unit` is in minutes, 0 for a figure that is not a duration."""

    value: float
    unit: float
    is_digits: bool = True

    def matches(self, others: Iterable["Figure"]) -> bool:
        """Whether one of the others is equal, except for rounding: half a unit or 5%."""
        return any(abs(self.value - other.in_unit(self.unit)) <= max(0.5, 0.05 * self.value) for other in others)

    def in_unit(self, unit: float) -> float:
        """The value in another unit; infinite if only one is a duration."""
        if not unit or not self.unit:
            return self.value if unit == self.unit else float("inf")
        return self.value * self.unit / unit


@lru_cache(maxsize=4096)
def clock_times(text: str) -> tuple[int, ...]:
    """The clock times of a text, in minutes after midnight."""
    return tuple(map(_minutes, _CLOCK.finditer(text)))


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    """The figures of a text except clock times."""
    return tuple(map(_figure, _FIGURE.finditer(_CLOCK.sub(" ", text))))


@lru_cache(maxsize=4096)
def counts(text: str) -> tuple[Figure, ...]:
    """The figures of a text, and all of its words for numbers: "keep three" is evidence for "three tasks"."""
    words = (word for word in re.findall(r"[^\W\d_]+", text.casefold()) if word in _WORDS)
    return (*figures(text), *(Figure(float(_WORDS[word]), 0.0, is_digits=False) for word in words))


def _minutes(found: re.Match[str]) -> int:
    hour = int(found["h"] or found["h2"]) % 24
    half = (found["half"] or found["half2"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + int(found["m"] or 0)


def _figure(found: re.Match[str]) -> Figure:
    named = found["unit"] or found["unit2"] or ""
    unit = next((size for pattern, size in _UNITS if re.fullmatch(pattern, named, re.IGNORECASE)), 0.0)
    if found["digits"]:
        return Figure(float(found["digits"].replace(",", ".")), unit)
    return Figure(float(_WORDS[found["word"].lower()]), unit, is_digits=False)
