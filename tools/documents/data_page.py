"""docs/data.md: the page about data, with the tables of the readers and a mapping for each of some apps."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from local.deployment.environment import ROOT
from oo.contract.vocabulary import (
    ABSENT_DATES,
    COMPLETION_FIELDS,
    DATE_SHAPES,
    DONE_FLAG,
    ESTIMATE_UNITS,
    FEEDBACK_FIELDS,
    FEEDBACK_WORDS,
    GONE_DATE,
    GONE_FLAG,
    LONGEST_ESTIMATE_MIN,
    MOST_EARLIER_DATES,
    OUTCOMES,
    PRIORITY_WORDS,
    PROFILE_RANGES,
    RECURRING_TYPES,
    RECURS_FLAG,
    STATUS_WORDS,
    TASK_FIELDS,
    UNITLESS_ESTIMATES,
    UNREADABLE_DATES,
    WAITING_TAGS,
    FieldKeys,
)
from operations.known_apps import APPS, AppField
from tools.documents.app_mappings import MAPPINGS, AppMapping
from tools.documents.row_texts import codes

DOCUMENT = ROOT / "docs" / "data.md"
_TEXT = Path(__file__).with_suffix(".md")
_PLACE = re.compile(r"<!-- (\w+) -->")

_DATE = "a [date](#dates)"
_TASK_VALUES = {
    "id": "text or a whole number; 0 is none. Of two rows with one id the last counts",
    "title": "text, or a whole number as its digits",
    "status": "a [word](#status), or an object with one in its `type` or `name`",
    "due_at": _DATE,
    "created_at": _DATE,
    "completed_at": f"{_DATE}; `true`, and what cannot be read, is done at an unknown time",
    "priority": "a [word or a number](#priority), or an object with a word in its `name`",
    "estimate_minutes": "[minutes](#estimates)",
    "project_id": "an id",
    "tags": "a list of texts, or of objects with a `name` or `title`; one text with commas",
    "parent_id": "the id of the task that this one is a part of",
    "due_history": f"a list of earlier due dates, oldest first, of which {MOST_EARLIER_DATES} are read",
    "recurrence": "any value",
}
_COMPLETION_VALUES = {
    "task_id": "the task's id",
    "completed_at": f"{_DATE}; a row without one does not count",
    "due_at": "the due date at the time of completion",
    "project_id": "an id",
    "due_history": "a list of earlier due dates, oldest first",
    "timezone": "the zone of the row's times",
}
_FEEDBACK_VALUES = {
    "action": "a word of the table below; rows with another word do not count",
    "created_at": "a date with its time; a row without one does not count",
    "words_n": "the number of words of the tip, from 1 to 200; without it `dwell_ms` says nothing about length",
    "dwell_ms": "milliseconds. Where at least 5 of a user's are known and all are below 100, none counts",
    "serve_id": "the id of the answer with the tip, out of its receipt",
    "tip_id": "the tip's own id, or that of a candidate of `/generate`",
    "timezone": "the zone of a time without one",
}
_STATUS_MEANINGS = {
    "done": "finished",
    "gone": "neither open nor done",
    "in progress": "open, and work in progress",
    "waiting": "open, never named as the next step, and no part of today's load",
    "set aside": "as waiting",
    "open": "open",
}


def render() -> str:
    """The page as in the repository."""
    parts = _parts()
    return _PLACE.sub(lambda place: parts[place[1]], _TEXT.read_text(encoding="utf-8"))


def _parts() -> dict[str, str]:
    """The values for the placeholders of the text."""
    return {
        "tasks": _fields(TASK_FIELDS, _TASK_VALUES),
        "done": codes(DONE_FLAG.keys),
        "gone": codes(GONE_FLAG.keys),
        "gone_at": codes(GONE_DATE.keys),
        "recurs": codes(RECURS_FLAG.keys),
        "types": " or ".join(map("`{}`".format, RECURRING_TYPES)),
        "waiting": codes(WAITING_TAGS),
        "hints": _table(("field", "hints"), [(f"`{name}`", codes(hints)) for name, (_, hints) in _hinted()]),
        "dates": _table(("shape", "examples"), [(shape, codes(dates)) for shape, dates in DATE_SHAPES.items()]),
        "absent_dates": codes(ABSENT_DATES),
        "unreadable_dates": codes(UNREADABLE_DATES),
        "status": _table(
            ("meaning", "words", "a task is then"),
            [(group, ", ".join(words), _STATUS_MEANINGS[group]) for group, words in STATUS_WORDS.items()],
        ),
        "priority": _words("meaning", PRIORITY_WORDS),
        "longest_estimate": f"{LONGEST_ESTIMATE_MIN:,}",
        "units": codes(ESTIMATE_UNITS),
        "unitless": " and ".join(map("`{}`".format, UNITLESS_ESTIMATES)),
        "completions": _fields(COMPLETION_FIELDS, _COMPLETION_VALUES),
        "feedback": _fields(FEEDBACK_FIELDS, _FEEDBACK_VALUES),
        "outcomes": ", ".join(map("`{}`".format, OUTCOMES)),
        "actions": _words("outcome", FEEDBACK_WORDS),
        "profile": ", ".join(f"`{name}` ({low:g} to {high:g})" for name, (low, high) in PROFILE_RANGES.items()),
        "mappings": "\n\n".join(map(_mapping, MAPPINGS)),
        "others": _others(),
    }


def _hinted() -> Iterable[tuple[str, FieldKeys]]:
    return ((name, field) for name, field in TASK_FIELDS.items() if field.hints)


def _fields(fields: Mapping[str, FieldKeys], values: Mapping[str, str]) -> str:
    """The fields of a row with their keys in the order in which they are read."""
    return _table(
        ("field", "also read, in this order", "value"),
        [(f"`{name}`", codes(field.keys[1:]), values[name]) for name, field in fields.items()],
    )


def _words(head: str, table: Mapping[str, Iterable[str]]) -> str:
    return _table((head, "words"), [(meaning, ", ".join(words)) for meaning, words in table.items()])


def _mapping(mapping: AppMapping) -> str:
    return f"### {mapping.app}\n\n{mapping.about}\n\n```python\n{mapping.code.strip()}\n```"


def _others() -> str:
    mapped = {mapping.app for mapping in MAPPINGS}
    return _table(
        ("app", "key", "field", "value"),
        [
            (app.name, f"`{field.key}`", f"`{field.field}`" if field.field else "none", field.note)
            for app in APPS
            if app.name not in mapped
            for field in (*app.fields, *([AppField("priority", "priority_scale", app.scale)] if app.scale else []))
            if not field.is_read(field.key)
        ],
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown, without the end of its last line."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
