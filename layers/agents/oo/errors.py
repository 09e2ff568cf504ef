"""Every error that this service raises on purpose, grouped by what can be done next.

ServiceError
├── RequestError                the caller changes the request
│   ├── InvalidRequest          422  a body that is no JSON object, or out of range
│   ├── PayloadTooLarge         413
│   ├── UnsupportedMediaType    415
│   ├── InvalidEvent            400  the function was called with no request at all
│   ├── Forbidden               403
│   ├── RouteNotFound           404
│   ├── MethodNotAllowed        405
│   ├── UnknownAgent            404
│   └── UnknownPromptVersion    422
├── AgentFailed                 a developer reads the log: an agent raised
├── ConfigError                 an operator sets what is missing
├── LLMError                    /recommend may fall back to the template tip
│   ├── LLMUpstreamError        the proxy answered with an error: its status says whether to try again
│   │   ├── LLMRateLimited      the caller waits `retry_after_s`
│   │   ├── LLMContextLength    the prompt is shortened
│   │   ├── LLMAuthRejected     an operator looks at the key
│   │   ├── LLMParameterRefused the question is asked again without the parameter
│   │   ├── LLMReplyWithheld    the question is asked again: another reply may be JSON
│   │   └── LLMRefused          the model declined: trying again changes nothing
│   ├── LLMUnavailable          the caller tries again later
│   │   ├── LLMUnreachable
│   │   ├── LLMTimeout
│   │   ├── CircuitOpen
│   │   └── DeadlineExceeded    no time was left to ask
│   └── LLMReplyError           a reply came and is not usable
│       ├── LLMBadOutput
│       ├── LLMOversize
│       └── LLMPromptLeak
├── StoreUnavailable            /recommend goes on without stored outputs, a queue record is delivered again
│   └── StoreMisconfigured      an operator looks at the table's name and the function's role
├── JobsUnsent                  the fan-out's record is delivered again
├── RecordPostponed             too little time was left to begin: the record is delivered again
└── MessageError                a queue record that no retry can mend; it belongs in the dead-letter queue
    ├── InvalidMessage
    ├── UnknownMessageAgent
    ├── OtherAgentVersion
    ├── SnapshotTooLarge        one agent's job does not fit into one message
    └── OutputTooLarge

Codes are what callers and alarms match on; messages are for people and never hold user data, keys or upstream text.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

_SETTING = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")


def _shown(text: str) -> str:
    """At most 64 printable characters of a caller's text."""
    return "".join(character for character in text if character.isprintable())[:64]


class ServiceError(Exception):
    """Base of all errors raised on purpose; `code` is machine-readable and stable."""

    code: ClassVar[str] = "internal_error"


class RequestError(ServiceError):
    """The request cannot be answered as it is."""


class RequestInvalid(RequestError):
    """`errors` lists objects of `type`, `loc` (beginning with "body") and `msg`."""

    code = "invalid_request"

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(f"{len(errors)} problem(s) in the request's body")
        self.errors = errors


class PayloadTooLarge(RequestError):
    code = "payload_too_large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"The request's body is over the limit of {limit_bytes} bytes")


class UnsupportedMediaType(RequestError):
    code = "unsupported_media_type"

    def __init__(self, encoding: str = "") -> None:
        type_wanted = "The request's content type has to be application/json"
        super().__init__(f"Content-Encoding is not supported: {_shown(encoding)}" if encoding else type_wanted)


class InvalidEvent(RequestError):
    code = "invalid_event"

    def __init__(self, event_kind: str) -> None:
        super().__init__("Expected an event of an HTTP API with payload format 2.0")
        self.event_kind = event_kind


class Forbidden(RequestError):
    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("The token belongs to another user than the one that the body names")


class RouteNotFound(RequestError):
    code = "not_found"

    def __init__(self) -> None:
        super().__init__("No such path")


class MethodNotAllowed(RequestError):
    """`allowed` lists the verbs that the path has."""

    code = "method_not_allowed"

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(f"The path allows {', '.join(allowed)}")
        self.allowed = allowed


class UnknownAgent(RequestError):
    code = "unknown_agent"
    agent_id = "other"  # in the log: the id that was asked for is a caller's text

    def __init__(self, agent_id: str) -> None:
        super().__init__(f"Unknown agent: '{_shown(agent_id)}'")


class UnknownPromptVersion(RequestError):
    code = "unknown_prompt_version"

    def __init__(self, version: str) -> None:
        super().__init__(f"Unknown prompt_version: {_shown(version)}")


class AgentFailed(ServiceError):
    """An agent raised; the message names the exception's type, never its text."""

    code = "agent_failed"

    def __init__(self, cause: BaseException) -> None:
        super().__init__(f"Agent compute failed: {type(cause).__name__}")


class ConfigError(ServiceError):
    """A setting or a secret is missing or unusable; the message names it, never its value.

    `setting` is the names of the message; `store_error` is AWS' own code where a secret could not be read.
    """

    code = "config_error"

    def __init__(self, message: str, *, store_error: str | None = None) -> None:
        super().__init__(message)
        self.setting = ", ".join(_SETTING.findall(message))
        self.store_error = store_error


def config_facts(error: BaseException) -> dict[str, Any]:
    """The keys of a log line about an error that an operator can mend; none for other errors."""
    facts = {name: getattr(error, name, None) for name in ("setting", "store_error")}
    return {name: fact for name, fact in facts.items() if fact}


class LLMError(ServiceError):
    """No tip came from the model."""


class LLMUpstreamError(LLMError):
    """The proxy answered with an error. `status` is its HTTP status, `call_id` finds the call in the proxy's log.

    `passes`: the same question may be answered a moment later. `reason` is one of ours, for an answer whose status
    says nothing. `proxy_words` are the body's `proxy_type`, `proxy_code` and `proxy_param`, where they are identifiers.
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
    """`parameter` is the optional one that the error names; `was_sent` says whether the call had it."""

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
    """The provider found that the model's reply is no JSON, and kept it back."""

    code = "llm_bad_output"

    def __str__(self) -> str:
        return f"LLM returned invalid JSON after 2 retries: its provider withheld it, call {self.call_id}"


class LLMUnavailable(LLMError):
    """No answer from the proxy; the message is a fixed sentence."""

    reason: ClassVar[str] = "the proxy cannot be reached"

    def __init__(self) -> None:
        super().__init__(f"LiteLLM unreachable: {self.reason}")


class LLMUnreachable(LLMUnavailable):
    code = "llm_unreachable"


class LLMTimeout(LLMUnavailable):
    code = "llm_timeout"
    reason = "no answer in time"


class CircuitOpen(LLMUnavailable):
    """The breaker is open; `retry_after_s` says when it may close."""

    code = "circuit_open"
    reason = "the circuit is open after repeated failures"

    def __init__(self, retry_after_s: float | None = None) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


class DeadlineExceeded(LLMUnavailable):
    code = "deadline"
    reason = "too little time is left to ask"


class LLMReplyError(LLMError):
    """No usable reply after the corrections; `reason` is one of ours, never the reply's text."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"LLM returned invalid JSON after 2 retries: {reason}")
        self.reason = reason


class LLMBadOutput(LLMReplyError):
    """`ends_early`: the reply is JSON that ends in the middle."""

    code = "llm_bad_output"

    def __init__(self, reason: str, *, ends_early: bool = False) -> None:
        super().__init__(reason)
        self.ends_early = ends_early


class LLMOversize(LLMReplyError):
    code = "llm_oversize"


class LLMPromptLeak(LLMReplyError):
    code = "llm_prompt_leak"


class StoreUnavailable(ServiceError):
    """The table did not do what was asked; the message names the table's error code, nothing of the item."""

    code = "store_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The table of agent outputs answered: {reason}")


class StoreMisconfigured(StoreUnavailable):
    code = "ddb_config"


class JobsUnsent(ServiceError):
    """The queue did not take all jobs, retries included. `unsent` says how many."""

    code = "jobs_unsent"

    def __init__(self, unsent: int) -> None:
        super().__init__(f"{unsent} job(s) could not be sent")
        self.unsent = unsent


class RecordPostponed(ServiceError):
    code = "no_time_left"

    def __init__(self) -> None:
        super().__init__("Too little time is left to begin with the record")


class MessageError(ServiceError):
    """A record that will fail however often it is delivered."""


class InvalidMessage(MessageError):
    """`errors` as in `RequestInvalid`. `reason` is a sentence of ours for the log, where one helps a producer."""

    code = "invalid_message"

    def __init__(self, errors: list[dict[str, Any]], reason: str = "") -> None:
        super().__init__(f"{len(errors)} problem(s) in the message's body")
        self.errors = errors
        self.reason = reason


class UnknownMessageAgent(MessageError):
    code = "unknown_agent"


class OtherAgentVersion(MessageError):
    code = "other_agent_version"


class SnapshotTooLarge(MessageError):
    code = "snapshot_too_large"


class OutputTooLarge(MessageError):
    code = "item_too_large"
