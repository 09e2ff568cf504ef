"""Q1: the reply is one JSON object of the schema."""

import json
from typing import Any

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.scorers.verdict import Verdict, held
from oo.contract.kinds import Kind

_REQUIRED = ("content", "rationale", "kind")


def schema(_case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """The reply parses, its values have their types, and its kind is one of the list; ids of a batch differ."""
    if answered.reply is None:
        return held(_fault(tip._asdict() | {"kind": tip.kind.value}))
    try:
        told = json.loads(answered.reply)
    except ValueError:
        return held("the reply is not JSON")
    if isinstance(told, dict) and isinstance(told.get("candidates"), list):
        told = told["candidates"]
    batch = told if isinstance(told, list) else [told]
    ids = [each["id"] for each in batch if isinstance(each, dict) and "id" in each]
    if len(set(map(str, ids))) < len(ids):
        return held("two candidates have one id")
    return held(next(filter(None, map(_fault, batch)), "") if batch else "the reply holds no tip")


def _fault(fields: Any) -> str:  # noqa: ANN401  # any JSON
    if not isinstance(fields, dict):
        return "the tip is no object"
    for name in _REQUIRED:
        if not isinstance(fields.get(name), str) or not fields[name].strip():
            return f"{name} is no text"
    if fields["kind"] not in list(Kind):
        return f"kind {fields['kind']!r} is none"
    ref = fields.get("task_ref")
    return "" if ref is None or isinstance(ref, str) else "task_ref is no text"
