"""Changes between two versions of a JSON schema that break its users.

A request may only become wider, a response only narrower. `anyOf`, `oneOf` and `allOf` are compared by
content: the place of a choice in its list means nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

Schema = dict[str, Any]

_LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_SWITCHES = ("uniqueItems", "readOnly")
"""Keywords that reject values once they are enabled."""
_RULES = ("pattern", "multipleOf", "format")
"""Keywords whose change may reject values that were accepted; the two values alone do not show it."""
_CHOICES = ("anyOf", "oneOf")
_NAME = "$ref of"
"""Holds the reference by which a schema was found."""

_OF_WORDS = frozenset({"type", "enum", "const", "title", "description", _NAME})
"""Keywords of a choice that is a list of values and nothing else."""
_ANYTHING = "anything"


class Comparison:
    """Two schemas, each in its own document."""

    def __init__(self, before: Schema, now: Schema, *, is_request: bool) -> None:
        self._before = before
        self._now = now
        self._is_request = is_request
        self._open: list[tuple[str, str]] = []

    def of(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        """The breaking changes at and below a place."""
        old, new = _whole(old, self._before), _whole(new, self._now)
        if self._is_request and "default" in old and old["default"] != new.get("default"):
            yield f"{place}: its default changed from {old['default']!r} to {new.get('default')!r}"
        yield from self._of_choices(place, _choices(old, self._before), _choices(new, self._now))

    def _of_choices(self, place: str, old: Sequence[Schema], new: Sequence[Schema]) -> Iterator[str]:
        """The breaches of the choices that have to fit, each compared with the choice that fits best."""
        ours, others = (old, new) if self._is_request else (new, old)
        found = [[list(self._of_choice(place, *self._in_order(one, other))) for other in others] for one in ours]
        fitted = {breaches.index([]) for breaches in found if [] in breaches}
        for one, breaches in zip(ours, found, strict=True):
            best = min(range(len(others)), key=lambda at: (_type(one) != _type(others[at]), len(breaches[at])))
            if [] in breaches:
                continue
            if best in fitted or (len(others) > 1 and _type(one) != _type(others[best])):
                yield f"{place}: {_name(one)} is {'no longer accepted' if self._is_request else 'new'}"
            else:
                yield from breaches[best]

    def _in_order(self, one: Schema, other: Schema) -> tuple[Schema, Schema]:
        """Of a choice that has to fit and another one: the old one, then the new one."""
        return (one, other) if self._is_request else (other, one)

    def _of_choice(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        names = (old.get(_NAME, ""), new.get(_NAME, ""))
        if all(names) and names in self._open:
            return  # a schema that holds itself
        self._open.append(names)
        yield from self._of_parts(place, old, new)
        self._open.pop()

    def _of_parts(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        wide, narrow = (new, old) if self._is_request else (old, new)
        if not _holds(_type(wide), _type(narrow)):
            yield f"{place}: {_type(old)} became {_type(new)}"
            return
        if "enum" in wide and not set(map(str, narrow.get("enum", [_ANYTHING]))) <= set(map(str, wide["enum"])):
            yield f"{place}: its allowed values changed"
        if self._is_request:
            yield from _of_bounds(place, old, new)
            yield from _of_rules(place, old, new)
        yield from self._of_fields(place, old, new)
        for part in ("items", "additionalProperties"):
            inner = [each.get(part, {}) for each in (old, new)]
            if any(inner) and all(isinstance(each, dict) or each is True for each in inner):
                yield from self.of(f"{place}[]", *({} if each is True else each for each in inner))

    def _of_fields(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        if self._is_request:
            for name in sorted(set(new.get("required", [])) - set(old.get("required", []))):
                yield f"{place}.{name} became required"
        else:
            for name in sorted(set(old.get("required", [])) - set(new.get("required", []))):
                yield f"{place}.{name} became optional"
        for name, schema in old.get("properties", {}).items():
            if name in new.get("properties", {}):
                yield from self.of(f"{place}.{name}", schema, new["properties"][name])
            else:
                yield f"{place}.{name} was removed"


def _of_bounds(place: str, old: Schema, new: Schema) -> Iterator[str]:
    for bound in (*_LOWER_BOUNDS, *_UPPER_BOUNDS):
        if bound not in new:
            continue
        tightened = bound not in old or (new[bound] > old[bound] if bound in _LOWER_BOUNDS else new[bound] < old[bound])
        if tightened:
            yield f"{place}: {bound} changed from {old.get(bound, 'none')} to {new[bound]}"


def _of_rules(place: str, old: Schema, new: Schema) -> Iterator[str]:
    for switch in _SWITCHES:
        if new.get(switch) and not old.get(switch):
            yield f"{place}: {switch} was enabled"
    for rule in _RULES:
        if rule in new and new[rule] != old.get(rule):
            yield f"{place}: {rule} changed from {old.get(rule, 'none')} to {new[rule]}"
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield f"{place}: additional fields became forbidden"


def _whole(schema: Schema, document: Schema) -> Schema:
    """The schema without a reference and with the parts of its `allOf`; keywords of its own win."""
    while "$ref" in schema:
        target: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        own = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
        schema = {**target, **own, _NAME: schema["$ref"]}
    if "allOf" not in schema:
        return schema
    parts = [*(_whole(part, document) for part in schema["allOf"]), schema]
    whole = {keyword: value for part in parts for keyword, value in part.items() if keyword != "allOf"}
    if "properties" in whole:
        whole["properties"] = {name: field for part in parts for name, field in part.get("properties", {}).items()}
    if "required" in whole:
        whole["required"] = sorted({name for part in parts for name in part.get("required", [])})
    return whole


def _choices(schema: Schema, document: Schema) -> list[Schema]:
    """The schemas of which a value fits one: itself, or its choices. Those that list values are one, by type."""
    listed = next((schema[keyword] for keyword in _CHOICES if keyword in schema), None)
    if listed is not None:
        flat = [choice for part in listed for choice in _choices(_whole(part, document), document)]
    elif isinstance(schema.get("type"), list):
        flat = [{**schema, "type": name} for name in schema["type"]]
    else:
        flat = [{**schema, "enum": [schema["const"]]} if "const" in schema else schema]
    values: dict[str, list[Any]] = {}
    choices = []
    for choice in flat:
        if "enum" in choice and choice.keys() <= _OF_WORDS:
            values.setdefault(_type(choice), []).extend(choice["enum"])
        else:
            choices.append(choice)
    return [*choices, *({"type": name, "enum": listed} for name, listed in values.items())]


def _type(schema: Schema) -> str:
    name: str = schema.get("type", "object" if "properties" in schema else _ANYTHING)
    return name


def _name(schema: Schema) -> str:
    name: str = schema.get("title", _type(schema))
    return name


def _holds(wide: str, narrow: str) -> bool:
    return wide in (narrow, _ANYTHING) or (wide, narrow) == ("number", "integer")
