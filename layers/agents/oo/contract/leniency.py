"""Lenient reading of bodies: an unreadable optional value of a user's data does not reject the whole body.

Such a value counts as absent, and the body's notes contain its place. Sizes, and values that the caller's program
chooses, are still validated strictly. The cost is linear in the size of the body, with one type check per row of a
list.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from oo.contract.agent_versions import VERSIONS
from oo.contract.fields import Body
from oo.contract.limits import MAX_USER_ID_CHARACTERS, MAX_ZONE_CHARACTERS
from oo.contract.vocabulary import PROFILE_RANGES
from oo.contract.zones import read_zone
from oo.validation.models import (
    CoreSchema,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    JsonSchemaValue,
    ModelWrapValidatorHandler,
    PrivateAttr,
    core_schema,
    model_validator,
)

MOST_KEYS = 10
"""Keys of one list that a report names."""

OTHER_KEYS = "*"
"""The key for the count of all unnamed keys."""

NO_ZONE = "(no text)"
"""The replacement of a value that cannot be a time zone. Left out, it would count as absent, not as unknown."""

_ZONE, _OTHER_ZONE = "timezone", "timeZone"
_LISTS = frozenset({"tasks", "feedback_history", "task_completions", "recent_tips", "agent_outputs"})
_OBJECTS = frozenset({"profile", "profile_features", "agent_prefs", "extra"})
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}")
_TEXTS = frozenset({"now_iso", "timezone", "locale", "prompt_version", "priority_scale"})
_NULLABLE = frozenset({"agent_outputs", "profile_features"})
"""Lists and objects for which null has a meaning of its own, so that no value is assumed."""

_EMPTY = {name: empty for names, empty in ((_LISTS, "[]"), (_OBJECTS, "{}")) for name in names if name not in _NULLABLE}


class BodyNotes(NamedTuple):
    """Unreadable values of a body, counted by place, such as `profile.energy_now` or `tasks.not_object`."""

    unread_keys: tuple[str, ...]
    unreadable: Mapping[str, int]
    dropped: Mapping[str, int]
    assumed: tuple[str, ...]


NO_NOTES = BodyNotes((), {}, {}, ())


class LenientBody(Body):
    """A body with a user's data. A null counts as absent for every optional field."""

    NOT_READ: ClassVar[frozenset[str]] = frozenset()
    """Fields of the type that this body does not read: to it they are unknown ones."""

    _notes: BodyNotes = PrivateAttr(default_factory=lambda: NO_NOTES)

    @property
    def notes(self) -> BodyNotes:
        """The notes of its reading; empty for a body that was created in this process."""
        return self._notes

    @model_validator(mode="wrap")
    @classmethod
    def _read_leniently(cls, sent: Any, read: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401  # any value
        if not isinstance(sent, dict):
            return read(sent)
        reading = _BodyReading(sent, _fields_of(cls))
        body = read(reading.kept)
        body._notes = reading.notes_of(body)  # noqa: SLF001  # its own
        return body

    @classmethod
    def __get_pydantic_json_schema__(cls, built: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(built)
        described = handler.resolve_ref_schema(schema)
        required = described.get("required", ())
        for name, field in described.get("properties", {}).items():
            if name not in required:
                described["properties"][name] = _nullable(field)
        return schema


class _Fields(NamedTuple):
    """The fields of a type of body, by name with whether each is required; and all accepted keys."""

    required: Mapping[str, bool]
    keys: frozenset[str]


@cache
def _fields_of(body: type[LenientBody]) -> _Fields:
    read = body.model_fields.keys() - body.NOT_READ
    required = {name: field.is_required() for name, field in body.model_fields.items() if name in read}
    return _Fields(required, frozenset(required) | ({_OTHER_ZONE} if _ZONE in required else set()))


class _BodyReading:
    """One body while it is read; `kept` is the part that strict validation receives."""

    def __init__(self, sent: Mapping[str, Any], fields: _Fields) -> None:
        self._unread = () if sent.keys() <= fields.keys else tuple(key for key in sent if key not in fields.keys)
        self._unreadable: dict[str, int] = {}
        self._assumed: list[str] = []
        self.kept = {
            name: sent[name]
            for name, is_required in fields.required.items()
            if name in sent and (is_required or self._is_kept(name, sent[name]))
        }
        if _ZONE in fields.keys and (_ZONE in sent or _OTHER_ZONE in sent):
            self._keep_one_zone(sent)
        self._keep_text_of_user()

    def _is_kept(self, name: str, value: object) -> bool:
        """Whether to pass on the value of an optional field; if not, notes a lost value or an assumed one."""
        if value is None:
            if name in _EMPTY:
                self._assumed.append(f"{name}={_EMPTY[name]}")
            return False
        if name in _OBJECTS and not isinstance(value, dict):
            if is_given(value):
                self._unreadable[name] = 1
            return False
        if name == "locale" and is_given(value) and not _is_locale(value):
            self._unreadable[name] = 1
            return False
        return not (name in _TEXTS and isinstance(value, str) and not is_given(value))

    def _keep_one_zone(self, sent: Mapping[str, Any]) -> None:
        """Keep the first valid zone; if there is none, the first text, which the reader of zones reports."""
        given = [sent[key] for key in (_ZONE, _OTHER_ZONE) if is_given(sent.get(key))]
        texts = [text for text in given if isinstance(text, str) and len(text) <= MAX_ZONE_CHARACTERS]
        self.kept.pop(_ZONE, None)
        if given:
            self.kept[_ZONE] = next(filter(read_zone, texts), texts[0] if texts else NO_ZONE)

    def _keep_text_of_user(self) -> None:
        user_id = self.kept.get("user_id")
        if type(user_id) is int and len(str(user_id)) <= MAX_USER_ID_CHARACTERS:
            self.kept["user_id"] = str(user_id)
            self._assumed.append("user_id=text")

    def notes_of(self, body: Body) -> BodyNotes:
        """The notes, after strict validation has created the body from `kept`."""
        dropped = {}
        for name, sent in self.kept.items():
            if name in _LISTS:
                read = getattr(body, name)
                if len(read) < len(sent):
                    dropped[f"{name}.not_object"] = len(sent) - len(read)
                if read and isinstance(read[0], Body):
                    self._unreadable |= Counter(f"{name}.{key}" for key in _unread_parts(sent, read))
            elif name in _OBJECTS:
                read = getattr(body, name)
                self._unreadable |= _places(name, [key for key in read if _is_lost(sent[key], read[key])])
        if self._unread or self._unreadable or dropped or self._assumed:
            return BodyNotes(self._unread, self._unreadable, dropped, tuple(self._assumed))
        return NO_NOTES


def is_given(value: object) -> bool:
    """Whether there is a value: null, blank text, an empty list and an empty object are none."""
    return bool(value.strip()) if isinstance(value, str) else value is not None and value not in ([], {})


def _is_lost(sent: object, read: object) -> bool:
    return read in (None, {}) and is_given(sent)


def _unread_parts(sent: Sequence[object], read: Sequence[Body]) -> Iterator[str]:
    """The unreadable fields of rows with a type of their own, once per row."""
    rows = (row for row in sent if isinstance(row, dict | Body))
    for row, body in zip(rows, read, strict=True):
        if isinstance(row, dict):
            # A missing text of a snippet is not reported here: the snippet is malformed.
            lost = [key for key, value in vars(body).items() if value is None and row.get(key) is not None]
            yield from (key for key in lost if is_given(row[key]) and key != "prompt_text")


def _places(name: str, keys: Sequence[str]) -> dict[str, int]:
    """Keys of a mapping as places.

    Names outside the contract may contain a user's text, so they are only counted.
    """
    known = [key for key in keys if key in PROFILE_RANGES or key in VERSIONS]
    others = len(keys) - len(known)
    return {f"{name}.{key}": 1 for key in known} | ({f"{name}.{OTHER_KEYS}": others} if others else {})


def _nullable(field: JsonSchemaValue) -> JsonSchemaValue:
    """The schema of an optional field, which may be null; its title and description stay outside."""
    if any(choice.get("type") == "null" for choice in field.get("anyOf", ())):
        return field
    about = {key: field[key] for key in field.keys() & {"title", "description", "default", "examples"}}
    return {"anyOf": [{key: value for key, value in field.items() if key not in about}, {"type": "null"}], **about}


class Reading(dict[str, Any]):
    """The report of the unreadable values of a user's data, as answers contain it.

    Not a pydantic model, because building one takes a millisecond of each cold start, and the reports are made here.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.dict_schema(ref=f"{cls.__module__}.{cls.__qualname__}:{id(cls)}")

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        counts = {"type": "object", "additionalProperties": {"type": "integer"}}
        return {
            "type": "object",
            "title": cls.__name__,
            "description": "Counts and names of keys, never values; a part with nothing to report is left out.",
            "properties": {
                "assumed": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Assumed values of absent data, as `field=value`.",
                    "examples": [["feedback_history=[]", "timezone=UTC"]],
                },
                "dropped": {
                    **counts,
                    "description": (
                        "Rows that do not count, by `list.reason`: `duplicate_id`, `not_object`, `future` (more than "
                        "five minutes after the request's time) or `no_time`."
                    ),
                    "examples": [{"tasks.not_object": 1}],
                },
                "tasks": {
                    **counts,
                    "description": (
                        "Rows `given`, `open` and `done`; of the open ones those without a readable title "
                        "(`untitled`) and those whose due date is unknown (`unreadable_due`)."
                    ),
                    "examples": [{"given": 3, "open": 2, "done": 1, "untitled": 1, "unreadable_due": 1}],
                },
                "unread_keys": {
                    "type": "object",
                    "additionalProperties": counts,
                    "description": (
                        "By list (`body` is the top level), the keys that no field uses, with the number of their "
                        f"rows: the {MOST_KEYS} most frequent; `{OTHER_KEYS}` counts the others."
                    ),
                    "examples": [{"tasks": {"colour": 2, "headline": 1}}],
                },
                "unreadable": {
                    **counts,
                    "description": (
                        "Values that could not be read and count as unknown, by `list.field` (the documented name, "
                        "also where another key held the value), `timezone`, `profile.name` or `agent_prefs.name`."
                    ),
                    "examples": [{"tasks.due_at": 1}],
                },
            },
        }


OptionalReading = Annotated[Reading | None, Field(description="Null if everything was read.")]


def _is_locale(value: object) -> bool:
    """Whether a text has the form of a language tag."""
    return isinstance(value, str) and _LOCALE.fullmatch(value.strip()) is not None
