"""The order of usable notes: by the value of each today, and by its novelty to the user."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from oo.snapshot.clock import Clock
from oo.snippets.said import SaidTip, novelty
from oo.snippets.statements import Family
from oo.snippets.verdict import JudgedSnippet

DELIVERY_AGENT = "tip-receptivity"
"""The agent whose line bounds the delivery of a tip, not its subject: a constraint, outside of the ranking."""

_ROTATES = 0.45
"""The part of a note's rank that rotates by local day and user, so that notes of similar value alternate."""

_STRENGTHS = {1: 0.8, 2: 0.95, 3: 1.0}
_FAMILIES = (Family.DATED, Family.LEARNED, Family.CHOSEN)


class RankedSnippets(NamedTuple):
    """The usable snippets: `lines` best first, `deliveries` in the caller's order."""

    lines: tuple[JudgedSnippet, ...]
    deliveries: tuple[JudgedSnippet, ...]

    @property
    def delivery(self) -> JudgedSnippet | None:
        """The delivery note that counts."""
        return next(iter(self.deliveries), None)


Turns = Mapping[tuple[str, str], float]
"""Turns of notes, each from 0 to 1, by agent and statement."""

NO_TURNS: Turns = {}


class RankedFor(NamedTuple):
    """The user of a ranking: the recent tips, and the values that determine rotation.

    A note's turn follows from the user's id, unless `turns` contains it: a replayed request comes without the id.
    """

    user_id: str = ""
    clock: Clock | None = None
    said: Sequence[SaidTip] = ()
    turns: Turns = NO_TURNS


NOBODY = RankedFor()


def rank(judged: Iterable[JudgedSnippet]) -> RankedSnippets:
    """The usable snippets in the order of their use: by rank, which is value x novelty.

    Among the best ones, each family appears once before one of them appears a second time.
    """
    usable = [snippet for snippet in judged if snippet.is_used]
    notes = [snippet for snippet in usable if snippet.agent_id != DELIVERY_AGENT]
    ordered = sorted(notes, key=lambda note: (-note.rank, note.agent_id, note.place))
    deliveries = tuple(snippet for snippet in usable if snippet.agent_id == DELIVERY_AGENT)
    return RankedSnippets(tuple(_one_of_each_family_first(ordered)), deliveries)


def rank_of(note: JudgedSnippet, reader: RankedFor) -> float:
    """Value x novelty, and the turn of the day."""
    value = note.made.statement.value * _STRENGTHS.get(note.strength, 1.0)
    turn = 1 - _ROTATES + _ROTATES * turn_of(note, reader)
    return value * novelty(note, reader.said, _now(reader)) * turn


def turn_of(note: JudgedSnippet, reader: RankedFor) -> float:
    """The note's turn, from 0 to 1, by the user, the statement and the local day.

    Not by a CRC: of two statements the same one would be ahead on most days.
    """
    told = reader.turns.get((note.agent_id, note.says))
    if told is not None:
        return told
    day = reader.clock.today.toordinal() if reader.clock else 0
    name = f"{reader.user_id}|{note.agent_id}|{note.says}|{day}".encode("utf-8", "surrogatepass")
    return int.from_bytes(sha256(name).digest()[:4]) / 2**32


def _now(reader: RankedFor) -> datetime | None:
    return reader.clock.now if reader.clock else None


def _one_of_each_family_first(ordered: Sequence[JudgedSnippet]) -> list[JudgedSnippet]:
    first: dict[Family, JudgedSnippet] = {}
    for note in ordered:
        if note.made.statement.family in _FAMILIES:
            first.setdefault(note.made.statement.family, note)
    leading = {note.place for note in first.values()}
    return [
        *(note for note in ordered if note.place in leading),
        *(note for note in ordered if note.place not in leading),
    ]
