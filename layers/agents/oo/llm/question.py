"""A question to the language model, and the total cost of its answers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from oo.llm.client import Message, Purpose
from oo.llm.completion import ALIAS, ChatCompletion


class UsableReply(Protocol):
    """A parsed reply with texts for a trace."""

    def shown(self) -> dict[str, Any]:
        """The answer's texts for the trace."""


AnyAnswer = TypeVar("AnyAnswer", bound=UsableReply)
AnyAnswer_co = TypeVar("AnyAnswer_co", bound=UsableReply, covariant=True)


class Reader(Protocol[AnyAnswer_co]):
    """Parses a reply."""

    def __call__(self, text: str, *, is_cut: bool) -> AnyAnswer_co:
        """The answer; raises LLMReplyError for an unusable reply.

        `is_cut` is true if the model reports a truncated text, or if the text may be reasoning. Then only JSON that is
        the whole text counts.
        """


class Question(NamedTuple, Generic[AnyAnswer]):
    """A question to the model. `name` is the span's."""

    name: str
    messages: Sequence[Message]
    max_tokens: int
    response_format: Mapping[str, Any]
    purpose: Purpose
    read: Reader[AnyAnswer]


@dataclass(eq=False, repr=False)
class Spent:
    """Cost so far, including failed attempts. `cost_usd` is None as soon as one response's cost is unknown."""

    attempts: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    model: str = ALIAS
    _answers: int = field(default=0, repr=False)

    def add(self, completion: ChatCompletion) -> None:
        """Add the cost of one response."""
        before = 0.0 if self._answers == 0 else self.cost_usd
        cost = completion.cost_usd
        total = None if before is None or cost is None else before + cost
        self.cost_usd = total if total is not None and math.isfinite(total) else None
        self.prompt_tokens += completion.prompt_tokens
        self.completion_tokens += completion.completion_tokens
        self.model = completion.model
        self._answers += 1

    def counts(self) -> dict[str, Any]:
        """The counts for spans and log lines."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "model": self.model,
            "attempts": self.attempts,
        }
