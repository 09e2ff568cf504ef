"""A parsed sentence of an agent, and the verdicts of judges on its parts."""

import re
from collections.abc import Callable, Iterator
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from benchmarks._truth.world.scene import Scene
from benchmarks._truth.world.tasks import PlantedTask
from oo.snippets.grammar import SnippetClauses, read_snippet


class Level(IntEnum):
    """The truth of a sentence by the planted data; the worst of its parts counts."""

    TRUE = 0
    MISLEADING = 1
    """Literally true, or based on a default, while a reader draws a wrong conclusion."""
    FALSE = 2
    UNREADABLE = 3
    """It contains none of its agent's phrases."""


class Finding(NamedTuple):
    """The verdict on one part of a sentence."""

    level: Level
    reason: str


def holds(condition: bool, reason: str) -> Finding:  # noqa: FBT001  # a verdict is its condition
    """The part is true, or false for that reason."""
    return Finding(Level.TRUE if condition else Level.FALSE, reason)


def leads(condition: bool, reason: str) -> Finding:  # noqa: FBT001  # as above
    """A reader draws the right conclusion, or is misled for that reason."""
    return Finding(Level.TRUE if condition else Level.MISLEADING, reason)


class Sentence:
    """One agent's text at one time of a planted life."""

    def __init__(self, scene: Scene, agent_id: str, text: str) -> None:
        self.scene = scene
        self.agent_id = agent_id
        self.text = text
        clauses = read_snippet(text)
        self.clauses = clauses or SnippetClauses("", 0, text, "", "", ())

    @property
    def fact(self) -> str:
        """The clause with the statement."""
        return self.clauses.fact

    @property
    def move(self) -> str:
        """The clause with the proposed step."""
        return self.clauses.move

    @property
    def kind(self) -> str:
        """The kind of the move."""
        return self.clauses.kind

    @cached_property
    def tasks(self) -> list[PlantedTask]:
        """The open tasks that it quotes, without finished ones."""
        found = (self.task_titled(title) for title in self.clauses.titles)
        return [task for task in found if task]

    @property
    def task(self) -> PlantedTask | None:
        """The first task that it quotes."""
        return self.tasks[0] if self.tasks else None

    def task_titled(self, title: str) -> PlantedTask | None:
        """The open task with a title, which may be truncated."""
        begin = title.removesuffix("…")
        is_cut = begin != title
        opened = self.scene.open
        return next((each for each in opened if each.title == title or (is_cut and each.title.startswith(begin))), None)

    def number(self, pattern: str, clause: str | None = None) -> float | None:
        """The first number of a pattern, None if the text does not match it."""
        found = re.search(pattern, self.text if clause is None else clause)
        return float(found[1]) if found else None

    def says(self, pattern: str) -> bool:
        """Whether the text matches a pattern."""
        return re.search(pattern, self.text) is not None


Judge = Callable[[Sentence], Iterator[Finding]]


def hours_apart(one: float, other: float) -> float:
    """The distance between two hours on the clock, 0 to 12."""
    return abs((one - other + 12) % 24 - 12)


def clock_hour(text: str) -> float:
    """The hour of a text like 09:30."""
    hours, minutes = text.split(":")
    return int(hours) + int(minutes) / 60
