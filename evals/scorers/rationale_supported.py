"""Q12: the rationale gives a signal of the prompt, and does not repeat the tip."""

import re
from functools import lru_cache

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.figures import clock_times, figures
from evals.reading.material import Material, fact_of, material
from evals.reading.words import jaccard, telling
from evals.scorers.verdict import Verdict, exempt, held
from oo.contract.kinds import Kind
from oo.prompts.clock_line import WEEKDAYS
from oo.untrusted_text.cleaning import fold

_LEAST_SHARE = 0.3
_MOST_ALIKE = 0.6
_SIGNALS = (
    "monday|mondays|montags?",
    "tuesday|tuesdays|dienstags?",
    "wednesday|wednesdays|mittwochs?",
    "thursday|thursdays|donnerstags?",
    "friday|fridays|freitags?",
    "saturday|saturdays|samstags?",
    "sunday|sundays|sonntags?",
    "mornings?|vormittags?|früh",
    "afternoons?|nachmittags?",
    "evenings?|abends?",
    "nights?|nachts?",
    "today|heute",
    "tomorrow|morgen",
    "past its date|past due|overdue|überfällig|vorbei|hinaus",
    "high priority|urgent priority|important|matters|wichtig",
    "week|woche",
    "quiet hours?|ruhezeit",
    "after their (?:first )?date|später fertig",
    "land on time|rechtzeitig",
    "cluster|finishing window|finish|get (?:things )?(?:done|finished)|get done|gute zeit|fertig",
    "open \\d+ (?:days|weeks)|waited|waiting|a while|for weeks|for long|offen|wartet seit",
    "ahead of the usual pace|mehr als sonst",
    "busier|voller",
    "lighter|leichter",
    "capacity|lined up|liegt einiges an|noch etwas übrig",
    "hours are over|vorbei",
    "one list|in einer liste",
    "a new (?:week|month)|neuer abschnitt",
    "waits for|wartet",
)
"""Subjects of which a reason and a Fact may both speak, in English and German words."""

_PATTERNS = tuple(re.compile(rf"\b(?:{words})\b") for words in _SIGNALS)


def rationale_supported(case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """It shares a figure, a day, a part of the day, or 30% of its distinctive words with a Fact, and is not a copy.

    It is a copy if, without function words and the words of that Fact, 60% of its and the tip's words are the same.
    """
    facts = _facts(material(answered.prompt.user), answered, case)
    if not facts:
        return exempt("the prompt contains no fact")
    if not (tip.rationale or "").strip():
        return held("there is no rationale")
    supporting = [fact for fact in facts if _shares(tip.rationale or "", fact)]
    if not supporting:
        return held("it gives no fact of the prompt")
    alike = min(_alike(tip.rationale or "", tip.content, fact) for fact in supporting)
    return held(f"{alike:.0%} of it repeats the tip" if alike >= _MOST_ALIKE else "")


def _facts(told: Material, answered: Answered, case: Case) -> list[str]:
    facts = [fact_of(note) for note in told.notes] + list(told.facts)
    for task in told.tasks:
        due = f"is due {task['due']} {_weekday(case, task['title'])}" if "due" in task else ""
        weight = f"{task.get('importance', '')} priority" if task.get("importance") in ("high", "urgent") else ""
        age = f"open {task['age_days']} days" if "age_days" in task else ""
        length = f"{task['minutes']} minutes" if "minutes" in task else ""
        facts.append(f"{task['title']} is one of your tasks, {due} {weight} {age} {length}")
    delivery = answered.prompt.delivery
    if delivery and set(delivery.kinds) <= {Kind.REST, Kind.PLAN}:
        facts.append("quiet hours")
    if case.body.tasks and not case.opened.rows.task_list.has_open_row:
        facts.append("there is no open task and no pattern to go by, keine offene aufgabe")
    return facts


def _weekday(case: Case, title: str) -> str:
    """The weekday of a task's date, which is equivalent to "tomorrow"."""
    task = case.nameable.get(title)
    if task is None or task.due is None or case.clock is None:
        return ""
    return WEEKDAYS[task.due.day(case.clock.zone).weekday()]


def _shares(rationale: str, fact: str) -> bool:
    if any(figure.matches(figures(fact)) for figure in figures(rationale)):
        return True
    if set(clock_times(rationale)) & set(clock_times(fact)) or _signals(rationale) & _signals(fact):
        return True
    words = telling(rationale)
    return bool(words) and len(words & telling(fact)) >= _LEAST_SHARE * len(words)


@lru_cache(maxsize=4096)
def _signals(text: str) -> frozenset[int]:
    """The positions of the signals in a text."""
    told = fold(text)
    return frozenset(place for place, pattern in enumerate(_PATTERNS) if pattern.search(told))


def _alike(rationale: str, content: str, fact: str) -> float:
    if fold(rationale) == fold(content):
        return 1.0
    known = telling(fact)
    return jaccard(frozenset(telling(rationale) - known), frozenset(telling(content) - known))
