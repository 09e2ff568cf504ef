"""Q1: the reply is one JSON object of the schema."""

import json
import re
from typing import Any

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.scorers.verdict import Verdict, held
from oo.contract.kinds import Kind

_REQUIRED = ("content", "rationale", "kind")
_DECODER = json.JSONDecoder()
_BEGIN = re.compile(r"[\[{]")


def schema(_case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """The reply contains an object whose values have their types and whose kind is in the list; ids of a batch differ.

    Words or a fence around the object are allowed. A template tip may have no rationale.
    """
    if answered.reply is None:
        return held("" if tip.content.strip() else "content is not a text")
    told = _first_value(answered.reply)
    if told is None:
        return held("the reply contains no JSON")
    if isinstance(told, dict) and isinstance(told.get("candidates"), list):
        told = told["candidates"]
    batch = told if isinstance(told, list) else [told]
    ids = [each["id"] for each in batch if isinstance(each, dict) and "id" in each]
    if len(set(map(str, ids))) < len(ids):
        return held("two candidates have the same id")
    return held(next(filter(None, map(_fault, batch)), "") if batch else "the reply contains no tip")


def _first_value(reply: str) -> Any:  # noqa: ANN401  # any JSON
    for begin in _BEGIN.finditer(reply):
        try:
            return _DECODER.raw_decode(reply, begin.start())[0]
        except ValueError:
            continue
    return None


def _fault(fields: Any) -> str:  # noqa: ANN401  # any JSON
    if not isinstance(fields, dict):
        return "the tip is not an object"
    for name in _REQUIRED:
        if not isinstance(fields.get(name), str):
            return f"{name} is not a text"
    if not fields["content"].strip():
        return "content is blank"
    if fields["kind"] not in list(Kind):
        return f"kind {fields['kind']!r} is unknown"
    ref = fields.get("task_ref")
    return "" if ref is None or isinstance(ref, str) else "task_ref is not a text"
