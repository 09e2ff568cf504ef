"""The fields that several bodies share, each with its range."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from oo.contract.limits import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    MAX_ITEMS,
    MAX_KEYS,
    MAX_USER_ID_CHARACTERS,
    MAX_ZONE_CHARACTERS,
)
from oo.contract.vocabulary import (
    COMPLETION_FIELDS,
    DONE_FLAG,
    FEEDBACK_FIELDS,
    FEEDBACK_WORDS,
    GONE_DATE,
    GONE_FLAG,
    MOST_EARLIER_DATES,
    OUTCOMES,
    PROFILE_RANGES,
    RECURRING_TYPES,
    RECURS_FLAG,
    ROW_ZONE,
    TASK_FIELDS,
    FieldKeys,
)
from oo.validation.models import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PydanticCustomError,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

_Row = TypeVar("_Row")
_REFUSED = frozenset({"finite_number", "string_too_long", "too_long"})
"""Problems that reject a body at any place of the value."""


class Body(BaseModel):
    """A body of a request, a response or a message: unknown fields are ignored, numbers are finite."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, hide_input_in_errors=True)


def _read_instant(value: object) -> datetime:
    """An aware datetime from ISO 8601 text; no zone means UTC."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None:
        raise PydanticCustomError("datetime_iso", "Input should be an ISO 8601 date and time")
    if not EARLIEST_YEAR <= instant.year < LATEST_YEAR:
        raise PydanticCustomError(
            "datetime_range",
            "Input should be a year from {first} to {last}",
            {"first": EARLIEST_YEAR, "last": LATEST_YEAR - 1},
        )
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _check_keys(value: object) -> object:
    """Refuse a mapping by its size before its values are validated: 95,000 wrong values would be 95,000 problems."""
    if isinstance(value, dict) and len(value) > MAX_KEYS:
        raise PydanticCustomError("too_long", "Input should have at most {most} keys", {"most": MAX_KEYS})
    return value


def _unless_unreadable(value: object, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401  # as the type reads
    """The value, None for one that cannot be read; one that is too large or not finite is refused."""
    try:
        return read(value)
    except ValidationError as error:
        if any(problem["type"] in _REFUSED for problem in error.errors(include_url=False)):
            raise
        return None


def _no_boolean(value: object) -> object:
    """The value, None for a boolean, which pydantic would read as 0 or 1."""
    return None if isinstance(value, bool) else value


def _objects(value: object) -> object:
    """The rows of a list that are objects. A list that is too long keeps its length, so that validation refuses it."""
    if not isinstance(value, list):
        return value
    if len(value) > MAX_ITEMS:
        return [row if isinstance(row, dict) else {} for row in value]
    return [row for row in value if isinstance(row, dict)]


def _object(value: object) -> object:
    return value if isinstance(value, dict) else {}


def _object_or_none(value: object, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401  # a row, or None
    """A row, None for a value that is not an object, so that later rows keep their index in error locations."""
    return read(value) if isinstance(value, dict | Body) else None


def _without_none(rows: list[_Row | None]) -> list[_Row]:
    return [row for row in rows if row is not None]


Readable = WrapValidator(_unless_unreadable)
"""Marks the type of an optional part of a user's data: an unreadable value counts as absent."""

ROW, ROWS = WrapValidator(_object_or_none), AfterValidator(_without_none)
"""Mark the type of a row and that of its list: rows that are not objects are dropped."""

FEW_KEYS = (Field(max_length=MAX_KEYS), BeforeValidator(_check_keys))
"""Limits the keys of a mapping, and documents the limit in the OpenAPI document."""

_DATE_TIME = WithJsonSchema({"type": "string", "format": "date-time"})
Instant = Annotated[datetime, BeforeValidator(_read_instant), _DATE_TIME]


def _write_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")


Timestamp = Annotated[datetime, PlainSerializer(_write_instant), _DATE_TIME]
"""An instant as this service writes it: in UTC with `+00:00`, in whole seconds."""

TimeZone = Annotated[str, Field(min_length=1, max_length=MAX_ZONE_CHARACTERS, examples=["Europe/Berlin"])]

UserId = Annotated[
    str,
    Field(
        strict=True,
        min_length=1,
        max_length=MAX_USER_ID_CHARACTERS,
        description="The caller's id of the user; opaque to the service. A whole number is read as its digits.",
        examples=["user-7"],
    ),
]

NowIso = Annotated[
    Instant | None,
    Field(description="The time for which to compute, ISO 8601; without a zone it is UTC; absent means now."),
]

OptionalTimeZone = Annotated[
    TimeZone | None,
    Field(
        description=(
            "The user's time zone: an IANA name in any case, or an offset such as `+02:00`, `+0200` or `UTC+2`. "
            "The key `timeZone` is read if this one is absent or unreadable. If both are absent, the offset of "
            "`now_iso` is used unless it is zero, else the service's default zone. If neither can be read, only that "
            "offset is used. Without any zone, no sentence names a day."
        )
    ),
]

PriorityScale = Annotated[
    Literal["larger_is_higher", "smaller_is_higher"],
    Field(
        description=(
            "The scale of numbers in `priority` of `tasks`.\n\n"
            "- `larger_is_higher`: 1 low, 2 medium, 3 high, 4 urgent; if the list contains any other number, none is "
            "read.\n"
            "- `smaller_is_higher`: 1 urgent, 2 high, 3 medium, 4 low; if the list contains a number from 5 to 9, the "
            "scale of RFC 5545: 1 to 4 high, 5 medium, 6 to 9 low; 0 is no priority."
        )
    ),
]


def _keys(fields: Mapping[str, FieldKeys]) -> str:
    """A sentence that lists the keys of a row's fields, the documented key of each first."""
    of_fields = (f"`{field.keys[0]}`" + _also(field.keys[1:]) for field in fields.values())
    return (
        "Keys that are read, each of which may be missing or null. If a field has several keys, the first with a "
        f"readable value is used: {', '.join(of_fields)}."
    )


def _also(keys: tuple[str, ...]) -> str:
    return f" (also {_codes(keys)})" if keys else ""


def _codes(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _words(table: Mapping[str, tuple[str, ...]]) -> str:
    """Words by their meaning."""
    return "; ".join(f"{meaning}: {', '.join(words)}" for meaning, words in table.items())


_ELSEWHERE = "This document's description lists the formats of dates"

Tasks = Annotated[
    list[dict[str, Any]],
    Field(
        max_length=MAX_ITEMS,
        description=(
            f"The user's tasks, open and done. {_keys(TASK_FIELDS)} A task is done if one of "
            f"{_codes(DONE_FLAG.keys)} is true; gone if one of {_codes(GONE_FLAG.keys)} is true or "
            f"{_codes(GONE_DATE.keys)} is a date; it recurs if it has a `recurrence`, if one of "
            f"{_codes(RECURS_FLAG.keys)} is true, or if `type` is {' or '.join(RECURRING_TYPES)}. "
            f"{_codes(ROW_ZONE.keys)} is the zone of the row's times. `due_history` lists earlier due dates, oldest "
            f"first, at most {MOST_EARLIER_DATES}; `tags` are texts, objects with a `name` or `title`, or one text "
            f"with commas. {_ELSEWHERE}, the words of `status` and `priority`, and the units of estimates."
        ),
    ),
    BeforeValidator(_objects),
]

FeedbackHistory = Annotated[
    list[dict[str, Any]],
    Field(
        max_length=MAX_ITEMS,
        description=(
            f"The user's answers to earlier tips. {_keys(FEEDBACK_FIELDS)} `action` is one of these words, by outcome: "
            f"{_words(FEEDBACK_WORDS)}. Case, blanks, `-` and `_` do not matter. `created_at` is a date and time; rows "
            "without one do not count. `dwell_ms` is the time for which the tip was visible, in milliseconds, "
            "`words_n` its number of words (1..200), without which the row does not count for the length of tips. Rows "
            "with the same `serve_id` (of the tip's receipt, or of an answer of /generate, there with the candidate's "
            "id) or `tip_id` are about one tip and count as its strongest outcome: "
            f"{', '.join(OUTCOMES)}, the strongest first. A row may be a body of `POST /feedback` with its "
            "`created_at`. Rows without an id are about one tip until the next `shown` or a gap of 30 minutes. "
            "`timezone` is the zone of a time without one."
        ),
    ),
    BeforeValidator(_objects),
]

TaskCompletions = Annotated[
    list[dict[str, Any]],
    Field(
        max_length=MAX_ITEMS,
        description=(
            f"Tasks that the user finished, one row for each time. {_keys(COMPLETION_FIELDS)} {_ELSEWHERE}; rows "
            "without `completed_at` do not count."
        ),
    ),
    BeforeValidator(_objects),
]

Preferences = Annotated[
    dict[str, Any],
    *FEW_KEYS,
    Field(description="The agent's preferences by name, as its manifest's `prefs_schema` lists them."),
]

PreferencesOfAgent = Annotated[Preferences, BeforeValidator(_object)]
"""The preferences of one agent in a mapping of several; empty if they are not an object."""


def _ranges() -> str:
    """The values of a profile, each with its range."""
    return ", ".join(f"`{name}` ({low:g} to {high:g})" for name, (low, high) in PROFILE_RANGES.items())


Profile = Annotated[
    dict[str, Annotated[float | None, BeforeValidator(_no_boolean), Readable]],
    *FEW_KEYS,
    Field(
        description=(
            f"Numbers about the user: {_ranges()}. A number outside its range counts as the nearest limit; "
            "other names and values that are not numbers do not count."
        )
    ),
]

ScienceDestiny = Annotated[
    int,
    Field(
        ge=0,
        le=100,
        description=(
            "The slider, from 0 (data-driven) to 100 (intuitive). If absent or null: 50, or that of the user's arm "
            "if an experiment on the slider is running."
        ),
        examples=[50],
    ),
]

_DERIVED = "If absent or null, derived from `now_iso` or `timezone` if given; a given `now_iso` takes precedence."
HourOfDay = Annotated[int, Field(ge=0, le=23, description=f"The user's local hour. {_DERIVED}")]
DayOfWeek = Annotated[int, Field(ge=0, le=6, description=f"The user's local weekday; 0 is Monday. {_DERIVED}")]
