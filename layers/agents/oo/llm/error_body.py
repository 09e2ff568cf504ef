"""The error in a body, at any place where gateways and providers put it.

It is under `error`, at the top level, in the first item of a list, or JSON text inside a message: LiteLLM repeats a
provider's whole body in `error.message`. Of its texts, only identifiers leave this module.
"""

import json
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any

from oo.frozen import frozen

_INSIDE = ("error", "errors", "detail", "message", "msg", "innererror", "inner_error", "details", "metadata", "raw")
"""Fields that hold an error, or the text of one."""

_MOST_OBJECTS = 12
_MOST_TEXTS = 24
_MOST_ATTEMPTS = 3
_WORDS_READ = 2_000
_JSON_READ = 16_000
_JSON = re.compile(r'[{\[]\s*+["{]')
_IDENTIFIER = re.compile(r"[A-Za-z0-9_.]{1,64}")
_NO_VALUE = frozenset({"", "none", "null"})
"""LiteLLM writes Python's None as text."""


@frozen
class ErrorBody:
    """`objects` are the error's, outermost first; `words` is its text in lower case, empty for a page."""

    objects: tuple[dict[str, Any], ...] = ()
    words: str = ""
    is_page: bool = False

    @property
    def identifiers(self) -> frozenset[str]:
        """The error's codes and types in lower case."""
        names = ("code", "type", "status", "reason")
        return frozenset(text.lower() for one in self.objects for name in names if (text := _text(one.get(name))))

    @property
    def status(self) -> int | None:
        """The HTTP status that the error names."""
        names = ("code", "status", "status_code")
        numbers = (_text(one.get(name)) for one in self.objects for name in names)
        return next((int(text) for text in numbers if re.fullmatch(r"[45]\d\d", text)), None)

    @property
    def is_of_guardrail(self) -> bool:
        """Whether a guardrail of the proxy made the error."""
        fields = (one.get("provider_specific_fields") for one in self.objects)
        return any("guardrail_name" in one for one in (*self.objects, *fields) if isinstance(one, dict))

    @property
    def parameter(self) -> str:
        """The parameter that the error is about, by the error's own field for it."""
        return next((text for one in self.objects if (text := _text(one.get("param")) or _place(one))), "")

    def log_words(self) -> dict[str, str]:
        """The error's type, code and parameter for a log line: identifiers alone.

        A code that only repeats the response's status is replaced by a more specific one.
        """
        found: dict[str, str] = {}
        for name in ("type", "code", "param"):
            values = [text for one in self.objects if _IDENTIFIER.fullmatch(text := _text(one.get(name)))]
            values.sort(key=str.isdigit)
            if values:
                found[f"proxy_{name}"] = values[0]
        return found


def error_in(body: bytes) -> ErrorBody:
    """The error in a whole body, empty if none can be read."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        value = body[: 4 * _WORDS_READ].decode("utf-8", "replace")
    return read_error(value)


def read_error(value: object) -> ErrorBody:
    """The error in a value that was JSON."""
    objects: list[dict[str, Any]] = []
    texts: list[str] = []
    waiting = deque([value])
    while waiting and len(objects) < _MOST_OBJECTS and len(texts) < _MOST_TEXTS:
        one = waiting.popleft()
        if isinstance(one, list):
            waiting.extend(one[:1])
        elif isinstance(one, str):
            texts.append(one[:_WORDS_READ])
            waiting.extend(_json_in(one[:_JSON_READ]))
        elif isinstance(one, dict):
            objects.append(one)
            waiting.extend(one[name] for name in _INSIDE if one.get(name))
    words = "\n".join(texts).lower()
    is_page = "<html" in words or "<!doctype" in words
    return ErrorBody(tuple(objects), "" if is_page else words, is_page)


def _json_in(text: str) -> Iterator[object]:
    """The first JSON inside a text, tried at a few positions. LiteLLM may write line breaks as Python does."""
    text = text.replace("\\n", " ")
    for beginning in islice(_JSON.finditer(text), _MOST_ATTEMPTS):
        try:
            yield json.JSONDecoder(strict=False).raw_decode(text, beginning.start())[0]
        except (ValueError, RecursionError):
            continue
        return


def _place(error: dict[str, Any]) -> str:
    """The field that a validation error is about, as FastAPI names it: `["body", "temperature"]`."""
    place = error.get("loc")
    return _text(place[1]) if isinstance(place, list) and len(place) > 1 and place[0] == "body" else ""


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = value if isinstance(value, str) else str(value) if abs(value) < 10**9 else ""
    return "" if text.lower() in _NO_VALUE else text
