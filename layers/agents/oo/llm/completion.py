"""One response of the proxy: the model's text and the cost of the call."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from oo.frozen import frozen

ALIAS = "tip-generator"
"""The proxy's alias for the model; the proxy's configuration maps it to one."""

_ID = re.compile(r"[\w./:@+-]{1,128}", re.ASCII)
_LONGEST_NAME = 128
_HEAD = 1_000
_LONGEST_PIECE = 6
"""Characters of a JSON literal or escape that a cut may leave."""


_CUT_OFF = frozenset({"length", "max_output_tokens", "max_tokens", "model_length"})
_REFUSED = frozenset(
    {"blocklist", "content_filter", "content_filtered", "guardrail_intervened", "prohibited_content", "refusal"}
    | {"safety", "sensitive", "spii"}
)
_FAILED = frozenset({"error", "network_error"})
"""Words for the end of a reply, OpenAI's and those that gateways pass on from other providers, in lower case."""


class NotACompletion(Exception):
    """The bytes are not a chat completion.

    `reason` is one of this service's words; `error` is the body's error object.
    """

    def __init__(self, reason: str, error: object = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error


@frozen
class ChatCompletion:
    """The model's text, unchecked and empty if absent, and its reasoning if it came separately.

    `costs` holds US dollars as `input_cost`, `output_cost` and `total_cost`, each only if the proxy knows it.
    `usage_known` is False if the token counts were missing or implausible; they are 0 then.
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
    reasoning: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether the model reports that its text is truncated."""
        return (self.finish_reason or "").lower() in _CUT_OFF

    @property
    def cost_usd(self) -> float | None:
        """The cost of the call in US dollars, None if the proxy does not know it."""
        return self.costs.get("total_cost")


def read_chat_completion(headers: Mapping[str, str], body: bytes, call_id: str) -> ChatCompletion:
    """The completion in a 2xx response. Raises NotACompletion."""
    answer, choice = _chosen(_parsed(body))
    message = choice.get("message")
    if not isinstance(message, dict):
        raise NotACompletion("no message")
    usage = answer.get("usage")
    prompt_tokens, completion_tokens = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    finish_reason = choice.get("finish_reason")
    reasoning = message.get("reasoning_content") or message.get("reasoning")
    return ChatCompletion(
        text=_sound(_text(message.get("content"))),
        model=_name(headers.get("x-litellm-model-name")) or _name(answer.get("model")) or ALIAS,
        call_id=call_id,
        prompt_tokens=prompt_tokens or 0,
        completion_tokens=completion_tokens or 0,
        usage_known=None not in (prompt_tokens, completion_tokens),
        costs=_costs(headers),
        finish_reason=finish_reason if isinstance(finish_reason, str) else None,
        refused=_word(finish_reason) in _REFUSED or _is_refusal(message),
        called_tools=bool(message.get("tool_calls") or message.get("function_call")),
        reasoning=_sound(reasoning) if isinstance(reasoning, str) else "",
    )


def known_call_id(headers: Mapping[str, str], sent: str) -> str:
    """The id under which the proxy logs the call: the one in its response, else the sent one."""
    known = headers.get("x-litellm-call-id", "")
    return known if _ID.fullmatch(known) else sent


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body, strict=False)
    except (ValueError, RecursionError):
        raise NotACompletion(reason_of(body.decode("utf-8-sig", "replace").strip())) from None


def reason_of(text: str) -> str:
    """The reason word for a text that should have been JSON."""
    head = text[:_HEAD].lower()
    if not text:
        return "empty body"
    if "<html" in head or head.startswith("<!doctype"):
        return "HTML"
    if text.startswith(("data:", "event:", "id:", "retry:", ":")):
        return "event stream"
    return "cut off" if text.startswith(("{", "[")) and _ends_early(text) else "not JSON"


def _ends_early(text: str) -> bool:
    """Whether the text is the beginning of JSON."""
    try:
        json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        rest = text[error.pos :]
        is_piece = len(rest) <= _LONGEST_PIECE and not set(rest) & set("}],:") and error.msg != "Extra data"
        return is_piece or error.msg.startswith("Unterminated string")
    except (ValueError, RecursionError):
        pass
    return False


def _chosen(answer: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """The body and its first choice; raises NotACompletion for an error instead of a choice, or in addition to one."""
    if isinstance(answer, list) and answer:
        answer = answer[0]
    if not isinstance(answer, dict):
        raise NotACompletion("no choices")
    choices = answer.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    choice = first if isinstance(first, dict) else {}
    extra = choice.get("provider_specific_fields")
    for place in (answer, choice, extra):
        if isinstance(place, dict) and _is_error(place.get("error")):
            raise NotACompletion("error inside a 2xx", place["error"])
    if _word(choice.get("finish_reason")) in _FAILED:
        raise NotACompletion("error inside a 2xx")
    if first is None:
        raise NotACompletion("no choices", answer)
    return answer, choice


def _is_error(value: object) -> bool:
    """Whether the value is an error with content: some gateways add an empty one to every response."""
    return any(value.values()) if isinstance(value, dict) else isinstance(value, str) and bool(value.strip())


def _word(finish_reason: object) -> str:
    return finish_reason.lower() if isinstance(finish_reason, str) else ""


def _text(content: object) -> str:
    """The content, or the texts of its parts without those that are reasoning."""
    if isinstance(content, str):
        return content
    return "".join(
        part["text"]
        for part in _parts(content)
        if part.get("type") in ("text", "output_text") and isinstance(part.get("text"), str) and not part.get("thought")
    )


def _parts(content: object) -> list[dict[str, Any]]:
    return [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []


def _sound(text: str) -> str:
    """Text that any encoder can write: a lone surrogate becomes a replacement character."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def _is_refusal(message: dict[str, Any]) -> bool:
    """Whether the message is a refusal, which has a field or a part of its own.

    LiteLLM moves its text into `provider_specific_fields` for some providers.
    """
    provider_fields = message.get("provider_specific_fields")
    hidden = provider_fields.get("refusal") if isinstance(provider_fields, dict) else None
    has_part = any(part.get("type") == "refusal" for part in _parts(message.get("content")))
    return bool(message.get("refusal") or hidden or has_part)


def _count(usage: object, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None


def _name(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME and value.isprintable() else None


def _costs(headers: Mapping[str, str]) -> dict[str, float]:
    total = _dollars(headers.get("x-litellm-response-cost"))
    # The router's own model, if there is one, is billed separately.
    router = _dollars(headers.get("x-litellm-classifier-cost"))
    costs = {
        "input_cost": _dollars(headers.get("x-litellm-response-cost-input")),
        "output_cost": _dollars(headers.get("x-litellm-response-cost-output")),
        "total_cost": None if total is None else total + (router or 0.0),
    }
    return {name: cost for name, cost in costs.items() if cost is not None and math.isfinite(cost)}


def _dollars(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
