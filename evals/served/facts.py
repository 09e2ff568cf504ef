"""The facts for scorers from a served tip's trace: its recorded request, or its prompt."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.material import material
from evals.reading.named import quoted_titles
from evals.scorers import SCORERS
from evals.served.tip_trace import TipTrace
from evals.served.told_dates import told_due, told_moment
from oo.contract.kinds import Kind
from oo.errors import LLMReplyError
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.delivery import read_delivery
from oo.prompts.versions import get_orchestrator
from oo.tips.context import TipContext, build_context
from oo.tips.named_task import task_id_of
from oo.tips.recommend import TEMPLATE_MODEL
from oo.tips.shapes import first_object
from oo.tips.template_tip import template_tip
from oo.tips.tip_text import TipText

Basis = Literal["request", "prompt"]

OF_PROMPT = frozenset(SCORERS) - {"Q3"}
"""The scorers for which a prompt has the facts. Only the request contains the titles of closed tasks."""

_OF_DELIVERY = frozenset({"Q5", "Q6", "Q7", "Q13", "Q14"})
_OF_MOMENT = frozenset({"Q4", "Q11", "Q12"})
_OF_KIND = frozenset({"Q2", "Q14"})
_OF_TITLES = frozenset({"Q2", "Q4", "Q5", "Q7", "Q9", "Q10", "Q12", "Q13"})
_UNUSUAL = "(unusual text"
_BOUNDARY = re.compile(r"^DATA (\S+)$", re.MULTILINE)
_NO_REF = ""


class ServedFacts(NamedTuple):
    """A case and its answer for scorers; `scorers` are the names of those for which the facts are sufficient."""

    case: Case
    answered: Answered
    scorers: frozenset[str]
    basis: Basis


def facts_of(trace: TipTrace) -> ServedFacts | None:
    """The facts of a traced tip; None if the trace contains neither its text nor its prompt."""
    if trace.content is None or not trace.messages:
        return None
    return _of_request(trace) or _of_prompt(trace)


def _of_request(trace: TipTrace) -> ServedFacts | None:
    """The facts of a recorded request; None if none was recorded, or if the service would reject it."""
    if trace.request is None:
        return None
    try:
        case = Case(trace.serve_id, trace.user_id, "", {**trace.request, "user_id": trace.user_id}, {})
        context = build_context(
            case.asked,
            case.body.agent_outputs or (),
            case.now,
            case.default_zone,
            version=get_orchestrator(trace.version),
            turns=case.turns,
        )
    except (ValidationError, KeyError, TypeError):
        return None
    system, user = (message["content"] for message in trace.messages)
    prompt = context.prompt._replace(system=system, user=user, boundary=_boundary(user))
    words = _words(trace, context)
    known = frozenset(SCORERS) - (_unknown_reply(trace) | (frozenset() if words else _OF_KIND))
    tip = words or TipText(trace.content or "", trace.rationale, Kind.ADVICE, None, _NO_REF)
    return ServedFacts(case, _answered(trace, prompt, tip, task_id_of(tip, prompt), case), known, "request")


def _of_prompt(trace: TipTrace) -> ServedFacts:
    system, user = (message["content"] for message in trace.messages)
    case = _case(trace, user)
    delivery = next((read_delivery(line) for line in user.split("\n") if line.startswith("Delivery: ")), None)
    prompt = BuiltPrompt(trace.version, system, user, _boundary(user), (), (), delivery=delivery)
    words = _words(trace)
    known = OF_PROMPT - _unknown_reply(trace)
    known -= frozenset() if words else _OF_KIND
    known -= frozenset() if delivery else _OF_DELIVERY
    known -= frozenset() if case.clock else _OF_MOMENT
    known -= _OF_TITLES if _UNUSUAL in user else frozenset()
    tip = words or TipText(trace.content or "", trace.rationale, Kind.ADVICE, None, _NO_REF)
    refs = {task["ref"] for task in material(user).tasks}
    task_id = tip.task_ref if tip.task_ref in refs else None
    return ServedFacts(case, _answered(trace, prompt, tip, task_id, case), known, "prompt")


def _answered(trace: TipTrace, prompt: BuiltPrompt, tip: TipText, task_id: str | None, case: Case) -> Answered:
    source = TEMPLATE_MODEL if trace.is_template else "llm"
    served = ServedTip(trace.content or "", trace.rationale, tip.kind, task_id, source)
    return Answered(prompt, trace.reply, served, case.recent)


def _unknown_reply(trace: TipTrace) -> frozenset[str]:
    return frozenset({"Q1"} if trace.reply is None and not trace.is_template else ())


def _words(trace: TipTrace, context: TipContext | None = None) -> TipText | None:
    """The served tip with its kind and its ref, which only the reply contains; None if neither is known."""
    if trace.is_template:
        again = template_tip(context) if context else None
        return again if again and again.content == trace.content else None
    try:
        fields = first_object(trace.reply or "")
    except LLMReplyError:
        return None
    kind, ref = fields.get("kind"), fields.get("task_ref")
    return TipText(
        trace.content or "",
        trace.rationale,
        Kind(kind) if kind in list(Kind) else Kind.ADVICE,
        None,
        ref.strip().upper() if isinstance(ref, str) else _NO_REF,
    )


def _boundary(user: str) -> str:
    found = _BOUNDARY.search(user)
    return found[1] if found else ""


def _case(trace: TipTrace, user: str) -> Case:
    """A request rebuilt from the prompt: its tasks under their refs, titles of its notes, clock and recent tips."""
    told = material(user)
    moment = told_moment(told.now)
    tasks = [
        {"id": task["ref"], "title": task.get("title"), "due_at": told_due(str(task.get("due", "")), moment)}
        for task in told.tasks
    ]
    listed = {task["title"] for task in tasks}
    noted = dict.fromkeys(title for note in told.notes for title in quoted_titles(note))
    request = {
        "user_id": "served",
        "tasks": [*tasks, *({"title": title} for title in noted if title not in listed)] if tasks else [],
        "recent_tips": list(_recent(user)),
        **moment,
    }
    return Case(trace.serve_id, trace.user_id, "", request, {})


def _recent(user: str) -> Iterator[Mapping[str, Any]]:
    for line in user.split("\n"):
        told = _told(line) if line.startswith('{"recent_tip"') else {}
        if "recent_tip" in told:
            yield {"content": told["recent_tip"], "kind": told.get("kind"), "task_id": told.get("task")}


def _told(line: str) -> Mapping[str, Any]:
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
