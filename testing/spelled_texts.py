"""Texts that a regular expression spells out: one per choice of its alternatives."""

import importlib
import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

_PARSER: Any = importlib.import_module("re._parser")


def spelled_texts(form: re.Pattern[str]) -> Iterator[str]:
    """Each combination of alternatives, with repeats as rare as allowed and once more.

    Look-around and word boundaries are not regarded, so the expression does not match all of the texts.
    """
    return _texts(_PARSER.parse(form.pattern, form.flags))


def _texts(parts: Iterable[Any]) -> Iterator[str]:
    return map("".join, product(*(list(_choices(str(code), given)) for code, given in parts)))


def _choices(code: str, given: Any) -> Iterator[str]:
    match code:
        case "LITERAL" | "RANGE":
            yield chr(given if code == "LITERAL" else given[0])
        case "ANY" | "CATEGORY":
            yield " "
        case "IN" if str(given[0][0]) == "NEGATE":
            yield "x"
        case "IN":
            yield from (text for inner in given for text in _choices(str(inner[0]), inner[1]))
        case "BRANCH":
            yield from (text for branch in given[1] for text in _texts(branch))
        case "SUBPATTERN":
            yield from _texts(given[-1])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = given
            yield from (text * times for text in _texts(inner) for times in {least, min(least + 1, int(most))})
        case _:
            yield ""
