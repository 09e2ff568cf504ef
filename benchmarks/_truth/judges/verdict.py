"""The verdict on a sentence: its own agent's judge, and the rules for the sentences of every agent."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from benchmarks._truth.judges.choice_judges import important_first, project_focus, quick_win, stale_task
from benchmarks._truth.judges.date_judges import deadline_pressure, overdue_pile, workload_balance
from benchmarks._truth.judges.delivery_judge import tip_receptivity
from benchmarks._truth.judges.habit_judges import lateness_buffer, momentum, peak_hours, weekly_review
from benchmarks._truth.judges.sentence import Finding, Judge, Level, Sentence, holds, leads

JUDGES: Mapping[str, Judge] = {
    "deadline-pressure": deadline_pressure,
    "lateness-buffer": lateness_buffer,
    "peak-hours": peak_hours,
    "momentum": momentum,
    "quick-win": quick_win,
    "important-first": important_first,
    "stale-task": stale_task,
    "workload-balance": workload_balance,
    "project-focus": project_focus,
    "tip-receptivity": tip_receptivity,
    "overdue-pile": overdue_pile,
    "weekly-review": weekly_review,
}

ACTS_ON_WAITING = "proposes work on a waiting task"


class Verdict(NamedTuple):
    """The worst level of all findings, and their reasons."""

    level: Level
    reasons: tuple[str, ...]


def verdict(sentence: Sentence) -> Verdict:
    """The judgement of a sentence by the planted data."""
    own, common = list(JUDGES[sentence.agent_id](sentence)), list(_of_any_agent(sentence))
    level = max(each.level for each in (*own, *common))
    if not own and level is Level.TRUE:
        return Verdict(Level.UNREADABLE, ("none of its phrases",))
    reasons = (each.reason for each in (*own, *common) if each.level is level and level is not Level.TRUE)
    return Verdict(level, tuple(dict.fromkeys(reasons)))


def acts_on_waiting(sentence: Sentence) -> bool:
    """Whether it proposes a step on a waiting task, other than to ask the person for whom it waits."""
    waiting = [task for task in sentence.tasks if task.is_waiting(sentence.scene.now)]
    return bool(waiting) and not re.search(r"waits for", sentence.fact)


def _of_any_agent(sentence: Sentence) -> Iterator[Finding]:
    titles = sentence.clauses.titles
    yield holds(len(sentence.tasks) == len(titles), "a quoted task is not open")
    yield leads(not acts_on_waiting(sentence), ACTS_ON_WAITING)
