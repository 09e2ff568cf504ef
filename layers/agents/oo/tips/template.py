"""The tip without a model: the strongest note as it stands, else the first task, said plainly.

It works from the lines of a prompt's DATA block, so it rests on what a model would have been shown and on nothing else.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from oo.agents.line import ReadLine, read_line
from oo.contract.tips import Kind
from oo.prompts.snippets import DELIVERY_AGENT

Row = Mapping[str, Any]


class TemplateTip(NamedTuple):
    """Text that is true of the rows it was made from. `task_ref` is empty where it names no task on offer."""

    content: str
    rationale: str
    kind: Kind
    task_ref: str


def template_tip(tasks: Sequence[Row], notes: Sequence[Row]) -> TemplateTip:
    """The tip for tasks of `ref`, `title` and perhaps `due`, and notes of `from` and `note`, best first each.

    A note in the agents' grammar comes before a task, a task before any other note.
    """
    about = [str(note["note"]) for note in notes if note["from"] != DELIVERY_AGENT]
    lines = [line for line in map(read_line, about) if line]
    if lines:
        return _from_line(lines[0], tasks)
    if tasks:
        return _from_task(tasks[0])
    if about:
        return TemplateTip(about[0].removeprefix(_NO_GRAMMAR), "It is what was noticed last.", Kind.ADVICE, "")
    return TemplateTip(
        "Write down one thing that is on your mind, and the next small step for it.",
        "There is no open task and no pattern to go by.",
        Kind.ADVICE,
        "",
    )


_NO_GRAMMAR = "[advice|1] "
"""What the prompt puts before a note that has no grammar of its own."""


def _from_line(line: ReadLine, tasks: Sequence[Row]) -> TemplateTip:
    move = line.move[0].upper() + line.move[1:]
    named = [str(task["ref"]) for task in tasks if task["title"] in line.titles]
    content = move if any(f"«{title}»" in move for title in line.titles) else f"{line.fact} {move}"
    return TemplateTip(content, line.fact, Kind(line.kind), named[0] if named else "")


def _from_task(task: Row) -> TemplateTip:
    named, due = f"«{task['title']}»", task.get("due")
    if not due:
        content = f"{named} is open: set ten minutes aside and take its first small step."
        return TemplateTip(content, "It is one of your open tasks.", Kind.START, str(task["ref"]))
    when = str(due) if str(due).startswith("past") else f"due {due}"
    content = f"{named} is {when}: open it and take its first small step."
    return TemplateTip(content, f"It is {when}.", Kind.START, str(task["ref"]))


def read_data(message: str) -> tuple[list[Row], list[Row]]:
    """Tasks and notes of the DATA block in a user message, in their order."""
    rows = [_row(line) for line in message.splitlines()]
    return [row for row in rows if {"ref", "title"} <= row.keys()], [
        row for row in rows if {"from", "note"} <= row.keys()
    ]


def _row(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
