"""Errors of calls to the language model."""

from collections.abc import Mapping
from typing import ClassVar

from oo.errors.base import ServiceError


class LLMError(ServiceError):
    """The model gave no tip."""


class LLMUpstreamError(LLMError):
    """The proxy responded with an error.

    `status` is its HTTP status; `call_id` identifies the call in the proxy's log. If `passes`, a retry may succeed.
    `reason` is one of this service's words, for a response whose status is not an error. `proxy_words` are the body's
    `proxy_type`, `proxy_code` and `proxy_param`, if they are identifiers.
    """

    code = "llm_upstream_error"

    def __init__(
        self,
        status: int,
        call_id: str,
        *,
        passes: bool = False,
        reason: str | None = None,
        retry_after_s: float | None = None,
        proxy_words: Mapping[str, str] | None = None,
    ) -> None:
        said = f"{reason} in an answer of status {status}" if reason else f"status {status}"
        super().__init__(f"LiteLLM error: {said}, call {call_id}")
        self.status = status
        self.call_id = call_id
        self.passes = passes
        self.reason = reason
        self.retry_after_s = retry_after_s
        self.proxy_words = proxy_words or {}


class LLMRateLimited(LLMUpstreamError):
    code = "llm_rate_limited"


class LLMContextLength(LLMUpstreamError):
    code = "llm_context_length"


class LLMAuthRejected(LLMUpstreamError):
    code = "llm_auth"


class LLMRefused(LLMUpstreamError):
    code = "llm_refused"


class LLMParameterRefused(LLMUpstreamError):
    """`parameter` is the optional one that the error names; `was_sent` is true if the call contained it."""

    code = "llm_upstream_error"

    def __init__(
        self,
        status: int,
        call_id: str,
        *,
        parameter: str = "",
        was_sent: bool = False,
        reason: str | None = None,
        proxy_words: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, call_id, reason=reason, proxy_words=proxy_words)
        self.parameter = parameter
        self.was_sent = was_sent


class LLMReplyWithheld(LLMUpstreamError):
    """The provider withheld the model's reply because it is not JSON."""

    code = "llm_bad_output"

    def __str__(self) -> str:
        return f"LLM returned invalid JSON after 2 retries: its provider withheld it, call {self.call_id}"


class LLMUnavailable(LLMError):
    """No response from the proxy; the message is a fixed sentence."""

    reason: ClassVar[str] = "the proxy cannot be reached"

    def __init__(self) -> None:
        super().__init__(f"LiteLLM unreachable: {self.reason}")


class LLMUnreachable(LLMUnavailable):
    code = "llm_unreachable"


class LLMTimeout(LLMUnavailable):
    code = "llm_timeout"
    reason = "no answer in time"


class CircuitOpen(LLMUnavailable):
    """The circuit breaker is open; `retry_after_s` is the time until it may close."""

    code = "circuit_open"
    reason = "the circuit is open after repeated failures"

    def __init__(self, retry_after_s: float | None = None) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


class DeadlineExceeded(LLMUnavailable):
    code = "deadline"
    reason = "too little time is left to ask"


class LLMReplyError(LLMError):
    """No usable reply after the corrections; `reason` is a fixed clause about it, never the reply's text."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"LLM returned invalid JSON after 2 retries: {reason}")
        self.reason = reason


class LLMBadOutput(LLMReplyError):
    """`ends_early`: the reply is truncated JSON."""

    code = "llm_bad_output"

    def __init__(self, reason: str, *, ends_early: bool = False) -> None:
        super().__init__(reason)
        self.ends_early = ends_early


class LLMOversize(LLMReplyError):
    code = "llm_oversize"


class LLMPromptLeak(LLMReplyError):
    code = "llm_prompt_leak"
