"""A case from the trace of a served tip."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from pydantic import ValidationError

from evals.cases.case import Case
from evals.recording.disguise import Disguise
from evals.recording.request_attribute import request_in
from evals.recording.row_values import read_part
from evals.recording.titles import OtherTitles
from oo.prompts.versions import get_orchestrator
from oo.snippets.ranking import RankedFor, rank, turn_of
from oo.snippets.verdict import JudgedSnippet
from oo.tips.context import TipContext, build_context
from operations.traced_spans import TracedSpan, read_spans

PERSONA = "served"
_QUIET = "quiet hours run"
_NOT_OF_A_NOTE = ("trace_id", "span_id")


class RecordedTrace(NamedTuple):
    """The parts of a trace for a case. `user` is the pseudonym; `messages` are the sent ones."""

    serve_id: str
    user: str
    user_id: str
    request: Mapping[str, Any]
    messages: Sequence[Mapping[str, Any]]


def digest_of(messages: Sequence[Mapping[str, Any]]) -> str:
    """A digest of the first two messages of a conversation, which are the prompt."""
    told = [[message.get("role"), message.get("content")] for message in messages[:2]]
    return sha256(json.dumps(told).encode()).hexdigest()


def read_recorded(trace: Mapping[str, Any]) -> RecordedTrace | None:
    """The recorded request of a trace with its spans; None for one without."""
    info, spans = trace.get("trace_info"), read_spans(trace)
    root = next((each for each in spans if each.name == "recommend" and not each.parent_id), None)
    request = request_in(root) if root else None
    if root is None or request is None or not isinstance(info, dict):
        return None
    metadata = info.get("trace_metadata")
    user_id = str(root.inputs.get("user_id", ""))
    return RecordedTrace(
        serve_id=str(info.get("trace_id")).removeprefix("tr-"),
        user=str(metadata.get("mlflow.trace.user", "")) if isinstance(metadata, dict) else "",
        user_id=user_id,
        request=request,
        messages=_messages(spans),
    )


def _messages(spans: Sequence[TracedSpan]) -> Sequence[Mapping[str, Any]]:
    asked = next((each for each in spans if each.name == "llm_orchestrator"), None)
    messages = asked.inputs.get("messages") if asked else None
    return messages if isinstance(messages, list) else ()


class ServedCases:
    """Makes cases from traces.

    `titles` replaces the users' titles; None keeps them. A user is identified by the pseudonym, by which `make forget`
    finds replays in MLflow; one without gets a number.
    """

    def __init__(self, titles: OtherTitles | None) -> None:
        self._titles = titles
        self._users: dict[str, int] = {}

    def case(self, trace: RecordedTrace) -> Case | None:
        """The case; None if this code cannot read the request, or has no such version.

        `about["sent"]` is the digest of the sent prompt, if the titles are kept.
        """
        number = self._users.setdefault(trace.user_id or trace.serve_id, len(self._users) + 1)
        user = trace.user or f"user-{number}"
        served = Case(trace.serve_id, user, PERSONA, {**trace.request, "user_id": trace.user_id or user}, {})
        version = str(trace.request.get("prompt_version"))
        try:
            context = _context(served, version)
            request = self._kept(served, context) | {"user_id": user}
            case = served._replace(request=request)
            turns = _turns(trace.user_id, context, _context(case, version))
            about = {"quiet": _is_quiet(context), **self._of_titles(trace, context), "turns": turns}
            return case._replace(about=about)
        except (ValidationError, KeyError, TypeError):
            return None

    def _kept(self, served: Case, context: TipContext) -> dict[str, Any]:
        if self._titles:
            return Disguise(self._titles, context.open_tasks).request(served.request)
        notes = served.request["agent_outputs"]
        return {
            **served.request,
            "tasks": [read_part(row) for row in served.request["tasks"]],
            "agent_outputs": [{key: part for key, part in note.items() if key not in _NOT_OF_A_NOTE} for note in notes],
        }

    def _of_titles(self, trace: RecordedTrace, context: TipContext) -> dict[str, Any]:
        """Facts about the users' own titles: those that may mention self-harm, and the prompt that contained them."""
        if self._titles:
            return {}
        opened = context.open_tasks
        return {
            "withheld": [task.title for task in opened.rows.task_list.open if opened.is_withheld(task)],
            "sent": digest_of(trace.messages) if trace.messages else None,
        }


def _context(case: Case, version: str) -> TipContext:
    return build_context(
        case.asked,
        case.body.agent_outputs or (),
        case.now,
        case.default_zone,
        version=get_orchestrator(version),
        turns=case.turns,
    )


def _turns(user_id: str, served: TipContext, kept: TipContext) -> list[tuple[str, str, float]]:
    """The turns of the notes by the user's own id, under the names of the notes in the case."""
    reader = RankedFor(user_id, served.open_tasks.clock)
    pairs: list[tuple[JudgedSnippet, JudgedSnippet]] = list(
        zip(served.prompt.snippets, kept.prompt.snippets, strict=True)
    )
    return [(note.agent_id, note.says, turn_of(of_user, reader)) for of_user, note in pairs if of_user.text]


def _is_quiet(context: TipContext) -> bool:
    delivery = rank(context.prompt.snippets).delivery
    return delivery is not None and _QUIET in delivery.fact
