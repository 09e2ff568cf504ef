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

# Characters. Ids come back in answers, where one as long as a body would be over an answer's limit.
LONGEST_ID = 256
_LARGEST_NUMERAL = 10**250
_MOST_TAGS = 100
_LONGEST_TAG = 64


def _by_key(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {word_key(word) or word: meaning for meaning, words in table.items() for word in words}


_STATUS = _by_key(STATUS_WORDS)
_PRIORITY = _by_key(PRIORITY_WORDS) | {"": "none"}
"""A dash alone has no letters to compare."""


class Title(NamedTuple):
    """A title as it is shown, and the text it was made from."""

    shown: str
    whole: str


def read_id(value: object) -> str | None:
    """An id as text, None for what is none; zero is the id of nothing."""
    found = id_state(value)
    return found if isinstance(found, str) else None


def id_state(value: object) -> str | Unreadable | None:
    """An id as text: a text of at most 256 characters, a whole number, or a text under `$oid`."""
    if isinstance(value, str):
        if not value.strip() or value.strip() == "0":
            return None
        return value if len(value) <= LONGEST_ID else UNREADABLE
    if isinstance(value, Mapping) and isinstance(value.get("$oid"), str):
        return id_state(value["$oid"])
    return None if is_blank(value) else _numeral(value)


def _numeral(value: object) -> str | Unreadable | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return UNREADABLE
    if abs(value) > _LARGEST_NUMERAL:
        return UNREADABLE
    return str(int(value)) if value else None


def title_state(value: object) -> Title | Unreadable | None:
    """A title; a whole number is one by its digits."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        digits = id_state(value) if value else "0"
        return Title(digits, digits) if isinstance(digits, str) else UNREADABLE
    if is_blank(value):
        return None
    if not isinstance(value, str):
        return UNREADABLE
    shown = read_title(value)
    return Title(shown, value) if shown else UNREADABLE


def status_state(value: object) -> str | Unreadable | None:
    """The group of a status word; of an object, the word in its `type`, else in its `name`."""
    if isinstance(value, Mapping) and value:
        groups = (_STATUS.get(word_key(value.get(key)) or "") for key in ("type", "name"))
        return next(filter(None, groups), UNREADABLE)
    if is_blank(value) or finite_number(value) == 0:
        return None
    if not isinstance(value, str):
        return UNREADABLE
    return None if value.strip() == "0" else _STATUS.get(word_key(value) or "", UNREADABLE)


def is_word(value: object) -> bool:
    """Whether a status is a word, known or not; anything else is a code that nobody can read."""
    if isinstance(value, Mapping):
        return any(is_word(value.get(key)) for key in ("type", "name"))
    return isinstance(value, str) and numeric(value) is None and not is_blank(value)


_FLAG_WORDS = frozenset({"true", "false", "yes", "no", "y", "n"})


def flag_state(value: object) -> bool | Unreadable | None:
    """A flag that is true or false; 0 and blanks are no flag."""
    if isinstance(value, bool):
        return value
    return None if is_blank(value) or value in (0, "0") else UNREADABLE


def is_flag_word(value: object) -> bool:
    """Whether a text is the word of a flag, which is no time."""
    return isinstance(value, str) and value.strip().casefold() in _FLAG_WORDS


class Priority(NamedTuple):
    """The importance of a word, or a number whose meaning depends on the other numbers of the user."""

    importance: float | None
    number: float | None = None


_LARGER_IS_HIGHER = {1: "low", 2: "medium", 3: "high", 4: "urgent"}
_SMALLER_IS_HIGHER = {1: "urgent", 2: "high", 3: "medium", 4: "low"}
_NINE_STEPS = {
    **dict.fromkeys((1, 2, 3, 4), "high"),
    5: "medium",
    **dict.fromkeys((6, 7, 8, 9), "low"),
}
"""RFC 5545, section 3.8.1.9."""


class Scale(NamedTuple):
    """How the numbers of one user are read: as the caller says, and by whether all of them fit the scale of four."""

    smaller_is_higher: bool = False
    is_four_steps: bool = True

    def importance(self, number: float) -> float | Unreadable | None:
        """The weight of the word that a number stands for; None where it stands for no priority."""
        if not self.smaller_is_higher:
            word = _LARGER_IS_HIGHER.get(_whole(number)) if self.is_four_steps else None
        elif number == 0:
            return None
        else:
            word = (_SMALLER_IS_HIGHER if self.is_four_steps else _NINE_STEPS).get(_whole(number))
        return UNREADABLE if word is None else IMPORTANCE[word]


def scale_of(numbers: Iterable[float], *, smaller_is_higher: bool) -> Scale:
    """The scale of a user's numbers.

    Of numbers that are larger for higher priorities, one outside of 1..4 shows that none of them is on this scale.
    """
    if smaller_is_higher:
        return Scale(smaller_is_higher, is_four_steps=not any(5 <= number <= 9 for number in numbers))
    return Scale(smaller_is_higher, is_four_steps=all(1 <= number <= 4 for number in numbers))


def _whole(number: float) -> int:
    return int(number) if number == number // 1 else 0


def priority_state(value: object) -> Priority | Unreadable | None:
    """A priority as a word or a number."""
    if isinstance(value, Mapping) and value:
        name = value.get("name")
        return priority_state(name) if isinstance(name, str) else UNREADABLE
    if is_blank(value):
        return None
    number = numeric(value)
    if number is not None:
        return Priority(None, number)
    word = _PRIORITY.get(key) if (key := word_key(value)) is not None else None
    if word is None:
        return UNREADABLE
    return Priority(IMPORTANCE[word]) if word in IMPORTANCE else None


def estimate_state(value: object, *, has_unit: bool) -> float | Unreadable | None:
    """Minutes above 0 and at most a day: a number where the key tells the unit, or an amount with its unit."""
    if isinstance(value, Mapping) and value:
        return _amount(value)
    if is_blank(value):
        return None
    minutes = numeric(value)
    if minutes == 0:
        return None
    if minutes is None or not has_unit:
        return UNREADABLE
    return minutes if 0 < minutes <= LONGEST_ESTIMATE_MIN else UNREADABLE


def _amount(value: Mapping[str, object]) -> float | Unreadable | None:
    amount, unit = value.get("amount"), value.get("unit")
    if is_blank(amount):
        return None
    number = numeric(amount)
    if number == 0:
        return None
    factor = ESTIMATE_UNITS.get(word_key(unit) or "") if isinstance(unit, str) else None
    if number is None or factor is None or not 0 < number * factor <= LONGEST_ESTIMATE_MIN:
        return UNREADABLE
    return number * factor


def tags_state(value: object) -> tuple[str, ...] | Unreadable | None:
    """Tags from a list of texts, of objects with a `name` or `title`, or from one text with commas."""
    if is_blank(value):
        return None
    if isinstance(value, str):
        return _tidy(value.split(",", _MOST_TAGS))
    if not isinstance(value, list | tuple):
        return UNREADABLE
    named = [_tag(each) for each in value[:_MOST_TAGS]]
    found = _tidy(tag for tag in named if tag)
    return found if found or not any(tag is None for tag in named) else UNREADABLE


def _tag(value: object) -> str | None:
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("name", "title") if isinstance(value.get(key), str)), None)
    return value if isinstance(value, str) else None


def _tidy(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(text[:_LONGEST_TAG] for tag in tags if (text := tag.strip()))
