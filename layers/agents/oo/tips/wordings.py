"""Sentences of template tips: the wordings of each statement, and the values that fill them."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from oo.snippets.grammar import QUOTED
from oo.tips.wordings_de import GERMAN
from oo.tips.wordings_en import ENGLISH

LANGUAGES = {"en": ENGLISH, "de": GERMAN}


class Sentences(NamedTuple):
    """The sentences of one language; each has parts in braces, of which `{x}` is the quoted title.

    `statements` are by the topic of the statement. `task`, `dated` and `past` are about a task without a note. `short`
    have few words, `quiet` propose nothing for now, `bare` name no task; `step` and `quiet_step` follow a sentence that
    names the task. `cues` are by the hour at which they end, `soon` fit if the day is nearly over, `later` if the hour
    is unknown. `reasons` give the signal behind a statement, if the note's own words do not.
    """

    statements: Mapping[str, Sequence[str]]
    reasons: Mapping[str, str]
    task: Sequence[str]
    dated: Sequence[str]
    past: Sequence[str]
    short: Sequence[str]
    step: Sequence[str]
    quiet_step: Sequence[str]
    quiet: Sequence[str]
    quiet_short: Sequence[str]
    bare: Sequence[str]
    bare_short: Sequence[str]
    quiet_bare: Sequence[str]
    cues: Sequence[tuple[int, Sequence[str]]]
    soon: Sequence[str]
    later: Sequence[str]
    minutes: Mapping[int, str]


def sentences_of(language: str) -> Sentences:
    """The sentences of a language; for an unsupported language, English ones around the user's own titles."""
    return Sentences(**LANGUAGES.get(language, ENGLISH))


def statement_told(content: str) -> str | None:
    """The topic of the statement in a tip with these wordings; None for a tip in other words."""
    bare = QUOTED.sub("", content)
    # A text lacks even the longest part of most wordings.
    near = [told for told in _wordings() if told.longest in bare]
    return next((told.topic for told in near if _holds(bare, told.parts)), None)


_PLACE = re.compile(r"\{(\w+)\}")


class _Wording(NamedTuple):
    """The topic of a statement's wording, the longest part of its text around the braces, and all parts."""

    topic: str
    longest: str
    parts: Sequence[str]


@cache
def _wordings() -> Sequence[_Wording]:
    return [
        _Wording(topic, max(parts, key=len), parts)
        for language in LANGUAGES.values()
        for topic, wordings in language["statements"].items()
        for parts in (_PLACE.split(wording)[::2] for wording in wordings)
    ]


def _holds(text: str, fragments: Sequence[str]) -> bool:
    """Whether a text contains all the words between the parts of a wording, in their order."""
    start = 0
    for fragment in fragments:
        start = text.find(fragment, start)
        if start < 0:
            return False
        start += len(fragment)
    return True


_ABOUT_TODAY = ("goal", "fresh_start", "ahead", "hours_over", "room", "load", "due_today", "peak_now")
_PRESSES = re.compile(r"in about \d+ h|within the hour|today\b.*")
_MORNING, _NIGHT = 5, 22


def cues_at(sentences: Sentences, hour: int | None, topic: str = "", when: str = "") -> Sequence[str]:
    """Cues later than a local hour; without an hour, those that are always possible.

    A task due today, or at night any statement about today, leaves no time until tomorrow.
    """
    is_night = hour is not None and not _MORNING <= hour < _NIGHT
    if topic == "past_time" or _PRESSES.fullmatch(when) or (is_night and topic in _ABOUT_TODAY):
        return sentences.soon
    if hour is None:
        return sentences.later
    return next(cues for end, cues in sentences.cues if hour < end)


def filled(wording: str, parts: Mapping[str, str]) -> str | None:
    """The wording with its parts, an upper-case letter or a title first; None if a part is unknown."""
    if not set(_PLACE.findall(wording)) <= parts.keys():
        return None
    text = _PLACE.sub(lambda place: parts[place[1]], wording)
    return text[0].upper() + text[1:]


def step_minutes(estimate_min: float | None, sentences: Sentences) -> str:
    """The words for the longest of a few steps that fits into a task's estimate."""
    lengths = sentences.minutes
    most = estimate_min or max(lengths)
    return lengths[max((each for each in lengths if each <= most), default=min(lengths))]


def in_language(name: str, part: str, language: str) -> str:
    """A part of an agent's phrase, which is English, in the language of the tip."""
    if language != "de":
        return part
    if name == "days":
        return _DAYS_IN_GERMAN.get(part, part.replace(" days", " Tagen"))
    if name == "n":
        return part.replace("at least", "mindestens")
    if name in ("minutes", "short"):
        return _MINUTES_IN_GERMAN.get(part, part.replace(" min", " Minuten"))
    return _when_in_german(part) if name == "when" else part


def _when_in_german(part: str) -> str:
    for pattern, german in _WHEN_IN_GERMAN:
        found = pattern.fullmatch(part)
        if found:
            return german.format(*(_WEEKDAYS_IN_GERMAN.get(each, each) for each in found.groups()))
    return part


_WHEN_IN_GERMAN = (
    (re.compile(r"in about 1 h"), "in etwa einer Stunde"),
    (re.compile(r"in about (\d+) h"), "in etwa {} Stunden"),
    (re.compile(r"within the hour"), "in der nächsten Stunde"),
    (re.compile(r"today by (\d\d:\d\d)"), "heute bis {}"),
    (re.compile(r"today"), "heute"),
    (re.compile(r"tomorrow"), "morgen"),
    (re.compile(r"on ([A-Z]\w+)"), "am {}"),
    (re.compile(r"in (?:about )?(\d+) days"), "in {} Tagen"),
)
_WEEKDAYS_IN_GERMAN = {
    "Monday": "Montag",
    "Tuesday": "Dienstag",
    "Wednesday": "Mittwoch",
    "Thursday": "Donnerstag",
    "Friday": "Freitag",
    "Saturday": "Samstag",
    "Sunday": "Sonntag",
}
_MINUTES_IN_GERMAN = {"1 min": "einer Minute", "under 1 min": "weniger als einer Minute"}
_DAYS_IN_GERMAN = {"1 day": "einem Tag", "several days": "mehreren Tagen"}
