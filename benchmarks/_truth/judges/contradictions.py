"""Pairs of notes that a reader cannot follow together, found in their words."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import permutations
from typing import NamedTuple

from oo.snippets.grammar import SnippetClauses, read_snippet

_PILE = 5
_PAST = re.compile(r"(\d+) (?:other )?(?:others? |tasks? )?(?:is|are) past (?:its|their) date")
_NOW = ("start", "finish")
_AGES = re.compile(r"has been open|moved \d+ times")


class _Line(NamedTuple):
    fact: str
    move: str
    kind: str
    titles: frozenset[str]

    def says(self, pattern: str) -> bool:
        return re.search(pattern, f"{self.fact} {self.move}") is not None

    def asks(self, pattern: str) -> bool:
        return re.search(pattern, self.move) is not None

    def states(self, pattern: str) -> bool:
        return re.search(pattern, self.fact) is not None


def contradictions(texts: Iterable[str]) -> set[str]:
    """The names of the contradicting pairs in the texts."""
    lines = [_line(clauses) for clauses in map(read_snippet, texts) if clauses]
    return {name for one, other in permutations(lines, 2) for name in _pairs(one, other)}


def _line(clauses: SnippetClauses) -> _Line:
    return _Line(clauses.fact, clauses.move, clauses.kind, frozenset(clauses.titles))


def _pairs(one: _Line, other: _Line) -> Iterator[str]:
    is_same = bool(one.titles & other.titles)
    for name, needs_one_task, first, second in _RULES:
        if (is_same or not needs_one_task) and first(one) and second(other):
            yield name


def _offers_room(line: _Line) -> bool:
    return line.asks(r"open time|room for")


def _is_pile(line: _Line) -> bool:
    found = _PAST.search(line.fact)
    return found is not None and int(found[1]) >= _PILE


def _matters(line: _Line) -> bool:
    is_due = line.states(r"is due|was due|past its date|past its time") and line.kind in (*_NOW, "plan")
    return is_due or line.says(r"(?:urgent|high|raised) priority|weightiest")


def _is_for_now(line: _Line) -> bool:
    return line.kind in _NOW and not line.asks(r"\bhalf its size\b")


def _ages(line: _Line) -> bool:
    return bool(_AGES.search(line.fact)) and line.asks(r"let it go")


_Test = Callable[[_Line], bool]
_RULES: tuple[tuple[str, bool, _Test, _Test], ...] = (
    ("capacity free / five and more are overdue", False, _offers_room, _is_pile),
    (
        "nothing is due today / N h lined up for today",
        False,
        lambda line: line.states(r"nothing (?:else )?is due today"),
        lambda line: line.states(r"lined up for today|[1-9]\d* tasks? (?:is|are) due today"),
    ),
    ("let «X» go / «X» matters", True, _ages, _matters),
    (
        "working hours are over / start now",
        False,
        lambda line: line.states(r"working hours are over"),
        lambda line: _is_for_now(line) and line.asks(r"\d+[- ]min|block|\bnow\b"),
    ),
    (
        "choosing beats adding / a quick win",
        False,
        lambda line: line.asks(r"beats adding"),
        lambda line: line.states(r"is marked [\d.]+ min") and line.kind in _NOW,
    ),
    (
        "keep «X» for the window / do «X» now, «X» is due",
        True,
        lambda line: line.asks(r"\b(?:keep|leave|save) «"),
        lambda line: _is_for_now(line) or line.states(r"is due (?:within|in about|today)|past its (?:date|time)"),
    ),
    (
        "give «X» another day / do «X»",
        True,
        lambda line: line.asks(r"another day") and line.kind == "defer",
        lambda line: _is_for_now(line) and not line.asks(r"another day"),
    ),
    (
        "trust the date on «X» / «X» needs a move now",
        True,
        lambda line: line.asks(r"trust the date"),
        lambda line: line.states(r"is due (?:within|in about|today)|past its (?:date|time)") and _is_for_now(line),
    ),
    ("protect a break / fill the time", False, lambda line: line.asks(r"protect a break"), _offers_room),
    (
        "quiet hours / start now",
        False,
        lambda line: line.states(r"quiet hours run"),
        lambda line: line.kind in _NOW,
    ),
)
