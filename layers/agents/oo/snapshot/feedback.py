"""Feedback rows joined into episodes: one episode is one tip and what became of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple, TypeVar

from oo.contract.vocabulary import FEEDBACK_FIELDS, FEEDBACK_WORDS
from oo.snapshot.clock import read_moment, read_zone
from oo.snapshot.numbers import numeric
from oo.snapshot.report import ListReport
from oo.snapshot.tasks import read_id
from oo.snapshot.words import word_key

EPISODE_GAP = timedelta(minutes=30)
WORDS_PER_MINUTE = 238  # silent reading of English, Brysbaert 2019
# Opening a tip counts against it when it was left before 40% of the time that 20 words take.
GLANCE_MS = 0.4 * 20 / WORDS_PER_MINUTE * 60_000

# Seconds in place of milliseconds: as many dwell times as this, all of them shorter than any glance.
_LEAST_DWELLS_N = 5
_SHORTEST_DWELL_MS = 100

_KEYS = frozenset(key for field in FEEDBACK_FIELDS.values() for key in field.keys)
_OUTCOME_OF = {word_key(word): outcome for outcome, words in FEEDBACK_WORDS.items() for word in words}
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


_Read = TypeVar("_Read")


class FeedbackRow(NamedTuple):
    """One readable feedback event; -1 and empty texts where nothing is known, so that rows can be sorted."""

    at: datetime
    action: str
    dwell_ms: float = -1.0
    serve_id: str = ""
    tip_id: str = ""

    @property
    def names_its_tip(self) -> bool:
        """Whether an id says which tip the row is about."""
        return bool(self.serve_id or self.tip_id)


@dataclass(frozen=True, slots=True)
class Episode:
    """One tip's fate: its strongest outcome, what it is worth (0 or 1) and how heavily it counts."""

    at: datetime
    outcome: str
    value: float
    weight: float
    dwell_ms: float | None


def read_action(value: object) -> str | None:
    """The outcome that a word stands for; None for other words, and for what is no text."""
    if not isinstance(value, str):
        return None
    return _OUTCOME_OF.get(value) or _OUTCOME_OF.get(word_key(value))


def read_feedback(
    rows: Iterable[object], assume: tzinfo, latest: datetime, report: ListReport | None = None
) -> list[FeedbackRow]:
    """Rows with a known action and a readable time up to `latest`, in order of time, each event once.

    A bare date is no time here: it tells neither the order of events nor which belong together.
    """
    report = report or ListReport("feedback_history")
    found = []
    for row in rows:
        if isinstance(row, Mapping):
            read = _read_row(row, assume, latest, report)
            if read is not None:
                found.append(read)
        else:
            report.dropped("not_object")
    return _in_milliseconds(_once_each(_with_both_ids(found)), report)


def _read_row(row: Mapping[str, object], assume: tzinfo, latest: datetime, report: ListReport) -> FeedbackRow | None:
    if not row.keys() <= _KEYS:
        for key in row.keys() - _KEYS:
            report.unread_key(key)
    zone = _first(row, "timezone", read_zone, report) or assume

    def read_time(value: object) -> datetime | None:
        moment = read_moment(value, zone)
        return None if moment is None or moment.date_only else moment.at

    action = _first(row, "action", read_action, report)
    at = _first(row, "created_at", read_time, report)
    dwell_ms = _first(row, "dwell_ms", _read_dwell, report)
    serve_id = _first(row, "serve_id", _read_tip_id, report) or ""
    tip_id = _first(row, "tip_id", _read_tip_id, report) or ""
    if action is None:
        return None
    if at is None:
        report.dropped("no_time")
        return None
    if at > latest:
        report.dropped("future")
        return None
    return FeedbackRow(at, action, -1.0 if dwell_ms is None else dwell_ms, serve_id, tip_id)


def _first(
    row: Mapping[str, object], field: str, read: Callable[[object], _Read | None], report: ListReport
) -> _Read | None:
    """The first readable value under the keys of a field."""
    is_unknown = False
    for key in FEEDBACK_FIELDS[field].keys:
        value = row.get(key)
        if value is not None:
            found = read(value)
            if found is not None:
                return found
            is_unknown = is_unknown or not _is_absent(value)
    if is_unknown:
        report.unreadable(field)
    return None


def _is_absent(value: object) -> bool:
    if isinstance(value, str):
        return value.strip() in {"", "0"}
    return value in (None, [], {}) or (value == 0 and not isinstance(value, bool))


def _read_dwell(value: object) -> float | None:
    dwell_ms = numeric(value)
    return None if dwell_ms is None or dwell_ms < 0 else dwell_ms


def _read_tip_id(value: object) -> str | None:
    return None if _is_absent(value) else read_id(value)


def _with_both_ids(rows: list[FeedbackRow]) -> list[FeedbackRow]:
    """Rows in which one id of a tip stands for both, where other rows leave no doubt which the other one is."""
    tips, serves = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for row in rows:
        if row.serve_id and row.tip_id:
            tips[row.serve_id].add(row.tip_id)
            serves[row.tip_id].add(row.serve_id)
    if not tips:
        return rows
    only_tip = {serve_id: next(iter(found)) for serve_id, found in tips.items() if len(found) == 1}
    only_serve = {tip_id: next(iter(found)) for tip_id, found in serves.items() if len(found) == 1}
    return [
        row._replace(
            serve_id=row.serve_id or only_serve.get(row.tip_id, ""), tip_id=row.tip_id or only_tip.get(row.serve_id, "")
        )
        for row in rows
    ]


def _once_each(rows: Iterable[FeedbackRow]) -> list[FeedbackRow]:
    """The rows in order of time; of a tip that is named only the first of those that say the same."""
    found: dict[object, FeedbackRow] = {}
    for row in sorted(rows):
        found.setdefault(row[1:] if row.names_its_tip else row, row)
    return list(found.values())


def _in_milliseconds(rows: list[FeedbackRow], report: ListReport) -> list[FeedbackRow]:
    """The rows, without their dwell times where those of the user are in another unit."""
    known = [row.dwell_ms for row in rows if row.dwell_ms >= 0]
    if len(known) < _LEAST_DWELLS_N or max(known) >= _SHORTEST_DWELL_MS:
        return rows
    report.unreadable("dwell_ms", len(known))
    return _once_each(row._replace(dwell_ms=-1.0) for row in rows)


def read_episodes(rows: Iterable[FeedbackRow]) -> list[Episode]:
    """Sorted rows as episodes, in order of their begin: one for each tip that rows name.

    Of rows that name none, a new episode starts at each `shown` and after a gap of more than 30 minutes.
    """
    named: dict[tuple[str, str], list[FeedbackRow]] = {}
    unnamed: list[list[FeedbackRow]] = []
    for row in rows:
        if row.names_its_tip:
            named.setdefault((row.serve_id, row.tip_id), []).append(row)
        elif row.action == "shown" or not unnamed or row.at - unnamed[-1][-1].at > EPISODE_GAP:
            unnamed.append([row])
        else:
            unnamed[-1].append(row)
    return sorted(map(_episode, (*named.values(), *unnamed)), key=_order)


def _order(episode: Episode) -> tuple[datetime, int, float]:
    """By time; the order of tips of one second depends on nothing but what became of them."""
    return episode.at, _RANK[episode.outcome], -1.0 if episode.dwell_ms is None else episode.dwell_ms


def _episode(events: list[FeedbackRow]) -> Episode:
    outcome = min((row.action for row in events), key=_RANK.__getitem__)
    longest = max(row.dwell_ms for row in events)
    dwell_ms = longest if longest >= 0 else None
    value, weight = _VALUE_AND_WEIGHT[outcome]
    if outcome == "opened" and dwell_ms is not None and dwell_ms < GLANCE_MS:
        value = 0.0
    return Episode(events[0].at, outcome, value, weight, dwell_ms)
