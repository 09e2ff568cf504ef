"""What an answer of the proxy means: a pure function of its status, its headers and its bytes.

LiteLLM repeats the provider's own words in `error.message`, so nothing of a body gets into an error: the status, the
call's id and the class are all that is kept.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from oo.errors import (
    LLMAuthRejected,
    LLMContextLength,
    LLMRateLimited,
    LLMRefused,
    LLMUpstreamError,
)
from oo.llm.hints import retry_hint_s

_KEY_STATUSES = (401, 402, 403)
_KEY_TYPES = frozenset(
    {
        "auth_error",
        "budget_exceeded",
        "customer_model_access_denied",
        "expired_key",
        "key_model_access_denied",
        "token_not_found_in_db",
    }
)
_OTHER_TYPES = frozenset(
    {"invalid_request_error", "no_db_connection", "throttling_error", "internal_server_error", "timeout_error"}
)
_CONTEXT_MARKS = ("contextwindowexceedederror", "context_length_exceeded", "maximum context length")
_POLICY_MARKS = ("contentpolicyviolationerror", "content_policy_violation", "content_filter")


def upstream_error(
    status: int, headers: Mapping[str, str], body: bytes, *, call_id: str, now: float
) -> LLMUpstreamError:
    """The error of an answer that holds no reply, whatever the answer is; `now` is in epoch seconds."""
    error = _error(body)
    word = _field(error, "type")
    return _kind(status, error)(
        status,
        call_id,
        retry_after_s=retry_hint_s(headers, now),
        proxy_type=word if word in _KEY_TYPES | _OTHER_TYPES else None,
    )


def _kind(status: int, error: dict[str, Any]) -> type[LLMUpstreamError]:
    # A spent budget comes as 400, 402, 403 or 429, by the proxy's configuration; only an operator can mend it.
    if status in _KEY_STATUSES or _field(error, "type") in _KEY_TYPES:
        return LLMAuthRejected
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return LLMRateLimited
    if not 400 <= status < 500:
        return LLMUpstreamError
    # The proxy marks these two in no field of their own: OpenAI's code or the name of LiteLLM's exception, which it
    # writes at the beginning of the message, is all there is.
    marks = f"{_field(error, 'code')} {_field(error, 'message')[:400]}".lower()
    if any(mark in marks for mark in _CONTEXT_MARKS):
        return LLMContextLength
    return LLMRefused if any(mark in marks for mark in _POLICY_MARKS) else LLMUpstreamError


def _error(body: bytes) -> dict[str, Any]:
    """The `error` object of a body, empty where there is none."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    error = parsed.get("error") if isinstance(parsed, dict) else None
    return error if isinstance(error, dict) else {}


def _field(error: dict[str, Any], name: str) -> str:
    value = error.get(name)
    return value if isinstance(value, str) else ""
