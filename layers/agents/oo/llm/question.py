"""A question to the language model, and the sum of the costs of its answers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from oo.llm.client import Message, Purpose
from oo.llm.completion import ALIAS, ChatCompletion


class UsableReply(Protocol):
    """A parsed reply whose texts a trace can show."""

    def shown(self) -> dict[str, Any]:
        """The answer's texts as the trace shows them."""


AnyAnswer = TypeVar("AnyAnswer", bound=UsableReply)
AnyAnswer_co = TypeVar("AnyAnswer_co", bound=UsableReply, covariant=True)


class Reader(Protocol[AnyAnswer_co]):
    """Reads a reply."""

    def __call__(self, text: str, *, is_cut: bool) -> AnyAnswer_co:
        """The answer; raises LLMReplyError for a reply that is not usable.

        `is_cut`: the model says that the text ends early, or the text may be its thoughts. Only JSON that is the whole
        text counts then.
        """


class Question(NamedTuple, Generic[AnyAnswer]):
    """A question to the model. `name` is the span's."""

    name: str
    messages: Sequence[Message]
    max_tokens: int
    response_format: Mapping[str, Any]
    purpose: Purpose
    read: Reader[AnyAnswer]


@dataclass(slots=True)
class Spent:
    """Cost so far, failed attempts included. `cost_usd` is None as soon as one answer's cost is unknown."""

    attempts: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    model: str = ALIAS
    _answers: int = field(default=0, repr=False)

    def add(self, completion: ChatCompletion) -> None:
        """Add the cost of one answer."""
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
