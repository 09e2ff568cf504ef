"""A response of the service for the page: tips with scores, the prompt, and the rows left out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from pydantic import ValidationError

from evals.answered import Answered, ServedTip
from evals.bench import Judged
from evals.cases.case import Case
from evals.scorers import GATES, SCORERS, verdicts
from oo.contract.routes import RECOMMEND
from oo.contract.tips import (
    Candidate,
    GenerateRequest,
    GenerateResponse,
    Receipt,
    RecommendRequest,
    RecommendResponse,
    Tip,
)
from oo.prompts.data_block import BuiltPrompt
from oo.snapshot.task_fields import read_id
from oo.snapshot.titles import read_title
from tools.prompts.dry_run import EXPLANATIONS, DryRun, LeftOut, dry_run, estimated_tokens
from tools.prompts.request_file import Unusable


class UnknownAnswer(Exception):
    """The response does not have the contract's form; the text is one sentence."""


class PlaygroundQuestion(NamedTuple):
    """A request as sent to the service: `body` names the version."""

    path: str
    body: Mapping[str, Any]

    @property
    def is_for_a_tip(self) -> bool:
        """Whether the request is for `/recommend`, not `/generate`."""
        return self.path == RECOMMEND.path

    @property
    def case(self) -> Case:
        """A case for the scorers, which expect bodies of `/recommend`."""
        context = {} if self.is_for_a_tip else self.body.get("context") or {}
        return Case("playground", "", "", {**self.body, **context, "prompt_version": None}, {})

    def dry_run(self) -> DryRun:
        """The prompt, built here. Raises ValidationError and Unusable."""
        kind = RecommendRequest if self.is_for_a_tip else GenerateRequest
        return dry_run(kind.model_validate(self.body))


class _Told(NamedTuple):
    """The part that both kinds of responses share.

    A candidate has an id of its own, which feedback contains.
    """

    answer: RecommendResponse | GenerateResponse
    serve_id: str
    receipt: Receipt | None
    tips: Sequence[tuple[Tip | Candidate, str | None]]
    """Each tip with the id of its task."""


def shown_answer(question: PlaygroundQuestion, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as JSON. Raises UnknownAnswer."""
    try:
        told = _told(question, fields)
    except ValidationError:
        raise UnknownAnswer("This version cannot read the service's response: check SERVICE_URL.") from None
    try:
        run, note = question.dry_run(), ""
    except (ValidationError, Unusable) as problem:
        reason = f"{problem}" if isinstance(problem, Unusable) else "The code in this folder rejects the request."
        run, note = None, f"Prompt and scores are missing. {reason}"
    receipt = told.receipt
    return {
        "serve_id": told.serve_id,
        "user_id": str(question.body.get("user_id")),
        "model": told.answer.model,
        "prompt_tokens": told.answer.prompt_tokens,
        "completion_tokens": told.answer.completion_tokens,
        "attempts": receipt and receipt.attempts,
        "cost_usd": receipt and receipt.cost_usd,
        "degraded_reason": receipt and receipt.degraded_reason,
        "tips": [_shown_tip(question, tip, task_id, run.prompt if run else None) for tip, task_id in told.tips],
        "messages": run.prompt.messages if run else [],
        "tokens": estimated_tokens("".join(message["content"] for message in run.prompt.messages)) if run else None,
        "left_out": [asdict(each) for each in _left_out(question, receipt, run)],
        "note": note,
    }


def _told(question: PlaygroundQuestion, fields: Mapping[str, Any]) -> _Told:
    if question.is_for_a_tip:
        one = RecommendResponse.model_validate({"reading": None, **fields})
        return _Told(one, one.receipt.serve_id, one.receipt, [(one.tip, one.receipt.task_id)])
    many = GenerateResponse.model_validate({"reading": None, **fields})
    return _Told(many, many.serve_id, None, [(tip, tip.task_id) for tip in many.candidates])


def _shown_tip(
    question: PlaygroundQuestion, tip: Tip | Candidate, task_id: str | None, prompt: BuiltPrompt | None
) -> dict[str, Any]:
    shown = {
        "content": tip.content,
        "rationale": tip.rationale,
        "kind": tip.kind,
        "source": tip.source,
        "task_id": task_id,
        "task_title": _title(question.case, task_id),
        "candidate_id": None if isinstance(tip, Tip) else tip.id,
    }
    return shown | (_scores(question.case, prompt, tip, task_id) if prompt else {"score": None, "scores": []})


def _title(case: Case, task_id: str | None) -> str | None:
    rows = [row for row in case.request.get("tasks") or () if isinstance(row, dict)]
    return next((read_title(row.get("title")) for row in rows if task_id and read_id(row.get("id")) == task_id), None)


def _scores(case: Case, prompt: BuiltPrompt, tip: Tip | Candidate, task_id: str | None) -> dict[str, Any]:
    """The scorers' verdicts. The model's own reply stays in the service, so Q1 judges the tip alone."""
    served = ServedTip(tip.content, tip.rationale, tip.kind, task_id, tip.source)
    judged = Judged(prompt.messages, None, served, verdicts(case, Answered(prompt, None, served, case.recent)))
    return {
        "score": judged.score,
        "passes_gates": judged.passes_gates,
        "scores": [
            {
                "name": f"{name} {SCORERS[name].__name__.replace('_', ' ')}",
                "is_gate": name in GATES,
                **verdict._asdict(),
            }
            for name, verdict in judged.verdicts.items()
        ],
    }


def _left_out(question: PlaygroundQuestion, receipt: Receipt | None, run: DryRun | None) -> Iterator[LeftOut]:
    """The omitted rows, by this code; for stored snippets, which it does not read, by the receipt."""
    yield from run.left_out if run else ()
    if receipt and question.body.get("agent_outputs") is None:
        for snippet in receipt.snippets:
            if snippet.reason:
                yield LeftOut(f"snippet of {snippet.agent_id}", snippet.reason, EXPLANATIONS[snippet.reason])
