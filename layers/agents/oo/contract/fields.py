"""The fields that several bodies share, each with its range."""

from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from oo.contract.limits import EARLIEST_YEAR, LATEST_YEAR, MAX_ITEMS, MAX_KEYS, MAX_USER_ID_CHARACTERS
from oo.contract.vocabulary import FEEDBACK_FIELDS, FEEDBACK_WORDS


class Body(BaseModel):
    """What goes over the wire: unknown fields are ignored, numbers are finite."""

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


def _check_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("time_zone", "Input should be an IANA time zone name") from None
    return name


def _check_keys(value: object) -> object:
    """Refuse a mapping by its size before its values are looked at: each wrong one of 95,000 would be a problem."""
    if isinstance(value, dict) and len(value) > MAX_KEYS:
        raise PydanticCustomError("too_long", "Input should have at most {most} keys", {"most": MAX_KEYS})
    return value


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

TimeZone = Annotated[
    str, Field(min_length=1, max_length=64, examples=["Europe/Berlin"]), AfterValidator(_check_time_zone)
]

UserId = Annotated[
    str,
    Field(
        strict=True,
        min_length=1,
        max_length=MAX_USER_ID_CHARACTERS,
        description="The caller's own id of the user; opaque to the service.",
        examples=["user-7"],
    ),
]

NowIso = Annotated[
    Instant | None,
    Field(description="The moment to compute for, ISO 8601; no zone means UTC; absent means now."),
]

OptionalTimeZone = Annotated[
    TimeZone | None,
    Field(description="The user's IANA time zone; absent means the zone of `now_iso`."),
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
]

Preferences = Annotated[
    dict[str, Any],
    *FEW_KEYS,
    Field(description="The agent's preferences by name, as its manifest's `prefs_schema` lists them."),
]

Profile = Annotated[
    dict[str, float | None],
    *FEW_KEYS,
    Field(description="Numbers about the user by name; unknown names are ignored."),
]

ScienceDestiny = Annotated[
    int, Field(ge=0, le=100, description="From 0, data-driven, to 100, intuitive.", examples=[50])
]

HourOfDay = Annotated[int, Field(ge=0, le=23, description="The user's local hour.")]

DayOfWeek = Annotated[int, Field(ge=0, le=6, description="The user's local weekday; 0 is Monday.")]
