"""Changes between two versions of docs/openapi.json that break a caller.

A route, a status or a field of a response was removed, a field of a request became required or narrower, or a type
changed. Additions break nothing.
"""

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]
LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
SWITCHES = ("uniqueItems", "readOnly")
"""Keywords that reject values once they are enabled."""
RULES = ("pattern", "multipleOf", "format")
"""Keywords whose change may reject values that were accepted; the two values alone do not show it."""


def breaches(before: Document, now: Document) -> Iterator[str]:
    """A sentence for each change that can break a caller."""
    for path, operations in before["paths"].items():
        for method, operation in operations.items():
            name = f"{method.upper()} {path}"
            current = now["paths"].get(path, {}).get(method)
            if current is None:
                yield f"{name} was removed"
                continue
            yield from _of_answers(name, operation, current, before, now)
            old, new = (_body(one.get("requestBody", {})) for one in (operation, current))
            yield from Comparison(before, now, is_request=True).of(f"{name} request", old, new)


def _of_answers(name: str, old: Document, new: Document, before: Document, now: Document) -> Iterator[str]:
    for status, answer in old["responses"].items():
        if status not in new["responses"]:
            yield f"{name} no longer answers {status}"
            continue
        current = _body(new["responses"][status])
        yield from Comparison(before, now, is_request=False).of(f"{name} {status}", _body(answer), current)


def _body(message: Document) -> Document:
    schema: Document = message.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


class Comparison:
    """Two schemas, each in its own document.

    A request may only become wider, a response only narrower.
    """

    def __init__(self, before: Document, now: Document, *, is_request: bool) -> None:
        self._before = before
        self._now = now
        self._is_request = is_request
        self._seen: set[tuple[str, str]] = set()

    def of(self, place: str, old: Document, new: Document) -> Iterator[str]:
        """The breaking changes at and below a place."""
        key = (str(old.get("$ref")), str(new.get("$ref")))
        if "$ref" in old and key in self._seen:
            return
        self._seen.add(key)
        old, new = _resolved(old, self._before), _resolved(new, self._now)
        if _types(old) != _types(new) and not self._is_compatible(_types(old), _types(new)):
            yield f"{place}: {_types(old)} became {_types(new)}"
            return
        yield from self._of_values(place, old, new)
        yield from self._of_fields(place, old, new)
        for part in ("items", "additionalProperties"):
            if isinstance(old.get(part), dict) and isinstance(new.get(part), dict):
                yield from self.of(f"{place}[]", old[part], new[part])
        for index, (one, other) in enumerate(zip(old.get("anyOf", []), new.get("anyOf", []), strict=False)):
            yield from self.of(f"{place}|{index}", one, other)

    def _is_compatible(self, old: list[str], new: list[str]) -> bool:
        return set(old) <= set(new) if self._is_request else set(new) <= set(old)

    def _of_values(self, place: str, old: Document, new: Document) -> Iterator[str]:
        smaller, larger = (new, old) if self._is_request else (old, new)
        if "enum" in smaller and not set(map(str, larger.get("enum", ["anything"]))) <= set(map(str, smaller["enum"])):
            yield f"{place}: its allowed values changed"
        if self._is_request:
            yield from _of_bounds(place, old, new)
            yield from _of_rules(place, old, new)
            if "default" in old and old["default"] != new.get("default"):
                yield f"{place}: its default changed from {old['default']!r} to {new.get('default')!r}"

    def _of_fields(self, place: str, old: Document, new: Document) -> Iterator[str]:
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


def _of_bounds(place: str, old: Document, new: Document) -> Iterator[str]:
    for bound in (*LOWER_BOUNDS, *UPPER_BOUNDS):
        if bound not in new:
            continue
        tightened = bound not in old or (new[bound] > old[bound] if bound in LOWER_BOUNDS else new[bound] < old[bound])
        if tightened:
            yield f"{place}: {bound} changed from {old.get(bound, 'none')} to {new[bound]}"


def _of_rules(place: str, old: Document, new: Document) -> Iterator[str]:
    for switch in SWITCHES:
        if new.get(switch) and not old.get(switch):
            yield f"{place}: {switch} was enabled"
    for rule in RULES:
        if rule in new and new[rule] != old.get(rule):
            yield f"{place}: {rule} changed from {old.get(rule, 'none')} to {new[rule]}"
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield f"{place}: additional fields became forbidden"


def _resolved(schema: Document, document: Document) -> Document:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _types(schema: Document) -> list[str]:
    if "anyOf" in schema:
        return sorted({part.get("type", "object") for part in schema["anyOf"]})
    return [schema.get("type", "object" if "properties" in schema else "anything")]
