"""The statements of notes, recognised by their phrases: the evidence of each, and its value today.

The phrases are those of the agents. A note without any of them is a statement of its own kind.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from oo.contract.kinds import Kind
from oo.snippets.grammar import QUOTED

_WORD = re.compile(r"[^\W\d_]{4,}")


class Family(StrEnum):
    """The kind of evidence behind a statement."""

    DATED = "dated"
    """A date or due tasks."""
    LEARNED = "learned"
    """A pattern of the user's history."""
    CHOSEN = "chosen"
    """A task that stands out by its weight, size or age."""
    OTHER = "other"
    """A statement of the caller."""


class Statement(NamedTuple):
    """One kind of statement. `value` is its importance for today, from 0 to about 1: evidence, not strength."""

    name: str
    family: Family
    value: float
    phrase: re.Pattern[str]
    kind: Kind | None = None
    """Only a note of this kind makes the statement; None: of any."""

    @property
    def topic(self) -> str:
        """Its name; the statements about due tasks share one, because tips word them alike."""
        return "due" if self.name in ("due_now", "due_soon", "due_later") else self.name


def _statement(name: str, family: Family, value: float, phrase: str, kind: Kind | None = None) -> Statement:
    return Statement(name, family, value, re.compile(phrase), kind)


_WHEN = r"(?P<when>in about \d+ h|within the hour|today(?: by \d\d:\d\d)?|tomorrow|on [A-Z]\w+|in (?:about )?\d+ days)"

STATEMENTS = (
    _statement("pile", Family.DATED, 0.8, r"^(?P<n>(?:at least )?\d+) tasks are past their date"),
    _statement(
        "due_now", Family.DATED, 1.1, r"«» is due (?P<when>in about \d+ h|within the hour|today(?: by \d\d:\d\d)?)"
    ),
    _statement("due_soon", Family.DATED, 0.85, r"«» is due (?P<when>tomorrow)"),
    _statement("priority_dated", Family.CHOSEN, 0.6, rf"is (?P<priority>\w+) priority (?:and due {_WHEN}|with a date)"),
    _statement("priority", Family.CHOSEN, 0.62, r"is (?P<priority>\w+) priority with no date"),
    _statement("due_later", Family.DATED, 0.6, rf"«» is due {_WHEN}"),
    _statement("past_time", Family.DATED, 0.85, r"was due today at (?P<hour>\d\d:\d\d)"),
    _statement("moved", Family.CHOSEN, 0.64, r"moved (?P<n>\d+) times"),
    _statement("overdue", Family.DATED, 0.7, r"«» is (?:(?P<days>\d+ days?|several days) )?past its (?:date|time)"),
    _statement("often_late", Family.LEARNED, 0.66, r"after their (?:first )?date"),
    _statement("on_time", Family.LEARNED, 0.5, r"land on time"),
    _statement(
        "peak_now", Family.LEARNED, 0.75, r"cluster around (?P<hour>\d\d:\d\d).*runs until (?P<until>\d\d:\d\d)"
    ),
    _statement("peak_tomorrow", Family.LEARNED, 0.5, r"opens at (?P<hour>\d\d:\d\d) tomorrow"),
    _statement("peak_later", Family.LEARNED, 0.6, r"opens at (?P<hour>\d\d:\d\d)"),
    _statement("goal", Family.LEARNED, 0.85, r"(?P<n>\d+) of today's (?P<goal>\d+) are done"),
    _statement("fresh_start", Family.LEARNED, 0.75, r"a new (?P<what>week|month)"),
    _statement("busier", Family.LEARNED, 0.7, r"a busier week"),
    _statement("lighter", Family.LEARNED, 0.7, r"a lighter week"),
    _statement("ahead", Family.LEARNED, 0.55, r"(?P<n>\d+) are done today"),
    _statement("review", Family.CHOSEN, 0.8, r"(?P<n>\d+) tasks were done in the last 7 days"),
    _statement("hours_over", Family.DATED, 0.7, r"the working hours are over"),
    _statement("load", Family.DATED, 0.72, r"lined up for today|of capacity left", Kind.DEFER),
    _statement("room", Family.DATED, 0.5, r"of capacity left"),
    _statement("load", Family.DATED, 0.72, r"lined up for today"),
    _statement("due_today", Family.DATED, 0.68, r"^(?P<n>(?:at least )?\d+) tasks? (?:is|are) due today"),
    _statement("quick", Family.CHOSEN, 0.58, r"is marked (?P<minutes>(?:[\d.]+|under 1) min)"),
    _statement("waits", Family.CHOSEN, 0.5, r"waits for"),
    _statement("recurring", Family.CHOSEN, 0.5, r"last done (?P<days>\d+ days?) ago"),
    _statement("open_long", Family.CHOSEN, 0.6, r"has been open (?P<days>\d+ days?)"),
    _statement("near_end", Family.CHOSEN, 0.66, r"(?P<n>\d+) of (?P<goal>\d+) in the list with"),
    _statement("one_list", Family.LEARNED, 0.55, r"tends to stay in one list"),
    _statement("quiet_list", Family.CHOSEN, 0.56, r"has (?P<n>\d+) open tasks?"),
)
"""A note makes the first statement whose phrase is in its fact."""

OTHER = Statement("other", Family.OTHER, 0.45, re.compile(r"\Z(?!\Z)"))
"""A statement of a caller's own agent, or a text outside of the grammar."""


class Made(NamedTuple):
    """A note's statement, with the parts of its phrase."""

    statement: Statement
    parts: dict[str, str]


def statement_of(fact: str, kind: str) -> Made:
    """The statement of a note, by its fact and kind; quoted titles, which are untrusted, are given as «»."""
    for statement in STATEMENTS:
        found = statement.phrase.search(fact) if statement.kind in (None, kind) else None
        if found:
            return Made(statement, {name: part for name, part in found.groupdict().items() if part})
    return Made(OTHER, {})


def words_of(text: str) -> frozenset[str]:
    """The words of four letters and more, outside quoted titles."""
    return frozenset(_WORD.findall(QUOTED.sub(" ", text).casefold()))
