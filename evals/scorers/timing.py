"""Q11: the tip contradicts neither the clock nor the date of its task."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.material import material
from evals.reading.named import named_titles, titles_on_offer
from evals.reading.words import TITLE, without_titles
from evals.scorers.verdict import Verdict, held
from oo.snapshot.tasks import Task

_WEEKDAYS = (
    ("monday", "montag"),
    ("tuesday", "dienstag"),
    ("wednesday", "mittwoch"),
    ("thursday", "donnerstag"),
    ("friday", "freitag"),
    ("saturday", "samstag"),
    ("sunday", "sonntag"),
)
_DAY = "|".join(name for names in _WEEKDAYS for name in names)
_TOMORROW = re.compile(r"\btomorrow\b|\bmorgen\b")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_ENDS_AT = (
    (12, r"this morning|heute (?:früh|vormittag)|am vormittag"),
    (12, r"(?:before|after|over|with) breakfast|first cup of coffee|(?:vor|nach) dem frühstück|ersten tasse kaffee"),
    (14, r"(?:before|until) lunch|before noon|vor dem mittagessen|vor mittag"),
    (17, r"(?:after|over) lunch|nach dem mittagessen"),
    (18, r"this afternoon|heute nachmittag|am nachmittag"),
    (21, r"before dinner|vor dem abendessen"),
)
"""Times of today that have passed at an hour; a time of tomorrow is not a contradiction."""

_PASSED = tuple((hour, re.compile(rf"\b(?:{words})\b")) for hour, words in _ENDS_AT)
_HOLDS_WITHIN = (
    (4, 12, re.compile(r"\bgood morning\b|\bmorning is\b|\bguten morgen\b|\bthis early\b|\bstart of the day\b")),
    (11, 18, re.compile(r"\bgood afternoon\b|\bafternoon is\b|\bguten tag\b")),
    (16, 24, re.compile(r"\bgood evening\b|\bevening is\b|\bguten abend\b|\bday is (?:nearly|almost) over\b")),
)
_TODAY_IS = re.compile(rf"\b(?:today is|it is|it's|happy|heute ist|today,) (?P<day>{_DAY})\b")
_DAY_AND_PART = re.compile(
    rf"\b(?P<day>{_DAY})[ -]?(?:morning|afternoon|evening|night|morgen|nachmittag|abend|vormittag)\b"
)
_WEEKEND = re.compile(r"\bit(?:'s| is) the weekend\b|\bes ist wochenende\b")
_DUE = re.compile(
    rf"""\b(?:due|fällig|(?:its|the)\ date\ is|deadline\ is)\ (?:
        (?P<today>today|tonight|heute|within\ the\ hour|in\ about\ \d+\ h\b) | (?P<tomorrow>tomorrow|morgen)
      | (?:on\ |this\ |by\ |am\ )?(?P<day>{_DAY}) | in\ (?:about\ )?(?P<n>\d+)\ (?P<unit>days?|weeks?|tagen?|wochen?) )
    | \b(?P<today2>heute|in\ etwa\ \d+\ h)\ fällig | \b(?P<tomorrow2>morgen)\ fällig
    | \b(?:am\ )(?P<day2>{_DAY})\ fällig | \bin\ (?P<n2>\d+)\ (?P<unit2>tagen?|wochen?)\ fällig
    | \b(?P<past>overdue|past\ due|past\ its\ (?:date|time)|{TITLE}\ has\ passed|date\ has\ passed|überfällig
        |über\ das\ datum\ hinaus)\b""",
    re.VERBOSE,
)

_CLAUSE = re.compile(r"[.,;:!?…]\s+")
_OF_OTHERS = re.compile(r"\b(?:tasks?|others?|nothing|dates|aufgaben?|andere|daten|nichts)\b")
"""A clause with one of these is about other tasks than the one that the tip names."""


def timing(case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """Parts of the day that are over, a different weekday, or a due date that is not the named task's."""
    titles = titles_on_offer(case, answered.prompt.user)
    texts = [without_titles(text, titles).casefold() for text in (tip.content, tip.rationale or "")]
    named = named_titles(f"{tip.content} {tip.rationale or ''}", titles)
    tasks = [case.nameable[title] for title in named if title in case.nameable]
    found = (
        fault
        for text in texts
        for faults in (_of_hour(text, case), _of_weekday(text, case, answered), _of_due(text, case, tasks))
        for fault in faults
    )
    return held(next(found, ""))


def _of_hour(text: str, case: Case) -> Iterator[str]:
    hour = case.hour
    if hour is None:
        return
    for sentence in _SENTENCE.split(text):
        if not _TOMORROW.search(sentence):
            yield from (
                f"“{found[0]}” at {hour} h"
                for ends, words in _PASSED
                if hour >= ends and (found := words.search(sentence))
            )
        for first, last, words in _HOLDS_WITHIN:
            found = words.search(sentence)
            if found and not first <= hour < last:
                yield f"“{found[0]}” at {hour} h"


def _of_weekday(text: str, case: Case, answered: Answered) -> Iterator[str]:
    today = case.weekday
    if today is None:
        return
    for found in _TODAY_IS.finditer(text):
        if _weekday(found["day"]) != today:
            yield f"“{found[0]}” on another day"
    told = " ".join(material(answered.prompt.user).told).casefold()
    for found in _DAY_AND_PART.finditer(text):
        if _weekday(found["day"]) not in (today, (today + 1) % 7) and found["day"] not in told:
            yield f"“{found[0]}” on another day"
    if _WEEKEND.search(text) and today < 5:
        yield "a weekend on a day of the week"


def _of_due(text: str, case: Case, tasks: Sequence[Task]) -> Iterator[str]:
    clock = case.clock
    if clock is None or not clock.zone_known or not tasks:
        return
    clauses = (clause for clause in _CLAUSE.split(text) if not _OF_OTHERS.search(clause))
    for found in (each for clause in clauses for each in _DUE.finditer(clause)):
        dues = [task.due for task in tasks if task.due]
        if not dues and not any(task.due_unknown for task in tasks):
            yield f"“{found[0]}” of a task without a date"
        elif dues and not any(
            _is_due(found, due.day(clock.zone), clock.today, is_past=clock.now > due.at) for due in dues
        ):
            yield f"“{found[0]}”, which is another date than the task's"


def _is_due(found: re.Match[str], due: date, today: date, *, is_past: bool) -> bool:
    days = (due - today).days
    day, number = found["day"] or found["day2"], found["n"] or found["n2"]
    if found["past"]:
        return is_past
    if found["today"] or found["today2"]:
        return days == 0 or (days == 1 and " h" in found[0])
    if found["tomorrow"] or found["tomorrow2"]:
        return days == 1
    if day:
        return _weekday(day) == due.weekday() and -1 <= days <= 7
    unit = found["unit"] or found["unit2"]
    size = 7 if unit[0] == "w" else 1
    return abs(int(number) * size - days) <= max(1, size // 2)


def _weekday(name: str) -> int:
    return next(place for place, names in enumerate(_WEEKDAYS) if name in names)
