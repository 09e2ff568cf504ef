"""One answer of the proxy as it came over the wire: the model's text and what the call cost."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ALIAS = "tip-generator"
"""The name under which the proxy knows the model; which one it is, the proxy's configuration says."""

_ID = re.compile(r"[\w./:@+-]{1,128}", re.ASCII)
_LONGEST_NAME = 128


class NotACompletion(Exception):
    """The bytes are no chat completion: not JSON, no choices, or no message."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote, not yet judged. `text` is empty where it wrote none.

    `costs` holds US dollars as `input_cost`, `output_cost` and `total_cost`, each only where the proxy knows it.
    `usage_known` is False where the counts of tokens were missing or made no sense and stand at 0.
    """

    text: str
    model: str
    call_id: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usage_known: bool = False
    costs: Mapping[str, float] = field(default_factory=dict)
    finish_reason: str | None = None
    refused: bool = False
    called_tools: bool = False

    @property
    def cost_usd(self) -> float | None:
        """What the call cost in all, None where the proxy does not know."""
        return self.costs.get("total_cost")


def read_completion(headers: Mapping[str, str], body: bytes, call_id: str) -> Completion:
    """The completion that an answer of status 2xx holds; raises NotACompletion."""
    answer = _object(_parsed(body))
    choice = _object(_first(answer.get("choices")))
    message = _object(choice.get("message"))
    content = message.get("content")
    usage = answer.get("usage")
    prompt_tokens, completion_tokens = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    finish_reason = choice.get("finish_reason")
    return Completion(
        text=_sound(content) if isinstance(content, str) else "",
        model=_name(headers.get("x-litellm-model-name")) or _name(answer.get("model")) or ALIAS,
        call_id=call_id,
        prompt_tokens=prompt_tokens or 0,
        completion_tokens=completion_tokens or 0,
        usage_known=None not in (prompt_tokens, completion_tokens),
        costs=_costs(headers),
        finish_reason=finish_reason if isinstance(finish_reason, str) else None,
        refused=finish_reason == "content_filter" or _is_refusal(message),
        called_tools=bool(message.get("tool_calls") or message.get("function_call")),
    )


def known_call_id(headers: Mapping[str, str], sent: str) -> str:
    """The id under which the proxy keeps the call: its own word for it, else the one that we sent."""
    known = headers.get("x-litellm-call-id", "")
    return known if _ID.fullmatch(known) else sent


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise NotACompletion from None


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotACompletion
    return value


def _first(choices: object) -> object:
    return choices[0] if isinstance(choices, list) and choices else None


def _sound(text: str) -> str:
    """Text that any encoder can write: half a surrogate pair becomes a replacement character."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def _is_refusal(message: dict[str, Any]) -> bool:
    """LiteLLM moves the text of a refusal into `provider_specific_fields` for some providers."""
    provider_fields = message.get("provider_specific_fields")
    hidden = provider_fields.get("refusal") if isinstance(provider_fields, dict) else None
    return bool(message.get("refusal") or hidden)


def _count(usage: object, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None


def _name(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME and value.isprintable() else None


def _costs(headers: Mapping[str, str]) -> dict[str, float]:
    total = _dollars(headers.get("x-litellm-response-cost"))
    # The router's own model, where there is one, is billed apart.
    router = _dollars(headers.get("x-litellm-classifier-cost"))
    costs = {
        "input_cost": _dollars(headers.get("x-litellm-response-cost-input")),
        "output_cost": _dollars(headers.get("x-litellm-response-cost-output")),
        "total_cost": None if total is None else total + (router or 0.0),
    }
    return {name: cost for name, cost in costs.items() if cost is not None}


def _dollars(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
