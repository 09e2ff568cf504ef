"""The versions that the bench can run: a released one, the template tip, or a draft."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from aws_lambda_powertools import Logger, Metrics

from evals.answered import ServedTip
from evals.cases.case import Case
from evals.unusable_input import UnusableInput
from oo.contract.shown_ids import hashed
from oo.contract.tips import GenerateRequest
from oo.errors import CircuitOpen
from oo.llm.conversation import ModelConversation
from oo.llm.question import AnyAnswer, Question, Spent
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.versions import (
    DEFAULT_RECOMMEND_VERSION,
    DEFAULT_VERSION,
    RECOMMEND_VERSIONS,
    VERSIONS,
    get_orchestrator,
    get_prompt,
)
from oo.prompts.versions.orchestrator import Orchestrator
from oo.prompts.versions.prompt import Prompt
from oo.request_context import RequestContext
from oo.tips.context import build_context
from oo.tips.generate import Generate, build_prompt
from oo.tips.recommend import TEMPLATE_MODEL, Recommend

LOGGER = Logger(service="evals", level=logging.CRITICAL)
_CONTEXT_FIELDS = ("tasks", "hour_of_day", "day_of_week", "priority_scale")
_OTHER_FIELDS = ("now_iso", "timezone", "locale")


class Unmeasured(Metrics):
    """Counts nothing."""

    def add_metric(self, *args: Any, **named: Any) -> None:  # noqa: ANN401
        """Do nothing."""


METRICS = Unmeasured(namespace="evals")


class Version(Protocol):
    """One way to answer a case. `name` is as given by the user of the command."""

    @property
    def name(self) -> str:
        """The name in reports."""

    @property
    def content(self) -> str:
        """All properties that distinguish it from other versions."""

    def prompt(self, case: Case) -> BuiltPrompt:
        """The prompt for a model."""

    def serve(self, case: Case, ask: ModelConversation, context: RequestContext) -> ServedTip:
        """The tip as the service serves it. Raises LLMError if no reply was usable."""


def find_version(name: str) -> Version:
    """The version of that name, or the draft at that path; raises UnusableInput."""
    if name == TEMPLATE_MODEL:
        return RecommendVersion(name, get_orchestrator(None))
    if name in RECOMMEND_VERSIONS:
        return RecommendVersion(name, get_orchestrator(name))
    if name in VERSIONS:
        return GenerateVersion(name, get_prompt(name))
    if is_draft(name):
        return RecommendVersion(name, _draft(Path(name)))
    known = ", ".join((*RECOMMEND_VERSIONS, *VERSIONS, TEMPLATE_MODEL))
    raise UnusableInput(f"{name or 'An empty name'} is no version: name one of {known}, or the path of a .txt file.")


def is_draft(name: str) -> bool:
    """Whether the name is the path of a draft."""
    return name.endswith(".txt")


def _draft(path: Path) -> Orchestrator:
    """The default version with the file's text as its system message; its own placeholders are filled, no others."""
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or "it is no UTF-8 text"
        raise UnusableInput(f"The draft {path} cannot be read: {reason}.") from None
    if not text:
        raise UnusableInput(f"The draft {path} is empty: write a system message into it.")
    name = f"draft-{sha256(text.encode()).hexdigest()[:8]}"
    return replace(get_orchestrator(DEFAULT_RECOMMEND_VERSION), version=name, system=text)


def is_without_model(version: Version) -> bool:
    """Whether its tips need no model."""
    return version.name == TEMPLATE_MODEL


class _NoModel(ModelConversation):
    """A model that is never called."""

    def __init__(self) -> None:
        """Does nothing."""

    def __call__(self, question: Question[AnyAnswer], *, context: RequestContext, spent: Spent) -> AnyAnswer:  # noqa: ARG002
        """Raise CircuitOpen."""
        raise CircuitOpen


@dataclass(frozen=True)
class RecommendVersion:
    """A version of `/recommend`, or the template tip."""

    name: str
    orchestrator: Orchestrator

    @property
    def content(self) -> str:
        """Its words, and whether a model is called."""
        return f"{is_without_model(self)} {self.orchestrator}"

    def prompt(self, case: Case) -> BuiltPrompt:
        """As `/recommend` builds it."""
        snippets = case.body.agent_outputs or ()
        return build_context(
            case.asked, snippets, case.now, case.default_zone, version=self.orchestrator, turns=case.turns
        ).prompt

    def serve(self, case: Case, ask: ModelConversation, context: RequestContext) -> ServedTip:
        """As `/recommend` serves it."""
        operation = Recommend(
            ask=_NoModel() if is_without_model(self) else ask,
            outputs=None,
            template_fallback=is_without_model(self),
            logger=LOGGER,
            metrics=METRICS,
            pseudonym=hashed,
            find_version=lambda _: self.orchestrator,
            turns=case.turns,
        )
        response = operation(case.asked, context)
        tip = response.tip
        return ServedTip(tip.content, tip.rationale, tip.kind, response.receipt.task_id, tip.source)


@dataclass(frozen=True)
class WithoutAgent:
    """A version of `/recommend` without one agent's snippets: the next snippet moves up."""

    version: RecommendVersion
    agent_id: str

    @property
    def name(self) -> str:
        """The version's own."""
        return self.version.name

    @property
    def content(self) -> str:
        """The version's content, and the missing agent."""
        return f"{self.version.content} without {self.agent_id}"

    def prompt(self, case: Case) -> BuiltPrompt:
        """As the version builds it."""
        return self.version.prompt(self._left(case))

    def serve(self, case: Case, ask: ModelConversation, context: RequestContext) -> ServedTip:
        """As the version serves it."""
        return self.version.serve(self._left(case), ask, context)

    def _left(self, case: Case) -> Case:
        given = case.request.get("agent_outputs") or ()
        rows = [row for row in given if not isinstance(row, dict) or row.get("agent_id") != self.agent_id]
        return case._replace(request=case.request | {"agent_outputs": rows})


@dataclass(frozen=True)
class GenerateVersion:
    """A version of `/generate`, for one candidate."""

    name: str
    template: Prompt

    @property
    def content(self) -> str:
        """Its words."""
        return f"{self.template}"

    def prompt(self, case: Case) -> BuiltPrompt:
        """As `/generate` builds it."""
        return build_prompt(self.request(case), self.template, case.now)

    def serve(self, case: Case, ask: ModelConversation, context: RequestContext) -> ServedTip:
        """The first candidate."""
        operation = Generate(ask=ask, default_prompt_version=DEFAULT_VERSION, logger=LOGGER, metrics=METRICS)
        tip = operation(self.request(case), context).candidates[0]
        return ServedTip(tip.content, tip.rationale, tip.kind, tip.task_id, tip.source)

    def request(self, case: Case) -> GenerateRequest:
        """The case as a body of `/generate`."""
        body: Mapping[str, Any] = case.request
        return GenerateRequest.model_validate(
            {
                "user_id": body["user_id"],
                "n": 1,
                "prompt_version": self.name,
                "context": {name: body[name] for name in _CONTEXT_FIELDS if name in body},
                **{name: body[name] for name in _OTHER_FIELDS if name in body},
            }
        )
