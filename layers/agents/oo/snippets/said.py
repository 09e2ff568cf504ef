"""Recent tips, and the novelty of a note compared with them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from oo.snippets.statements import words_of
from oo.snippets.verdict import JudgedSnippet

RECOVERS = timedelta(days=7)
"""A repeated statement counts as new after about a week."""

_SAME_STEP = 0.9
_SAME_STATEMENT = 0.6
_SAME_TASK = 0.4
_UNDATED_STEP = timedelta(hours=12)
"""The age of a tip without a time grows by this per position: callers send the newest first."""

_ALIKE = 0.5


class SaidTip(NamedTuple):
    """A recent tip: its text, its kind, the caller's id of its task, its statement's topic, and its time.

    `says` is None if no statement is known; `place` numbers the tips, newest first.
    """

    content: str
    kind: str | None = None
    task_id: str | None = None
    says: str | None = None
    at: datetime | None = None
    place: int = 0


def novelty(note: JudgedSnippet, said: Sequence[SaidTip], now: datetime | None) -> float:
    """The novelty: from near 0, for a repeated statement, to 1.

    It follows from the strongest similarity to a recent tip, which decays over a week.
    """
    return 1 - max((_likeness(note, tip) * _freshness(tip, now) for tip in said), default=0.0)


def _likeness(note: JudgedSnippet, tip: SaidTip) -> float:
    same_task = _is_about_its_task(note, tip)
    if same_task and tip.kind == note.kind:
        return _SAME_STEP
    same_statement = (
        tip.says == note.made.statement.topic if tip.says else _share(note.words, words_of(tip.content)) >= _ALIKE
    )
    return max(_SAME_STATEMENT if same_statement else 0.0, _SAME_TASK if same_task else 0.0)


def _is_about_its_task(note: JudgedSnippet, tip: SaidTip) -> bool:
    if tip.task_id is not None:
        return any(task.id == tip.task_id for task in note.tasks)
    told = tip.content.casefold()
    return any(len(task.title) >= _SHORTEST_TITLE and task.title.casefold() in told for task in note.tasks)


_SHORTEST_TITLE = 4


def _freshness(tip: SaidTip, now: datetime | None) -> float:
    age = _UNDATED_STEP * tip.place if tip.at is None or now is None else max(now - tip.at, timedelta())
    return max(0.0, 1 - age / RECOVERS)


def _share(words: frozenset[str], among: frozenset[str]) -> float:
    return len(words & among) / len(words) if words else 0.0
