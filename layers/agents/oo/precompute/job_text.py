"""Parsing of a job's JSON, in which a list of rows that an earlier job of the user had is not parsed again."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from oo.contract import strict_json
from oo.contract.limits import MAX_ITEMS

_ROW_LISTS: Final = frozenset({"tasks", "feedback_history", "task_completions"})
_BEGINNING: Final = '{"user_id":"'
"""A fan-out writes compact JSON that begins like this."""

Rows = list[dict[str, Any]]


class KnownLists:
    """Lists of rows by their name, each with its JSON text: the same text is the same list."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[str, Rows]]] = {}

    def at(self, name: str, text: str, start: int) -> tuple[Rows, int] | None:
        """The known list that begins there in the text, and where it ends; None if none does."""
        for known, rows in self._found.get(name, ()):
            if text.startswith(known, start):
                return rows, start + len(known)
        return None

    def keep(self, name: str, text: str, rows: Rows) -> None:
        """Know a list from now on."""
        self._found.setdefault(name, []).append((text, rows))


class JobFields(NamedTuple):
    """The members of a job: lists that contain only rows, which need no further validation, and all others."""

    rows: dict[str, Rows]
    others: dict[str, Any]


def read_fields(text: str, known_of: Callable[[str], KnownLists]) -> JobFields | None:
    """The fields of a text as a fan-out writes it; None for any other text, which the general parser reads.

    `known_of` gives the known lists of the text's user. Raises RequestInvalid for a text that nests too deep, as the
    general parser would after parsing it again.
    """
    if not text.startswith(_BEGINNING) or not strict_json.is_plain(text):
        return None
    try:
        return _fields(text, known_of)
    except (ValueError, StopIteration, IndexError, RecursionError):
        return None


def _fields(text: str, known_of: Callable[[str], KnownLists]) -> JobFields | None:
    user_id, at = strict_json.scan(text, len(_BEGINNING) - 1)
    known = known_of(user_id)
    found = JobFields({}, {"user_id": user_id})
    parsed: list[Any] = []
    new: list[tuple[str, str, Rows]] = []
    while text.startswith(',"', at):
        name, start = strict_json.scan(text, at + 1)
        start += 1
        if text[start - 1] != ":" or name in found.rows or name in found.others:
            return None
        of_known = known.at(name, text, start)
        if of_known:
            found.rows[name], at = of_known
            continue
        value, at = strict_json.scan(text, start)
        parsed.append(value)
        if name in _ROW_LISTS and _is_rows(value):
            found.rows[name] = value
            new.append((name, text[start:at], value))
        else:
            found.others[name] = value
    if text[at:] != "}":
        return None
    strict_json.check_depth(parsed)
    for each in new:
        known.keep(*each)
    return found


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MAX_ITEMS and set(map(type, value)) == {dict}
