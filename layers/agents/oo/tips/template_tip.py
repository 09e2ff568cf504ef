"""The tip without a model: the strongest note as it stands, else a task, said plainly.

It works from the lines of a prompt's DATA block, so it rests on what a model would have been shown and on nothing else.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from oo.contract.kinds import Kind
from oo.snapshot.titles import shorten
from oo.snippets.grammar import SnippetClauses, read_snippet
from oo.snippets.ranking import DELIVERY_AGENT
from oo.tips.tip_text import LONGEST_CONTENT

Row = Mapping[str, Any]


class TemplateTip(NamedTuple):
    """Text that is true of the rows it was made from. `task_ref` is empty where it names no task on offer."""

    content: str
    rationale: str
    kind: Kind
    task_ref: str


def template_tips(tasks: Sequence[Row], notes: Sequence[Row]) -> Iterator[TemplateTip]:
    """Tips for tasks of `ref`, `title` and perhaps `due`, and notes of `from` and `note`, best first each.

    Notes in the agents' grammar come before tasks, tasks before other notes. The last tip is a general one, which can
    always be shown.
    """
    about = [str(note["note"]) for note in notes if note["from"] != DELIVERY_AGENT]
    lines = [read_snippet(note) for note in about]
    yield from (_from_line(line, tasks) for line in lines if line)
    yield from map(_from_task, tasks)
    for note, line in zip(about, lines, strict=True):
        if line is None:
            content = _cut(note.removeprefix(_NO_GRAMMAR))
            yield TemplateTip(content, "It is what was noticed last.", Kind.ADVICE, "")
    yield TemplateTip(
        "Write down one thing that is on your mind, and the next small step for it.",
        "" if tasks or about else "There is no open task and no pattern to go by.",
        Kind.ADVICE,
        "",
    )


_NO_GRAMMAR = "[advice|1] "
"""What the prompt puts before a note that has no grammar of its own."""


def _from_line(line: SnippetClauses, tasks: Sequence[Row]) -> TemplateTip:
    move = line.move[0].upper() + line.move[1:]
    named = [str(task["ref"]) for task in tasks if task["title"] in line.titles]
    content = move if any(f"«{title}»" in move for title in line.titles) else f"{line.fact} {move}"
    return TemplateTip(_cut(content), line.fact, Kind(line.kind), named[0] if named else "")


def _from_task(task: Row) -> TemplateTip:
    named, due = f"«{task['title']}»", task.get("due")
    if not due:
        content = f"{named} is open: set ten minutes aside and take its first small step."
        return TemplateTip(content, "It is one of your open tasks.", Kind.START, str(task["ref"]))
    when = str(due) if str(due).startswith("past") else f"due {due}"
    content = f"{named} is {when}: open it and take its first small step."
    return TemplateTip(content, f"It is {when}.", Kind.START, str(task["ref"]))


def _cut(text: str) -> str:
    """The text within a tip's length. A title is quoted whole or not at all."""
    cut = shorten(text, LONGEST_CONTENT)
    if cut != text and cut.rfind("«") > cut.rfind("»"):
        return f"{cut[: cut.rfind('«')].rstrip()}…"
    return cut


def read_data(message: str) -> tuple[list[Row], list[Row]]:
    """Tasks and notes of the DATA block in a user message, in their order."""
    rows = [_row(line) for line in message.splitlines()]
    return [row for row in rows if {"ref", "title"} <= row.keys()], [
        row for row in rows if {"from", "note"} <= row.keys()
    ]


def _row(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
