"""Classification of responses without a reply: by identifiers first, then by words, then by status.

LiteLLM repeats the provider's words in `error.message`, so no text of a body gets into an error. Only the status, the
call's id, the class and identifiers do.
"""

import re
from collections.abc import Collection, Mapping
from http import HTTPStatus

from oo.errors import (
    LLMAuthRejected,
    LLMContextLength,
    LLMParameterRefused,
    LLMRateLimited,
    LLMRefused,
    LLMReplyWithheld,
    LLMUpstreamError,
)
from oo.llm.error_body import ErrorBody
from oo.llm.parameters import OPTIONAL
from oo.llm.retry import passes_by_itself
from oo.llm.retry_after import retry_after_s

_KEY_STATUSES = (HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN)
_PARAMETER_STATUSES = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.INTERNAL_SERVER_ERROR)
_WITHHELD = "json_validate_failed"
_WITHHELD_WORDS = (_WITHHELD, "failed to generate json")
"""Groq's code, and its message, which is all that LiteLLM's `openai/` route passes on."""


# In the order in which they count. A spent budget comes as 400, 402, 403 or 429, by the proxy's configuration; only an
# operator can mend it.
_IDENTIFIERS: Mapping[type[LLMUpstreamError], frozenset[str]] = {
    LLMContextLength: frozenset({"context_length_exceeded", "exceed_context_size_error", "contextwindowexceedederror"}),
    LLMRefused: frozenset(
        {
            "content_policy_violation",
            "content_filter",
            "contentpolicyviolationerror",
            "data_inspection_failed",
            "responsibleaipolicyviolation",
        }
    ),
    LLMAuthRejected: frozenset(
        {
            "api_key_invalid",
            "auth_error",
            "authentication_error",
            "billing_hard_limit_reached",
            "billing_not_active",
            "budget_exceeded",
            "expired_key",
            "insufficient_quota",
            "invalid_api_key",
            "token_not_found_in_db",
        }
    ),
}
_ACCESS_DENIED = "_access_denied"
"""The end of the proxy's types for a key, team, user, organisation or project that may not have the model."""

_WORDS: Mapping[type[LLMUpstreamError], tuple[str, ...]] = {
    LLMContextLength: (
        "contextwindowexceedederror",
        "context_length_exceeded",
        "maximum context length",
        "maximum number of tokens allowed",
        "prompt is too long",
        "input is too long",
        "exceeds the available context size",
    ),
    LLMRefused: (
        "contentpolicyviolationerror",
        "content_policy_violation",
        "content filtering policy",
        "content_filter",
        "content exists risk",
        "guardrail policy",
        "requires moderation",
        "input was flagged",
        "prompt was flagged",
        "content blocked",
    ),
    # Not "exceeded your current quota": a limit per minute has these words as well.
    LLMAuthRejected: ("credit balance is too low", "insufficient credits"),
}
_PROVIDER_FAILURE = "internal_server_error"
"""LiteLLM's type for a model that failed. With a fallback in its cool-down the status is the fallback's, 429."""

_RATE_LIMITS = frozenset({"rate_limit_error", "rate_limit_exceeded", "resource_exhausted", "too_many_requests"})
_FORMAT_WORDS = re.compile(r"response format|json_schema|json_object|structured output")
_NAMED = re.compile(r"(?<!\w)(?:temperature|response_format|max_tokens)(?!\w)")


def upstream_error(
    status: int,
    headers: Mapping[str, str],
    error: ErrorBody,
    *,
    call_id: str,
    now: float,
    reason: str | None = None,
    sent: Collection[str] = (),
) -> LLMUpstreamError:
    """The error for a response without a reply.

    `now` is in epoch seconds. `reason` is given for a 2xx, for which a status inside the error counts instead. `sent`
    are the optional parameters of the call.
    """
    meant = (error.status or _status_inside(error) or status) if reason else status
    kind = _kind(meant, error)
    words = error.log_words()
    if kind is LLMUpstreamError and meant in _PARAMETER_STATUSES:
        parameter = _parameter(error, sent)
        if parameter:
            return LLMParameterRefused(
                status, call_id, parameter=parameter, was_sent=parameter in sent, reason=reason, proxy_words=words
            )
    return kind(
        status,
        call_id,
        passes=kind is LLMReplyWithheld or (kind in (LLMUpstreamError, LLMRateLimited) and passes_by_itself(meant)),
        reason=reason,
        retry_after_s=retry_after_s(headers, now),
        proxy_words=words,
    )


def _status_inside(error: ErrorBody) -> int | None:
    """The status that an error without a number would have had."""
    if error.identifiers & _RATE_LIMITS:
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.BAD_REQUEST if _meaning(error) else None


def _kind(status: int, error: ErrorBody) -> type[LLMUpstreamError]:
    if not 400 <= status < 500:
        return LLMUpstreamError
    if error.is_page and status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return LLMUpstreamError
    meaning = _meaning(error)
    if meaning is not None and (meaning is not LLMReplyWithheld or status == HTTPStatus.BAD_REQUEST):
        return meaning
    if status in _KEY_STATUSES:
        return LLMAuthRejected
    is_limit = status == HTTPStatus.TOO_MANY_REQUESTS and _PROVIDER_FAILURE not in error.identifiers
    return LLMRateLimited if is_limit else LLMUpstreamError


def _meaning(error: ErrorBody) -> type[LLMUpstreamError] | None:
    """The class by the error's text, which takes precedence over the status."""
    identifiers = error.identifiers
    if _WITHHELD in identifiers:
        return LLMReplyWithheld
    for kind, names in _IDENTIFIERS.items():
        if identifiers & names or (kind is LLMRefused and error.is_of_guardrail):
            return kind
    if any(name.endswith(_ACCESS_DENIED) for name in identifiers):
        return LLMAuthRejected
    if any(word in error.words for word in _WITHHELD_WORDS):
        return LLMReplyWithheld
    return next((kind for kind, words in _WORDS.items() if any(word in error.words for word in words)), None)


def _parameter(error: ErrorBody, sent: Collection[str]) -> str | None:
    """The optional parameter that the error names: by its own field, else in its words; sent ones first."""
    if _meaning(error) is not None:
        return None
    if error.parameter:
        name = re.split(r"[.\[]", error.parameter, maxsplit=1)[0]
        return name if name in OPTIONAL else None
    named = _NAMED.findall(error.words)
    if not named and _FORMAT_WORDS.search(error.words):
        named = ["response_format"]
    return next((name for name in named if name in sent), named[0] if named else None)
