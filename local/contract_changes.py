"""What a caller would notice between two versions of docs/openapi.json: `python -m local.contract_changes [TAG]`.

Compared with the last tag, or the one named, it ends with 1 where something breaks: a route, a status or a field of an
answer is gone, a field of a request is demanded or narrowed anew, or a type is another one. Additions are no breach.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from local.environment import ROOT

Document = dict[str, Any]
DOCUMENT = "docs/openapi.json"
LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


def breaches(before: Document, now: Document) -> Iterator[str]:
    """A sentence for each change that can break a caller."""
    for path, operations in before["paths"].items():
        for method, operation in operations.items():
            name = f"{method.upper()} {path}"
            current = now["paths"].get(path, {}).get(method)
            if current is None:
                yield f"{name} is gone"
                continue
            yield from _of_answers(name, operation, current, before, now)
            old, new = (_body(one.get("requestBody", {})) for one in (operation, current))
            yield from _Comparison(before, now, is_request=True).of(f"{name} request", old, new)


def _of_answers(name: str, old: Document, new: Document, before: Document, now: Document) -> Iterator[str]:
    for status, answer in old["responses"].items():
        if status not in new["responses"]:
            yield f"{name} no longer answers {status}"
            continue
        current = _body(new["responses"][status])
        yield from _Comparison(before, now, is_request=False).of(f"{name} {status}", _body(answer), current)


def _body(message: Document) -> Document:
    schema: Document = message.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


class _Comparison:
    """Two schemas, each in its own document. What a caller sends may only widen, what it gets may only narrow."""

    def __init__(self, before: Document, now: Document, *, is_request: bool) -> None:
        self._before = before
        self._now = now
        self._is_request = is_request
        self._seen: set[tuple[str, str]] = set()

    def of(self, place: str, old: Document, new: Document) -> Iterator[str]:
        """The breaches at and below a place."""
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
            yield f"{place}: its values are others"
        if not self._is_request:
            return
        for bound in (*LOWER_BOUNDS, *UPPER_BOUNDS):
            if bound not in new:
                continue
            tightened = bound not in old or (
                new[bound] > old[bound] if bound in LOWER_BOUNDS else new[bound] < old[bound]
            )
            if tightened:
                yield f"{place}: {bound} is {new[bound]}, it was {old.get(bound, 'none')}"
        if "default" in old and old["default"] != new.get("default"):
            yield f"{place}: its default is {new.get('default')!r}, it was {old['default']!r}"

    def _of_fields(self, place: str, old: Document, new: Document) -> Iterator[str]:
        if self._is_request:
            for name in sorted(set(new.get("required", [])) - set(old.get("required", []))):
                yield f"{place}.{name} is demanded"
        else:
            for name in sorted(set(old.get("required", [])) - set(new.get("required", []))):
                yield f"{place}.{name} is no longer always there"
        for name, schema in old.get("properties", {}).items():
            if name in new.get("properties", {}):
                yield from self.of(f"{place}.{name}", schema, new["properties"][name])
            else:
                yield f"{place}.{name} is gone"


def _resolved(schema: Document, document: Document) -> Document:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _types(schema: Document) -> list[str]:
    if "anyOf" in schema:
        return sorted({part.get("type", "object") for part in schema["anyOf"]})
    return [schema.get("type", "object" if "properties" in schema else "anything")]


def _git(*arguments: str) -> str | None:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607  # whatever git is on the path
    return done.stdout if done.returncode == 0 else None


def main(tag: str | None = None) -> int:
    """Compare, say what was found; the exit code."""
    tag = tag or (_git("describe", "--tags", "--abbrev=0") or "").strip()
    if not tag:
        print("Contract: not compared, there is no tag yet.")
        return 0
    text = _git("show", f"{tag}:{DOCUMENT}")
    if text is None:
        print(f"Contract: not compared, {tag} has no {DOCUMENT}.")
        return 1
    found = list(breaches(json.loads(text), json.loads((ROOT / DOCUMENT).read_text())))
    for breach in found:
        print(f"breaks callers of {tag}: {breach}")
    print(f"Contract: {len(found) or 'nothing'} that breaks callers of {tag}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
