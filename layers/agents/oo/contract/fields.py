"""The fields that several bodies share, each with its range."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from oo.contract.limits import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    MAX_ITEMS,
    MAX_KEYS,
    MAX_USER_ID_CHARACTERS,
    MAX_ZONE_CHARACTERS,
)
from oo.contract.vocabulary import FEEDBACK_FIELDS, FEEDBACK_WORDS

_Row = TypeVar("_Row")
_REFUSED = frozenset({"finite_number", "string_too_long", "too_long"})
"""Problems that refuse a body wherever the value is."""


class Body(BaseModel):
    """A body as it goes over the wire: unknown fields are ignored, numbers are finite."""

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
    """Refuse a mapping by its size before its values are looked at: each wrong one of 95,000 would be a problem."""
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
    """A boolean is no number of a user's data."""
    return None if isinstance(value, bool) else value


def _objects(value: object) -> object:
    """The rows of a list that are objects; a list that is too long keeps its length, by which it is refused."""
    if not isinstance(value, list):
        return value
    if len(value) > MAX_ITEMS:
        return [row if isinstance(row, dict) else {} for row in value]
    return [row for row in value if isinstance(row, dict)]


def _object(value: object) -> object:
    return value if isinstance(value, dict) else {}


def _object_or_none(value: object, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401  # a row, or None
    """A row, None for one that is no object: the rows after it keep their places in problems."""
    return read(value) if isinstance(value, dict | Body) else None


def _without_none(rows: list[_Row | None]) -> list[_Row]:
    return [row for row in rows if row is not None]


Readable = WrapValidator(_unless_unreadable)
"""Marks the type of an optional part of a user's data: an unreadable value counts as absent."""

ROW, ROWS = WrapValidator(_object_or_none), AfterValidator(_without_none)
"""Mark the type of a row and that of its list: rows that are no objects are dropped."""

FEW_KEYS = (Field(max_length=MAX_KEYS), BeforeValidator(_check_keys))
"""Says in the OpenAPI document how many keys a mapping may have, and holds it to that."""

Instant = Annotated[
    datetime,
    BeforeValidator(_read_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


def _write_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")


Timestamp = Annotated[datetime, PlainSerializer(_write_instant)]
"""An instant as this service writes it: in UTC with `+00:00`, in whole seconds."""

TimeZone = Annotated[str, Field(min_length=1, max_length=MAX_ZONE_CHARACTERS, examples=["Europe/Berlin"])]

UserId = Annotated[
    str,
    Field(
        strict=True,
        min_length=1,
        max_length=MAX_USER_ID_CHARACTERS,
        description="The caller's own id of the user; opaque to the service. A whole number is read as its digits.",
        examples=["user-7"],
    ),
]

NowIso = Annotated[
    Instant | None,
    Field(description="The moment to compute for, ISO 8601; no zone means UTC; absent means now."),
]

OptionalTimeZone = Annotated[
    TimeZone | None,
    Field(
        description=(
            "The user's time zone: an IANA name, or an offset as `+02:00`. Absent means the offset of `now_iso`; an "
            "unreadable one counts as unknown. `timeZone` is read, too."
        )
    ),
]

PriorityScale = Annotated[
    Literal["larger_is_higher", "smaller_is_higher"],
    Field(
        description=(
            "How numbers in `priority` of `tasks` are meant: 4 is the most important (`larger_is_higher`), or 1 is, as "
            "in RFC 5545 and in Linear (`smaller_is_higher`)."
        )
    ),
]

Tasks = Annotated[
    list[dict[str, Any]],
    Field(
        max_length=MAX_ITEMS,
        description=(
            "The user's tasks, open and done. Keys that are read, each of which may be missing or null: `id`, "
            "`title`, `status`, `due_at`, `created_at`, `completed_at`, `priority` (1..4, larger is more important, or "
            "urgent, high, medium, low), `estimate_minutes`, `project_id`, `tags`."
        ),
    ),
    BeforeValidator(_objects),
]


def _outcomes() -> str:
    """The words of feedback, those of one outcome together."""
    return "; ".join(f"{outcome}: {', '.join(words)}" for outcome, words in FEEDBACK_WORDS.items())


def _aliases(keys: tuple[str, ...]) -> str:
    """The keys of a field, the documented one first."""
    return f"`{keys[0]}`" + (f" (also {', '.join(f'`{key}`' for key in keys[1:])})" if keys[1:] else "")


FeedbackHistory = Annotated[
    list[dict[str, Any]],
    Field(
        max_length=MAX_ITEMS,
        description=(
            "What the user did with earlier tips. Keys that are read, each of which may be missing or null: "
            f"{', '.join(_aliases(field.keys) for field in FEEDBACK_FIELDS.values())}. "
            f"`action` is one of these words, by outcome: {_outcomes()}. Case, blanks, `-` and `_` do not matter. "
            "`created_at` is a date and time; rows without one do not count. `dwell_ms` is how many milliseconds the "
            "tip was looked at. Rows with one `serve_id` or `tip_id` are about one tip; rows without an id are about "
            "one tip until the next `shown` or a gap of 30 minutes. `timezone` is the zone of a time without one."
        ),
    ),
    BeforeValidator(_objects),
]

TaskCompletions = Annotated[
    list[dict[str, Any]],
    Field(
        max_length=MAX_ITEMS,
        description=(
            "Tasks the user finished. Keys that are read, each of which may be missing or null: `project_id`, "
            "`completed_at`, `due_at`."
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
"""The preferences among those of several agents; of one whose are no object there are none."""

Profile = Annotated[
    dict[str, Annotated[float | None, BeforeValidator(_no_boolean), Readable]],
    *FEW_KEYS,
    Field(description="Numbers about the user by name; unknown names and what is no number are ignored."),
]

ScienceDestiny = Annotated[
    int, Field(ge=0, le=100, description="From 0, data-driven, to 100, intuitive.", examples=[50])
]

HourOfDay = Annotated[int, Field(ge=0, le=23, description="The user's local hour.")]

DayOfWeek = Annotated[int, Field(ge=0, le=6, description="The user's local weekday; 0 is Monday.")]
