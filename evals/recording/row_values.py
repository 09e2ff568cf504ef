"""The values of a task's row that reveal nothing about its user: dates, states and numbers."""

import re
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from oo.contract.vocabulary import (
    ESTIMATE_UNITS,
    PRIORITY_WORDS,
    RECURRING_TYPES,
    STATUS_WORDS,
    TASK_FIELDS,
    TASK_FLAGS,
    WAITING_TAGS,
    FieldKeys,
)
from oo.contract.zones import read_zone
from oo.snapshot.stamps import read_moment
from oo.snapshot.task_fields import is_flag_word, tags_state
from oo.snapshot.words import word_key

TITLE_KEYS = frozenset(key for keys in TASK_FIELDS["title"] for key in keys)
ID_KEYS = frozenset((*TASK_FIELDS["id"].keys, *TASK_FIELDS["parent_id"].keys))
PROJECT_KEYS = frozenset(TASK_FIELDS["project_id"].keys)
TAG_KEYS = frozenset(TASK_FIELDS["tags"].keys)
_PARTS = frozenset({"amount", "date", "dateTime", "datetime", "name", "timeZone", "timezone", "type", "unit"})
"""Keys of an object in the place of a value."""

_PLAIN = re.compile(r"[\d\s.,:;/+=TZWPYMDHS-]*")


def _all_keys(fields: Iterable[FieldKeys]) -> frozenset[str]:
    return frozenset(key for field in fields for keys in field for key in keys)


READ_KEYS = _all_keys((*TASK_FIELDS.values(), *TASK_FLAGS.values()))
"""The keys of a row that the service looks at."""

_WORDS = frozenset(
    word_key(word)
    for words in (*STATUS_WORDS.values(), *PRIORITY_WORDS.values(), tuple(ESTIMATE_UNITS), RECURRING_TYPES)
    for word in words
)
_WAITING = frozenset(map(word_key, WAITING_TAGS))


def read_part(row: dict[str, Any]) -> dict[str, Any]:
    """The row without the keys that the service does not read."""
    return {key: value for key, value in row.items() if key in READ_KEYS}


def is_telling(text: str) -> bool:
    """Whether a text may reveal something about its user: it is not a number, date, zone, state or priority."""
    return not (
        _PLAIN.fullmatch(text)
        or word_key(text) in _WORDS
        or is_flag_word(text)
        or read_zone(text) is not None
        or read_moment(text, UTC) is not None
    )


def parts_of(value: dict[str, Any]) -> dict[str, Any]:
    """The parts of an object that the service may read."""
    return {key: part for key, part in value.items() if key in _PARTS}


def waiting_tags(value: object) -> list[str]:
    """The tags that mark a task as waiting for another person; the service uses no others."""
    tags = tags_state(value)
    return [tag for tag in tags if word_key(tag.removeprefix("@")) in _WAITING] if isinstance(tags, tuple) else []
