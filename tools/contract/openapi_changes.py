"""Changes between two versions of docs/openapi.json that break a caller.

A route, a status or a field of a response was removed, a field of a request became required or narrower, or a type
changed. Additions break nothing.
"""

from collections.abc import Iterator
from typing import Any

from tools.contract.schema_changes import Comparison

Document = dict[str, Any]


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
