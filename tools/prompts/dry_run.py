"""The prompt that an event would make, built as the functions build it, without asking a model."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from oo.contract import strict_json
from oo.contract.limits import MAX_SNIPPET_CHARACTERS
from oo.contract.routes import GENERATE, RECOMMEND
from oo.contract.tips import GenerateRequest, RecommendRequest, SnippetState
from oo.errors import RequestError
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.versions import VERSIONS, get_prompt
from oo.snapshot.tasks import read_id
from oo.snippets.omissions import Item, Reason
from oo.tips.context import build_context as lay_out_tip
from oo.tips.generate import build_prompt as lay_out_candidates
from oo.untrusted_text.cleaning import clean

REASONS: Mapping[Reason | SnippetState, str] = {
    Reason.MALFORMED: "no text, blank or too long",
    Reason.GHOST: "quotes a title that no open task has",
    Reason.WITHHELD: "may tell of self-harm",
    Reason.UNUSUAL: "looks like instructions to the model",
    Reason.REPEATED: "there is one such line already",
    Reason.CONTRADICTED: "says the opposite of a line that wins",
    Reason.RANK: "others come first, and no more fit the slider or the version",
    Reason.DRAW: "others were drawn, as the slider asks for chance",
    Reason.UNTITLED: "has no title that a tip could name",
    Reason.BUDGET: "the prompt would be too long",
    SnippetState.EXPIRED: "its time has passed",
    SnippetState.OTHER_VERSION: "comes from another major version of its agent",
    SnippetState.MALFORMED: f"no text, blank or over {MAX_SNIPPET_CHARACTERS:,} characters",
    SnippetState.GHOST: "quotes a title that no open task has",
}

Request = RecommendRequest | GenerateRequest

_NO_BODY = "The body in {file} is no JSON text that the service would take."


class Unusable(Exception):
    """One sentence for the person who asked."""


@dataclass(frozen=True)
class LeftOut:
    """What did not reach a prompt: which thing it was, the code of the reason, and the reason."""

    what: str
    code: str
    reason: str


@dataclass(frozen=True)
class DryRun:
    """A prompt, the path that it was built for, and what is not in it."""

    path: str
    prompt: BuiltPrompt
    left_out: Sequence[LeftOut]


def read_event(file: Path) -> Request:
    """The body of an API Gateway event for `/recommend` or `/generate`. Raises Unusable."""
    try:
        event = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise Unusable(f"{file} is not JSON.") from None
    path = event.get("rawPath") if isinstance(event, dict) else None
    kinds: dict[str, type[Request]] = {RECOMMEND.path: RecommendRequest, GENERATE.path: GenerateRequest}
    kind = kinds.get(path) if isinstance(path, str) else None
    if kind is None:
        raise Unusable(f"{file} is no event for {RECOMMEND.path} or {GENERATE.path}: its rawPath says {path!r}.")
    body = event.get("body")
    if not isinstance(body, str):
        raise Unusable(_NO_BODY.format(file=file))
    try:
        return kind.model_validate(strict_json.parse(body))
    except ValidationError as error:
        places = sorted(
            {".".join(map(str, ("body", *problem["loc"]))) for problem in error.errors(include_input=False)}
        )
        raise Unusable(f"The request in {file} would be a 422: {', '.join(places)}.") from None
    except RequestError:
        raise Unusable(_NO_BODY.format(file=file)) from None


def dry_run(request: Request, version: str | None = None) -> DryRun:
    """Build the prompt; `version` goes over the one that a request for candidates names. Raises Unusable."""
    if isinstance(request, GenerateRequest):
        return _candidates(request, version)
    if version:
        raise Unusable(f"Only {GENERATE.path} has prompt versions; the event is for {RECOMMEND.path}.")
    basis = lay_out_tip(request, request.agent_outputs, _moment(request))
    names = [f"snippet {place} of {clean(one.agent_id)}" for place, one in enumerate(request.agent_outputs)]
    judged = [
        LeftOut(names[place], each.state.value, REASONS[each.state])
        for place, each in enumerate(basis.judged)
        if not each.is_usable
    ]
    if "agent_outputs" not in request.model_fields_set:
        judged.append(LeftOut("stored outputs", "unread", "a dry run reads no table: put agent_outputs into the body"))
    offered = [names[place] for place in basis.passed_to_prompt]
    return DryRun(RECOMMEND.path, basis.prompt, [*judged, *_dropped(basis.prompt, request.tasks, offered)])


def estimated_tokens(text: str) -> int:
    """A quarter of the bytes. On the example events it says 0.84 to 1.13 of what OpenAI's o200k_base counts."""
    return math.ceil(len(text.encode()) / 4)


def _candidates(request: GenerateRequest, version: str | None) -> DryRun:
    name = version or request.prompt_version
    try:
        chosen = get_prompt(name)
    except KeyError:
        raise Unusable(f"There is no prompt version {name}; there are {', '.join(VERSIONS)}.") from None
    prompt = lay_out_candidates(request, chosen, _moment(request))
    return DryRun(GENERATE.path, prompt, _dropped(prompt, request.context.tasks, []))


def _moment(request: Request) -> datetime:
    moment = request.now_iso or datetime.now(UTC)
    return moment.astimezone(ZoneInfo(request.timezone)) if request.timezone else moment


def _dropped(prompt: BuiltPrompt, tasks: Sequence[Mapping[str, Any]], snippets: Sequence[str]) -> list[LeftOut]:
    """What the prompt says that it left out; `snippets` names those that it was built from."""
    titles = {read_id(task.get("id")) or f"#{index}": task.get("title") for index, task in enumerate(tasks)}
    names: Mapping[Item, Callable[[Any], str]] = {
        Item.TASK: lambda key: f"task {clean(key)} «{clean(str(titles.get(key) or ''))}»",
        Item.SNIPPET: lambda key: snippets[key],
        Item.RECENT_TIP: lambda key: f"recent tip {key}",
    }
    return [LeftOut(names[one.item](one.key), one.why.value, REASONS[one.why]) for one in prompt.dropped]
