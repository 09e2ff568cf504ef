"""Feedback rows joined into episodes: one episode is one tip and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from oo.snapshot.clock import read_past_moment
from oo.snapshot.numbers import finite_number

EPISODE_GAP = timedelta(minutes=30)
WORDS_PER_MINUTE = 238  # silent reading of English, Brysbaert 2019
# Opening a tip counts against it when it was left before 40% of the time that 20 words take.
GLANCE_MS = 0.4 * 20 / WORDS_PER_MINUTE * 60_000

_ALIASES = {
    "clicked": "opened",
    "completed": "done",
    "acted": "done",
    "thumbs_up": "helpful",
    "thumbs_down": "not_helpful",
    "impression": "shown",
}
# Strongest first.
_OUTCOMES = ("not_helpful", "helpful", "done", "dismissed", "snoozed", "opened", "shown")
_RANK = {action: rank for rank, action in enumerate(_OUTCOMES)}
# How much an outcome says for the tip, and how heavily it weighs: a snooze is a wrong time, not a wrong tip.
_VALUE_AND_WEIGHT = {
    "not_helpful": (0.0, 1.0),
    "helpful": (1.0, 1.0),
    "done": (1.0, 1.0),
    "dismissed": (0.0, 1.0),
    "snoozed": (0.0, 0.5),
    "opened": (1.0, 0.3),
    "shown": (0.0, 0.3),
}


class FeedbackRow(NamedTuple):
    """One readable feedback event; `dwell_ms` is -1 where none is known, so that rows can be sorted."""

    at: datetime
    action: str
    dwell_ms: float = -1.0


@dataclass(frozen=True, slots=True)
class Episode:
    """One tip's fate: its strongest outcome, what it is worth (0 or 1) and how heavily it counts."""

    at: datetime
    outcome: str
    value: float
    weight: float
    dwell_ms: float | None


def read_action(value: object) -> str | None:
    """The action under its one name; None for unknown ones."""
    if not isinstance(value, str) or len(value) > 64:
        return None
    word = value.strip().lower().replace("-", "_").replace(" ", "_")
    word = _ALIASES.get(word, word)
    return word if word in _RANK else None


def read_feedback(rows: Iterable[object], assume: tzinfo, latest: datetime) -> list[FeedbackRow]:
    """Rows with a known action and a readable time up to `latest`, in order of time, exact duplicates once."""
    found: set[FeedbackRow] = set()
    for row in rows:
        if not isinstance(row, Mapping):
            continue
        action = read_action(row.get("action"))
        moment = read_past_moment(row, "created_at", assume, latest)
        if action and moment and not moment.date_only:
            dwell_ms = finite_number(row.get("dwell_ms"))
            known = dwell_ms is not None and dwell_ms >= 0
            found.add(FeedbackRow(moment.at, action, dwell_ms if dwell_ms is not None and known else -1.0))
    return sorted(found)


def read_episodes(rows: Iterable[FeedbackRow]) -> list[Episode]:
    """Sorted rows as episodes: a new one starts at each `shown` and after a gap of more than 30 minutes."""
    episodes: list[list[FeedbackRow]] = []
    for row in rows:
        starts = row.action == "shown" or not episodes or row.at - episodes[-1][-1].at > EPISODE_GAP
        if starts:
            episodes.append([row])
        else:
            episodes[-1].append(row)
    return [_episode(events) for events in episodes]


def _episode(events: list[FeedbackRow]) -> Episode:
    outcome = min((row.action for row in events), key=_RANK.__getitem__)
    longest = max(row.dwell_ms for row in events)
    dwell_ms = longest if longest >= 0 else None
    value, weight = _VALUE_AND_WEIGHT[outcome]
    if outcome == "opened" and dwell_ms is not None and dwell_ms < GLANCE_MS:
        value = 0.0
    return Episode(events[0].at, outcome, value, weight, dwell_ms)
