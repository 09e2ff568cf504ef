"""The content of a prompt: the facts of its user message, parsed from the text."""

import json
from functools import lru_cache
from typing import Any, NamedTuple

from oo.snippets.grammar import read_snippet


class Material(NamedTuple):
    """The lines of the data block: `tasks` and `facts` unchanged, `notes` without their prefix."""

    now: str
    tasks: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    facts: tuple[str, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """All words from which a figure may come."""
        return (self.now, *self.notes, *self.facts, *(str(task.get("due", "")) for task in self.tasks))

    def task(self, title: str) -> dict[str, Any]:
        """The line of a task by its title, empty if it is not on offer."""
        return next((task for task in self.tasks if task.get("title") == title), {})


@lru_cache(maxsize=2048)
def material(user: str) -> Material:
    """The content of a user message, without the recent tips: an earlier tip is not evidence."""
    lines = user.split("\n")
    read = [told for told in map(_object, lines) if told]
    notes = [str(told["note"]) for told in read if "note" in told]
    return Material(
        now=next((line for line in lines if line.startswith("Now: ")), ""),
        tasks=tuple(told for told in read if "ref" in told),
        notes=tuple(_without_prefix(note) for note in notes),
        facts=tuple(str(told.get("value", told.get("profile"))) for told in read if {"value", "profile"} & told.keys()),
    )


def fact_of(note: str) -> str:
    """The fact in a note, without the proposed step."""
    return note.partition(" Move: ")[0].removeprefix("Fact: ")


def _without_prefix(note: str) -> str:
    clauses = read_snippet(note)
    return note.partition("] ")[2] if clauses else note


def _object(line: str) -> dict[str, Any]:
    if not line.startswith("{"):
        return {}
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
