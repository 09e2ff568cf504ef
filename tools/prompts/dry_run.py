"""The prompt for an event, built as in the functions, without calling a model."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from oo.contract.routes import GENERATE, RECOMMEND
from oo.contract.tips import GenerateRequest, RecommendRequest
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.versions import get_orchestrator, get_prompt
from oo.snapshot.task_fields import read_id
from oo.snapshot.titles import read_title
from oo.snippets.omissions import Item
from oo.tips.context import build_context
from oo.tips.generate import build_prompt
from oo.untrusted_text.cleaning import clean
from tools.prompts.request_file import Request, Unusable, path_of, versions_of

EXPLANATIONS: Mapping[str, str] = {
    "contradicted": "contradicts a snippet that takes precedence, or the open tasks",
    "draw": "others were drawn at random, at this setting of the slider",
    "expired": "its time has passed",
    "ghost": "quotes a title that no open task has",
    "malformed": "not a text, blank, too long or computed in the future",
    "other_version": "computed by another major version of its agent",
    "outranked": "others rank higher, and the slider or the version allows no more",
    "over_budget": "the prompt would be too long",
    "repeated": "another snippet about the tip's delivery comes before it",
    "untitled": "has no title that a tip could name",
    "unusual": "looks like instructions to the model",
    "withheld": "may mention self-harm",
}
"""By the snippet's verdict, or by the reason for which a task or a recent tip was left out."""


@dataclass(frozen=True)
class LeftOut:
    """An item that was left out of a prompt, the code of the reason, and the reason."""

    what: str
    code: str
    reason: str


@dataclass(frozen=True)
class DryRun:
    """A prompt, the path for which it was built, and the items that were left out."""

    path: str
    prompt: BuiltPrompt
    left_out: Sequence[LeftOut]


def dry_run(request: Request, version: str | None = None, *, now: datetime | None = None) -> DryRun:
    """Build the prompt; `version` takes precedence over the request's. Raises Unusable."""
    name, now = version or request.prompt_version, now or datetime.now(UTC)
    if name not in (None, *versions_of(request)):
        raise Unusable(f"{path_of(request)} has no prompt version {name}; it has {', '.join(versions_of(request))}.")
    return _tip(request, name, now) if isinstance(request, RecommendRequest) else _candidates(request, name, now)


def _tip(request: RecommendRequest, name: str | None, now: datetime) -> DryRun:
    snippets, version = request.agent_outputs or (), get_orchestrator(name)
    prompt = build_context(request, snippets, now, version=version).prompt
    left_out = [
        _left_out(f"snippet {snippet.place} of {clean(snippet.source.agent_id)}", snippet.reason)
        for snippet in prompt.snippets
        if snippet.reason
    ]
    if request.agent_outputs is None:
        left_out.append(
            LeftOut("stored outputs", "unread", "a dry run reads no table: put agent_outputs into the body")
        )
    return DryRun(RECOMMEND.path, prompt, [*left_out, *_omissions(prompt, request.tasks)])


def _candidates(request: GenerateRequest, name: str | None, now: datetime) -> DryRun:
    prompt = build_prompt(request, get_prompt(name), now)
    return DryRun(GENERATE.path, prompt, _omissions(prompt, request.context.tasks))


def estimated_tokens(text: str) -> int:
    """The number of tokens, estimated as a quarter of the bytes.

    On the example events that is 0.84 to 1.13 of the count of OpenAI's o200k_base.
    """
    return math.ceil(len(text.encode()) / 4)


def _omissions(prompt: BuiltPrompt, tasks: Sequence[Mapping[str, Any]]) -> list[LeftOut]:
    """The tasks and recent tips that the prompt left out."""
    titles = {read_id(task.get("id")) or f"#{index}": task.get("title") for index, task in enumerate(tasks)}
    names: Mapping[Item, Callable[[Any], str]] = {
        Item.TASK: lambda key: f"task {clean(key)} «{read_title(titles.get(key))}»",
        Item.RECENT_TIP: lambda key: f"recent tip {key}",
    }
    return [_left_out(names[omission.item](omission.key), omission.reason.value) for omission in prompt.dropped]


def _left_out(name: str, word: str) -> LeftOut:
    return LeftOut(name, word, EXPLANATIONS[word])
