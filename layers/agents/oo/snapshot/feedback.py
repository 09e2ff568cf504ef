"""Feedback rows grouped into episodes: one episode is one tip with its outcome."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from oo.contract.vocabulary import FEEDBACK_FIELDS, FEEDBACK_WORDS, OUTCOMES
from oo.frozen import frozen
from oo.snapshot.clock import Moment
from oo.snapshot.numbers import numeric
from oo.snapshot.report import ListReport
from oo.snapshot.rows import UNREADABLE, Readers, RowFields, Unreadable, Zone, is_blank, read_rows, readers_by_key
from oo.snapshot.stamps import stamp_reader
from oo.snapshot.task_fields import id_state
from oo.snapshot.words import word_key

EPISODE_GAP = timedelta(minutes=30)
WORDS_PER_MINUTE = 238  # silent reading of English, Brysbaert 2019
UNSEEN_FOR = timedelta(hours=24)
"""The time in which a tip that was only shown may still be accepted."""

_GLANCE_SHARE = 0.4
_USUAL_WORDS_N = 20
_MOST_WORDS_N = 200

# Seconds instead of milliseconds: at least this many dwell times, all shorter than any glance.
_LEAST_DWELLS_N = 5
_SHORTEST_DWELL_MS = 100

_OUTCOME_OF = {word_key(word): outcome for outcome, words in FEEDBACK_WORDS.items() for word in words}
_RANK = {outcome: rank for rank, outcome in enumerate(OUTCOMES)}
# The value of an outcome for the tip, and its weight: a snooze means a wrong time, not a wrong tip.
_VALUE_AND_WEIGHT = {
    "not_helpful": (0.0, 1.0),
    "helpful": (1.0, 1.0),
    "done": (1.0, 1.0),
    "dismissed": (0.0, 1.0),
    "snoozed": (0.0, 0.5),
    "opened": (1.0, 0.3),
    "shown": (0.0, 1.0),
}


class FeedbackRow(NamedTuple):
    """One readable feedback event; -1 and empty texts for unknown values, so that rows can be sorted."""

    at: datetime
    action: str
    dwell_ms: float = -1.0
    serve_id: str = ""
    tip_id: str = ""
    words_n: int = -1

    @property
    def names_its_tip(self) -> bool:
        """Whether an id identifies the row's tip."""
        return bool(self.serve_id or self.tip_id)


@frozen
class Episode:
    """One tip's outcome: the strongest one, its value (0 or 1) and its weight."""

    at: datetime
    outcome: str
    value: float
    weight: float
    dwell_ms: float | None
    words_n: int | None = None

    @property
    def counts_from(self) -> datetime:
        """The time from which it counts: a tip that was only shown counts as rejected once it is a day old."""
        return self.at + UNSEEN_FOR if self.outcome == "shown" else self.at

    def counted_at(self, moment: datetime) -> "Episode":
        """The episode with its weight at a given time."""
        weight = _VALUE_AND_WEIGHT[self.outcome][1] if self.counts_from <= moment else 0.0
        return self if weight == self.weight else replace(self, weight=weight)


def read_action(value: object) -> str | None:
    """The outcome of a word; None for other words and for a value that is not a text."""
    found = _action_state(value)
    return found if isinstance(found, str) else None


def read_feedback(
    rows: Sequence[object],
    assume: tzinfo,
    latest: datetime,
    report: ListReport | None = None,
    *,
    to_come_until: datetime | None = None,
) -> list[FeedbackRow]:
    """Rows with a known action and a readable time up to `latest`, in order of time, each event once.

    Later rows do not count and are reported. Those up to `to_come_until` follow the others, so that a caller can see
    when one begins to count; they do not affect the others. A bare date is not accepted as a time: it gives neither the
    order of events nor their grouping.
    """
    report = report or ListReport("feedback_history")
    found = []
    for _, values, *_ in read_rows(rows, _FIELDS, lambda of_times: _readers(assume, of_times), report):
        read = _readable(values, report)
        if read is not None:
            found.append(read)
    to_come = [row for row in found if row.at > latest]
    report.dropped("future", len(to_come))
    counted = _in_milliseconds(_once_each(_with_both_ids([row for row in found if row.at <= latest])), report)
    return _once_each([*counted, *(row for row in to_come if to_come_until and row.at <= to_come_until)])


def _readable(values: tuple[Any, ...], report: ListReport) -> FeedbackRow | None:
    action, at, dwell_ms, words_n, serve_id, tip_id = values
    if action is None:
        return None
    if at is None:
        report.dropped("no_time")
        return None
    return FeedbackRow(
        at,
        action,
        -1.0 if dwell_ms is None else dwell_ms,
        serve_id or "",
        tip_id or "",
        -1 if words_n is None else words_n,
    )


@lru_cache(maxsize=32)
def _readers(zone: tzinfo, of_times: Zone) -> Readers:
    read_stamp = stamp_reader(zone, of_times=of_times)

    def read(value: object) -> datetime | Unreadable | None:
        moment = read_stamp(value)
        if isinstance(moment, Moment):
            return UNREADABLE if moment.date_only else moment.at
        return moment

    return {**_READERS, **readers_by_key(FEEDBACK_FIELDS, {"created_at": read})}


def _action_state(value: object) -> str | Unreadable | None:
    if isinstance(value, str) and value in _OUTCOME_OF:
        return _OUTCOME_OF[value]
    if is_blank(value) or value in (0, "0"):
        return None
    return _OUTCOME_OF.get(word_key(value), UNREADABLE)


def _dwell_state(value: object) -> float | Unreadable | None:
    dwell_ms = numeric(value)
    if dwell_ms is None:
        return None if is_blank(value) else UNREADABLE
    return float(dwell_ms) if dwell_ms >= 0 else UNREADABLE


def _words_state(value: object) -> int | Unreadable | None:
    words_n = numeric(value)
    if words_n is None:
        return None if is_blank(value) else UNREADABLE
    return int(words_n) if words_n in range(1, _MOST_WORDS_N + 1) else UNREADABLE


_FIELDS = RowFields(FEEDBACK_FIELDS, flags=("timezone",))
_READERS: Readers = readers_by_key(
    FEEDBACK_FIELDS,
    {
        "action": _action_state,
        "dwell_ms": _dwell_state,
        "words_n": _words_state,
        "serve_id": id_state,
        "tip_id": id_state,
    },
)


def _with_both_ids(rows: list[FeedbackRow]) -> list[FeedbackRow]:
    """Rows with both ids of a tip, completed from one of them if other rows make the pair unambiguous."""
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
    """The rows in order of time; of identical rows about an identified tip only the first."""
    found: dict[object, FeedbackRow] = {}
    for row in sorted(rows):
        found.setdefault(row[1:] if row.names_its_tip else row, row)
    return list(found.values())


def _in_milliseconds(rows: list[FeedbackRow], report: ListReport) -> list[FeedbackRow]:
    """The rows, without their dwell times if the user's are in another unit."""
    known = [row.dwell_ms for row in rows if row.dwell_ms >= 0]
    if len(known) < _LEAST_DWELLS_N or max(known) >= _SHORTEST_DWELL_MS:
        return rows
    report.unreadable("dwell_ms", len(known))
    return _once_each(row._replace(dwell_ms=-1.0) for row in rows)


def read_episodes(rows: Iterable[FeedbackRow], moment: datetime) -> list[Episode]:
    """Sorted rows as episodes, in order of their begin: one for each tip that rows identify.

    For rows without an id, a new episode starts at each `shown` and after a gap of more than 30 minutes. An episode
    that does not count yet has no weight.
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
    return sorted((_episode(events).counted_at(moment) for events in (*named.values(), *unnamed)), key=_order)


def _order(episode: Episode) -> tuple[datetime, int, float, int]:
    """By time; tips of the same second are ordered by their outcomes only."""
    dwell_ms = -1.0 if episode.dwell_ms is None else episode.dwell_ms
    return episode.at, _RANK[episode.outcome], dwell_ms, episode.words_n or 0


def _episode(events: list[FeedbackRow]) -> Episode:
    outcome = strongest(row.action for row in events)
    longest = max(row.dwell_ms for row in events)
    dwell_ms = longest if longest >= 0 else None
    longest_words_n = max(row.words_n for row in events)
    words_n = longest_words_n if longest_words_n > 0 else None
    return Episode(
        events[0].at, outcome, worth(outcome, dwell_ms, words_n), _VALUE_AND_WEIGHT[outcome][1], dwell_ms, words_n
    )


def strongest(outcomes: Iterable[str]) -> str:
    """The strongest outcome of an episode. Raises ValueError for none."""
    return min(outcomes, key=_RANK.__getitem__)


def worth(outcome: str, dwell_ms: float | None = None, words_n: int | None = None) -> float:
    """The value of an outcome for its tip: 1 or 0.

    Opening counts against it if the user left before 40% of the reading time of its words, else of 20 words.
    """
    value = _VALUE_AND_WEIGHT[outcome][0]
    is_glance = dwell_ms is not None and dwell_ms < _GLANCE_SHARE * reading_ms(words_n or _USUAL_WORDS_N)
    return 0.0 if outcome == "opened" and is_glance else value


def reading_ms(words_n: float) -> float:
    """The reading time of a number of words in milliseconds."""
    return words_n / WORDS_PER_MINUTE * 60_000
