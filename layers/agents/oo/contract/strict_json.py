"""Strict parsing of JSON: finite numbers, valid Unicode, bounded nesting.

Python's parser accepts NaN and lone surrogates. A lone surrogate in a response would crash Lambda's Python runtime,
which writes UTF-8, so both are rejected here.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from itertools import chain, count
from typing import Any

from oo.contract.fields import Body
from oo.contract.limits import MAX_BODY_BYTES, MAX_DEPTH, MAX_PROBLEMS
from oo.errors import PayloadTooLarge, RequestInvalid
from oo.validation.models import ErrorDetails

LONGEST_INTEGER_DIGITS = 300
"""Longer ones overflow a float."""


class _NotStrictJSON(ValueError):
    """A parsing problem with its `type` and `msg`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def parse(text: str | None, *, limit_bytes: int = MAX_BODY_BYTES) -> Any:  # noqa: ANN401  # any JSON value
    """The JSON value in `text`.

    Raises PayloadTooLarge for a text over the limit, InvalidRequest for anything that is not strict JSON.
    """
    try:
        text = (text or "").removeprefix("\ufeff")
        if len(text.encode()) > limit_bytes:
            raise PayloadTooLarge(limit_bytes)
        value = _DECODER.decode(text)
        check_depth(value)
        if _SURROGATE_ESCAPE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except _NotStrictJSON as problem:
        raise RequestInvalid([problem_at_body(problem.kind, problem.message)]) from None
    except RecursionError:
        raise RequestInvalid([problem_at_body("json_depth", _DEPTH_MESSAGE)]) from None
    except UnicodeError:
        raise RequestInvalid([problem_at_body("string_unicode", _UNICODE_MESSAGE)]) from None
    except ValueError:
        raise RequestInvalid([problem_at_body("json_invalid", "Input should be valid JSON")]) from None
    return value


def problem_at_body(kind: str, message: str) -> dict[str, Any]:
    """One entry of a 422's list for the body as a whole."""
    return {"type": kind, "loc": ["body"], "msg": message}


def problems(errors: Sequence[ErrorDetails], *, at: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The list of a 422 from a validator's errors: places and reasons, never the sent value.

    `at` is the location of the validated value. Beyond MAX_PROBLEMS errors, one last entry counts the others. A
    location may contain the sender's own text, the key of a free dictionary: only names of the contract are passed on.
    """
    known = _contract_names()
    listed = [
        {
            "type": error["type"],
            "loc": [part if isinstance(part, int) or part in known else "(key)" for part in (*at, *error["loc"])],
            "msg": error["msg"],
        }
        for error in errors[:MAX_PROBLEMS]
    ]
    left_out = len(errors) - len(listed)
    return [*listed, problem_at_body("too_many_problems", f"{left_out} more problems")] if left_out else listed


_DEPTH_MESSAGE = f"Input should nest at most {MAX_DEPTH} levels deep"
_UNICODE_MESSAGE = "Input should be valid Unicode text"


def _contract_names() -> set[str]:
    names, bodies = {"body", "path"}, [Body]
    while bodies:
        body = bodies.pop()
        names.update(body.model_fields)
        bodies.extend(body.__subclasses__())
    return names


def _refuse_constant(_: str) -> float:
    raise _NotStrictJSON("finite_number", "Input should hold finite numbers only")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse_constant(digits)


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_INTEGER_DIGITS:
        raise _NotStrictJSON("finite_number", f"Input should hold integers of at most {LONGEST_INTEGER_DIGITS} digits")
    return int(digits)


_DECODER: Any = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite, parse_int=_integer)

scan: Callable[[str, int], tuple[Any, int]] = _DECODER.scan_once
"""The value that begins at a place of a text, and where it ends; its depth is not checked.

Raises ValueError or StopIteration for a text that `parse` refuses at this value.
"""

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
"""Half of a character outside of Unicode's first 65,536; text that holds no such escape can be written."""


_CONTAINERS = frozenset({dict, list})
"""The parser creates no subclasses of them, so exact types can be compared, which is faster."""


def is_plain(text: str) -> bool:
    """Whether a text has at most the usual size, and no character that needs a check of its own."""
    try:
        return len(text.encode()) <= MAX_BODY_BYTES and not _SURROGATE_ESCAPE.search(text)
    except UnicodeError:
        return False


def check_depth(value: Any) -> None:  # noqa: ANN401  # any JSON value
    """Raise RequestInvalid for a value that nests too deep; level by level, so that depth needs no stack."""
    level = [value] if type(value) in _CONTAINERS else []
    for depth in count():
        if not level:
            return
        if depth == MAX_DEPTH:
            raise RequestInvalid([problem_at_body("json_depth", _DEPTH_MESSAGE)])
        inner = [each.values() if type(each) is dict else each for each in level]
        # Nearly all values are in rows, which hold no containers: their types are compared without a Python step each.
        if _CONTAINERS.isdisjoint(map(type, chain.from_iterable(inner))):
            return
        level = [each for each in chain.from_iterable(inner) if type(each) in _CONTAINERS]
