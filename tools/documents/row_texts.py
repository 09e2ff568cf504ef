"""The formats of values in rows, in Markdown for the description of the OpenAPI document."""

from collections.abc import Iterable, Mapping

from oo.contract.vocabulary import (
    ABSENT_DATES,
    DATE_SHAPES,
    ESTIMATE_UNITS,
    LONGEST_ESTIMATE_MIN,
    PRIORITY_WORDS,
    STATUS_WORDS,
    UNITLESS_ESTIMATES,
    UNREADABLE_DATES,
)

HEAD = """## Rows of tasks, completions and feedback

A field of a row is read, absent (its keys are missing, null or blank), or unknown (its value cannot be read). Of an
unknown field, no tip states a value or its absence, and `reading` in the answer counts it. Case, blanks, `-`, `_` and
apostrophes of words do not matter."""

_DATES = """A time without a zone is in the zone of its object, else of its row, else of the user. No date: {absent}.
Unknown: {unknown}, and years before 2000 or after 2100.

Write a date without a time as a day. If all of at least 3 timestamps of one field with a time are midnights in UTC or
in the user's zone, those count as days. The same is true if 90% of at least 10 are."""

_STATUS = """Another word leaves a task open. A number other than 0 is unreadable: such a task is never named."""

_PRIORITY = """`priority_scale` sets the scale of numbers."""

_ESTIMATES = """### Estimates

Minutes as a number over 0 and at most {most:,}, or `{{"amount": 2, "unit": "hours"}}` with one of the units {units}.
{keys} are read with a unit only."""


def codes(values: Iterable[str]) -> str:
    """Values as code, with commas between them."""
    return ", ".join(f"`{value}`" for value in values)


def render() -> str:
    """The Markdown section about rows in the description of the OpenAPI document."""
    estimates = _ESTIMATES.format(
        most=LONGEST_ESTIMATE_MIN,
        units=codes(ESTIMATE_UNITS),
        keys=" and ".join(map("`{}`".format, UNITLESS_ESTIMATES)),
    )
    dates = _DATES.format(absent=codes(ABSENT_DATES), unknown=codes(UNREADABLE_DATES))
    return "\n\n".join(
        [
            HEAD,
            _list("Dates", {shape: codes(examples) for shape, examples in DATE_SHAPES.items()}, dates),
            _list("Words of `status`", _joined(STATUS_WORDS), _STATUS),
            _list("Words of `priority`", _joined(PRIORITY_WORDS), _PRIORITY),
            estimates,
        ]
    )


def _joined(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {meaning: ", ".join(words) for meaning, words in table.items()}


def _list(heading: str, items: Mapping[str, str], more: str) -> str:
    listed = "".join(f"- {name}: {text}\n" for name, text in items.items())
    return f"### {heading}\n\n{listed}\n{more}"
