"""The values of single fields of a task's row: ids, titles, states, priorities, estimates, tags."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from oo.contract.vocabulary import (
    ESTIMATE_UNITS,
    IMPORTANCE,
    LONGEST_ESTIMATE_MIN,
    PRIORITY_WORDS,
    STATUS_WORDS,
)
from oo.snapshot.numbers import finite_number, numeric
from oo.snapshot.rows import UNREADABLE, Unreadable, is_blank
from oo.snapshot.titles import read_title
from oo.snapshot.words import word_key

# Characters. Answers contain ids, and one as long as a body would exceed an answer's limit.
LONGEST_ID = 256
_LARGEST_NUMERAL = 10**250
_MOST_TAGS = 100
_LONGEST_TAG = 64


def _by_key(table: Mapping[str, Iterable[str]]) -> dict[str | None, str]:
    """The group of each word: as listed, which needs no normalisation, and normalised."""
    meanings = {word: meaning for meaning, words in table.items() for word in words}
    return {key: meaning for word, meaning in meanings.items() for key in (word, word_key(word))}


_STATUS = _by_key(STATUS_WORDS)
_PRIORITY = _by_key(PRIORITY_WORDS)


def read_id(value: object) -> str | None:
    """An id as text, None for a value that is not an id; zero is not an id."""
    found = id_state(value)
    return found if isinstance(found, str) else None


def id_state(value: object) -> str | Unreadable | None:
    """An id as text: a text of at most 256 characters, a whole number, or a text under `$oid`."""
    if isinstance(value, str):
        text = value.strip()
        if not text or text == "0":
            return None
        return value if len(value) <= LONGEST_ID else UNREADABLE
    if isinstance(value, dict) and isinstance(value.get("$oid"), str):
        return id_state(value["$oid"])
    return None if is_blank(value) else _numeral(value)


def _numeral(value: object) -> str | Unreadable | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return UNREADABLE
    if abs(value) > _LARGEST_NUMERAL:
        return UNREADABLE
    return str(int(value)) if value else None


def title_state(value: object) -> tuple[str, str] | Unreadable | None:
    """A display title, and the text from which it was made; a whole number is read as its digits."""
    if isinstance(value, str):
        shown = read_title(value)
        if shown:
            return shown, value
    if is_blank(value):
        return None
    digits = _numeral(value) or "0"
    return (digits, digits) if isinstance(digits, str) else UNREADABLE


def status_state(value: object) -> str | Unreadable | None:
    """The group of a status word; for an object, of the word in its `type`, else in its `name`."""
    if isinstance(value, str):
        group = _STATUS.get(value) or _STATUS.get(word_key(value))
        return group or (None if is_blank(value) or value.strip() == "0" else UNREADABLE)
    if isinstance(value, dict) and value:
        groups = (_STATUS.get(word_key(value.get(key))) for key in ("type", "name"))
        return next(filter(None, groups), UNREADABLE)
    return None if is_blank(value) or finite_number(value) == 0 else UNREADABLE


def is_word(value: object) -> bool:
    """Whether a status is a word, known or not; anything else is an unreadable code."""
    if isinstance(value, dict):
        return any(is_word(value.get(key)) for key in ("type", "name"))
    return isinstance(value, str) and numeric(value) is None and not is_blank(value)


_FLAG_WORDS = frozenset({"true", "false", "yes", "no", "y", "n"})


def flag_state(value: object) -> bool | Unreadable | None:
    """A flag that is true or false; 0 and blanks are not flags."""
    if isinstance(value, bool):
        return value
    return None if is_blank(value) or value in (0, "0") else UNREADABLE


def is_flag_word(value: object) -> bool:
    """Whether a text is the word of a flag, which is not a time."""
    return isinstance(value, str) and value.strip().casefold() in _FLAG_WORDS


_LARGER_IS_HIGHER: Mapping[float, str] = {1: "low", 2: "medium", 3: "high", 4: "urgent"}
_SMALLER_IS_HIGHER: Mapping[float, str] = {1: "urgent", 2: "high", 3: "medium", 4: "low"}
_NINE_STEPS: Mapping[float, str] = {
    **dict.fromkeys((1, 2, 3, 4), "high"),
    5: "medium",
    **dict.fromkeys((6, 7, 8, 9), "low"),
}
"""RFC 5545, section 3.8.1.9."""


class Scale(NamedTuple):
    """The scale of one user's priority numbers: the caller's choice, and whether all of them fit the scale of four."""

    smaller_is_higher: bool = False
    is_four_steps: bool = True

    def importance(self, number: float) -> float | Unreadable | None:
        """The weight of the priority word for a number; None for no priority."""
        if not self.smaller_is_higher:
            word = _LARGER_IS_HIGHER.get(number) if self.is_four_steps else None
        elif number == 0:
            return None
        else:
            word = (_SMALLER_IS_HIGHER if self.is_four_steps else _NINE_STEPS).get(number)
        return UNREADABLE if word is None else IMPORTANCE[word]


def scale_of(numbers: Iterable[float], *, smaller_is_higher: bool) -> Scale:
    """The scale of a user's numbers.

    If larger is higher, any number except 1, 2, 3 and 4 shows that none is on this scale.
    """
    if smaller_is_higher:
        return Scale(smaller_is_higher, is_four_steps=not any(5 <= number <= 9 for number in numbers))
    return Scale(smaller_is_higher, is_four_steps=all(number in _LARGER_IS_HIGHER for number in numbers))


def priority_state(value: object) -> str | float | Unreadable | None:
    """A priority as its word, or as a number whose meaning depends on the user's other numbers."""
    if type(value) is int:
        return value
    if isinstance(value, dict) and value:
        name = value.get("name")
        return priority_state(name) if isinstance(name, str) else UNREADABLE
    if is_blank(value):
        return None
    number = numeric(value)
    if number is not None:
        return number
    word = _PRIORITY.get(word_key(value), UNREADABLE) if isinstance(value, str) else UNREADABLE
    return None if word == "none" else word


def minutes_state(value: object) -> float | Unreadable | None:
    """Minutes above 0 and at most a day: a number, or an amount with its unit."""
    if type(value) is int and 0 < value <= LONGEST_ESTIMATE_MIN:
        return float(value)
    if isinstance(value, dict):
        return amount_state(value)
    minutes = numeric(value)
    if minutes is None:
        return None if is_blank(value) else UNREADABLE
    return _within_a_day(minutes)


def amount_state(value: object) -> float | Unreadable | None:
    """Minutes of an amount with its unit. A number without one may be points, or seconds."""
    if not isinstance(value, dict) or "amount" not in value:
        return None if is_blank(value) or numeric(value) == 0 else UNREADABLE
    amount, unit = value["amount"], value.get("unit")
    number = numeric(amount)
    if number == 0 or is_blank(amount):
        return None
    factor = ESTIMATE_UNITS.get(word_key(unit) or "")
    return UNREADABLE if number is None or factor is None else _within_a_day(number * factor)


def _within_a_day(minutes: float) -> float | Unreadable | None:
    if 0 < minutes <= LONGEST_ESTIMATE_MIN:
        return minutes
    return UNREADABLE if minutes else None


def tags_state(value: object) -> tuple[str, ...] | Unreadable | None:
    """Tags from a list of texts, of objects with a `name` or `title`, or from one text with commas."""
    if isinstance(value, str):
        value = value.split(",", _MOST_TAGS)
    if not isinstance(value, list):
        return None if is_blank(value) else UNREADABLE
    given = value[:_MOST_TAGS]
    found = tuple([tag[:_LONGEST_TAG] for each in given if (tag := (_tag(each) or "").strip())])
    return found or (UNREADABLE if None in map(_tag, given) else None)


def _tag(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return None
    return next((value[key] for key in ("name", "title") if isinstance(value.get(key), str)), None)


def recurrence_state(value: object) -> bool | None:
    """Whether there is a recurrence rule; its text is not parsed."""
    return None if value is False or value == 0 or is_blank(value) else True
