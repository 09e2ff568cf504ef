"""The shapes in which models send a tip or its candidates. One wrapper is removed; nothing is repaired."""

from typing import Any

from oo.errors import LLMBadOutput
from oo.llm.reply import parsed, read_value
from oo.untrusted_text.cleaning import clean
from oo.untrusted_text.reply_policy import is_placeholder

Fields = dict[str, Any]
"""A JSON object of a reply."""

_WRAPPERS = frozenset({"tip", "tips", "response", "result", "answer", "output", "data", "json"})
_JUDGED_CHARACTERS = 1_000
"""Of a content, for whether it is a placeholder; none is as long as that."""


def first_object(text: str, *, is_cut: bool = False) -> Fields:
    """The fields of a reply's tip, the first one if it has several. Raises LLMBadOutput."""
    tip = _tip(read_value(text, _is_tip, is_cut=is_cut))
    if tip is None:
        raise LLMBadOutput("it was not a JSON object")
    return tip


def several_objects(text: str, *, is_cut: bool = False) -> list[Fields]:
    """The fields of each of a reply's candidates; raises LLMBadOutput."""
    opened = _opened(read_value(text, _are_candidates, is_cut=is_cut))
    candidates = _under_candidates(opened) or _listed(opened)
    if not candidates:
        raise LLMBadOutput('it was not a JSON object with a list of objects under "candidates"')
    return candidates


def whole_tip(text: str) -> Fields | None:
    """The fields of a tip, if the text is one in JSON without anything else."""
    tip = _tip(parsed(text)) if text.lstrip().startswith(("{", "[", "`")) else None
    return tip if tip is not None and _has_content(tip) else None


def _is_tip(value: object) -> bool:
    tip = _tip(value)
    return tip is not None and _has_content(tip)


def _are_candidates(value: object) -> bool:
    opened = _opened(value)
    is_single = isinstance(opened, dict) and "candidates" not in opened
    return not is_single and any(map(_has_content, _listed(opened)))


def _has_content(fields: Fields) -> bool:
    content = fields.get("content")
    return isinstance(content, str) and not is_placeholder(clean(content[:_JUDGED_CHARACTERS]))


def _tip(value: object) -> Fields | None:
    opened = _opened(value)
    listed = _listed(opened)
    if listed:
        return listed[0]
    return opened if isinstance(opened, dict) else None


def _under_candidates(opened: object) -> list[Fields]:
    """The objects under `candidates`, which take precedence over a tip at the same level."""
    return _listed(_decoded(opened.get("candidates"))) if isinstance(opened, dict) else []


def _listed(opened: object) -> list[Fields]:
    """The objects of an array, those under `candidates`, or a single tip."""
    if isinstance(opened, dict) and "content" not in opened:
        opened = _decoded(opened.get("candidates"))
    if isinstance(opened, dict):
        return [opened] if "content" in opened else []
    return [item for item in opened if isinstance(item, dict)] if isinstance(opened, list) else []


def _opened(value: object) -> object:
    """The value inside its wrapper, if it has one around an object or an array."""
    outer = _decoded(value)
    if not isinstance(outer, dict) or len(outer) != 1 or not outer.keys() <= _WRAPPERS:
        return outer
    inner = _decoded(next(iter(outer.values())))
    return inner if isinstance(inner, dict | list) else outer


def _decoded(value: object) -> object:
    """The parsed JSON of a string; any other value unchanged."""
    inside = parsed(value) if isinstance(value, str) else None
    return inside if isinstance(inside, dict | list) else value
