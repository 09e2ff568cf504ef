"""The bounds of a tip, combined from slider, the user's limits, quiet hours and recent responses.

The prompt contains the result on one line, which is its only statement of a bound. The template tip follows it as well.
"""

import json
import re
from collections.abc import Sequence
from typing import NamedTuple

from oo.contract.kinds import Kind
from oo.prompts.recent import Recent
from oo.prompts.slider import Slider
from oo.snippets.verdict import JudgedSnippet

_LIMIT = re.compile(r"\bat most (\d{1,3}) words\b|\blimit for a tip here is (\d{1,3}) words\b")
_PREFIX = "Delivery: "
_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_QUIET = "quiet hours run"
_RUN = re.compile(r"\bthe last (\d+) tips\b.*\b(?:turned down|dismissed|rejected|declined)\b")
_TONE = re.compile(r"\b(?:in )?an? (\w+) tone\b")
_QUIET_KINDS = (Kind.REST, Kind.PLAN)
_SHORTEST_LIMIT = 1
_LEAST_RUN_N = 2


class Delivery(NamedTuple):
    """The bounds of one tip; of a pair the first is the minimum and the second the maximum, both inclusive."""

    words: tuple[int, int]
    characters: int
    figures: tuple[int, int]
    kinds: tuple[Kind, ...]
    tone: str
    language: str
    form: str
    tone_is_set: bool = False
    is_quiet: bool = False

    def line(self) -> str:
        """The line of the prompt."""
        told = {
            "words": list(self.words),
            "characters": self.characters,
            "figures": list(self.figures),
            "kinds": [kind.value for kind in self.kinds],
            "tone": self.tone,
            "language": self.language,
            "form": self.form,
        }
        return f"{_PREFIX}{_WRITER.encode(told)}"


DEFAULT_DELIVERY = Delivery((10, 38), 240, (0, 2), tuple(Kind), "plain", "en", "reason, then step")
"""The bounds of a tip without further limits."""


def read_delivery(line: str) -> Delivery | None:
    """The bounds in such a line, for a stand-in of a model; None for any other text."""
    try:
        told = json.loads(line.removeprefix(_PREFIX))
        kinds = tuple(Kind(kind) for kind in told["kinds"])
        words, figures = tuple(told["words"]), tuple(told["figures"])
        return Delivery(
            words,
            told["characters"],
            figures,
            kinds,
            told["tone"],
            told["language"],
            told["form"],
            is_quiet=set(kinds) <= set(_QUIET_KINDS),
        )
    except (ValueError, KeyError, TypeError):
        return None


def delivery_of(slider: Slider, note: JudgedSnippet | None, recent: Sequence[Recent], language: str) -> Delivery:
    """The bounds of the next tip.

    `note` is from the agent for delivery; `recent` are the latest tips, newest first. The user's limit may be below the
    usual minimum of words. A tone that the user set replaces the slider's. Quiet hours allow only rest and plan. After
    two consecutive rejections, the kind of the last tip is not allowed.
    """
    told = f"{note.fact} {note.move}" if note else ""
    fewest, most = slider.words
    limit = _limit(told)
    most = most if limit is None else min(most, limit)
    tone = _TONE.search(told)
    is_quiet = _QUIET in told
    return Delivery(
        words=(min(fewest, most), most),
        characters=slider.characters,
        figures=slider.band.figures,
        kinds=_kinds(told, recent, is_quiet=is_quiet),
        tone=tone[1] if tone else slider.band.tone,
        language=language,
        form=slider.band.form,
        tone_is_set=tone is not None,
        is_quiet=is_quiet,
    )


def _limit(told: str) -> int | None:
    limits = [int(number) for pair in _LIMIT.findall(told) for number in pair if number]
    return max(_SHORTEST_LIMIT, min(limits)) if limits else None


def _kinds(told: str, recent: Sequence[Recent], *, is_quiet: bool) -> tuple[Kind, ...]:
    allowed = _QUIET_KINDS if is_quiet else tuple(Kind)
    run = _RUN.search(told)
    turned_down = run is not None and int(run[1]) >= _LEAST_RUN_N
    last = recent[0].kind if turned_down and recent else None
    return tuple(kind for kind in allowed if kind != last)
