"""Q4: each figure of the tip is in the prompt."""

import re

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.figures import DAY, HOUR, MINUTE, Figure, clock_times, counts, figures
from evals.reading.material import Material, material
from evals.reading.named import titles_on_offer
from evals.reading.words import without_titles
from evals.scorers.verdict import Verdict, held

_STEPS = (2, 5, 10, 15, 20, 25, 30, 45, 60, 90)
"""Minutes that a step may take in every prompt."""

_TOMORROW = re.compile(r"\btomorrow\b|\bmorgen\b")


def number_truth(case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """Figures in digits and in words, outside titles; a clock time may be one later today."""
    told = material(answered.prompt.user)
    known = [figure for text in told.told for figure in counts(text)] + _of_tasks(told) + _of_dates(case)
    for text in (tip.content, tip.rationale or ""):
        bare = without_titles(text, titles_on_offer(case, answered.prompt.user))
        for figure in figures(bare):
            if not _is_step(figure) and not figure.matches(known):
                return held(f"the figure {figure.value:g} is not in the prompt")
        for minutes in clock_times(bare):
            if not _may_be_said(minutes, bare, case, told):
                return held(f"the time {minutes // 60:02}:{minutes % 60:02} is neither in the prompt nor later today")
    return held("")


def _of_tasks(told: Material) -> list[Figure]:
    ages = [Figure(task["age_days"], DAY) for task in told.tasks if "age_days" in task]
    return ages + [Figure(task["minutes"], MINUTE) for task in told.tasks if "minutes" in task]


def _of_dates(case: Case) -> list[Figure]:
    """The number of open tasks, and the days from today to their dates, which a reader derives from a weekday."""
    dues = [task.due for task in case.nameable.values() if task.due] if case.clock else []
    days = [Figure(abs(case.clock.days_since(due)), DAY) for due in dues if case.clock]
    return [Figure(len(case.nameable), 0.0), *days]


def _is_step(figure: Figure) -> bool:
    return figure.unit in (MINUTE, HOUR) and figure.value * figure.unit in _STEPS


def _may_be_said(minutes: int, text: str, case: Case, told: Material) -> bool:
    if _TOMORROW.search(text) or any(minutes in clock_times(each) for each in told.told):
        return True
    now = case.local.hour * 60 + case.local.minute if case.local else 60 * (case.hour or 0)
    return minutes >= now
