"""The form of a text: its words without titles, figures, words for times, and asides."""

import re

_BESIDE = re.compile(r";[^.;]*")
_TITLE = re.compile(r"«[^»]*»")
_FIGURE = re.compile(r"\d[\d:.,]*")
_TIMES = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag\b|\bMittwoch\b|"
    r"\b(?:today|tomorrow|heute|morgen|one|two|three|several)\b"
)
_SINGULAR = {"are": "is", "were": "was", "their": "its"}
_PLURALS = re.compile(r"\b(?:tasks|days|others|are|were|their)\b")


def form_of(text: str) -> str:
    """The form, equal for texts that differ only in their subject."""
    shown = _FIGURE.sub("#", _TIMES.sub("#", _BESIDE.sub("", _TITLE.sub("«»", text))))
    return _PLURALS.sub(lambda found: _SINGULAR.get(found[0], found[0][:-1]), shown)
