"""Every error that this service raises on purpose, grouped by the next step.

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
├── FeedbackUnavailable         503  the caller sends the feedback again
├── MlflowUnavailable           the feedback's record is delivered again, and the rest of its batch
├── TraceNotLanded              the feedback's record is delivered again: its trace may be on its way
├── RecordPostponed             too little time was left to begin: the record is delivered again
│   └── BatchPostponed          a record before it met what this one would meet, too
└── MessageError                a queue record that no retry can mend; it belongs in the dead-letter queue
    ├── InvalidMessage
    ├── UnknownMessageAgent
    ├── OtherAgentVersion
    ├── TraceUnknown            no trace has the feedback's serve id, and none will
    ├── SnapshotTooLarge        one agent's job does not fit into one message
    └── OutputTooLarge

Callers and alarms match on codes; messages are for people and never hold user data, keys or upstream text.
"""

from oo.errors.base import (
    AgentFailed,
    ConfigError,
    ServiceError,
    config_facts,
)
from oo.errors.model import (
    CircuitOpen,
    DeadlineExceeded,
    LLMAuthRejected,
    LLMBadOutput,
    LLMContextLength,
    LLMError,
    LLMOversize,
    LLMParameterRefused,
    LLMPromptLeak,
    LLMRateLimited,
    LLMRefused,
    LLMReplyError,
    LLMReplyWithheld,
    LLMTimeout,
    LLMUnavailable,
    LLMUnreachable,
    LLMUpstreamError,
)
from oo.errors.records import (
    BatchPostponed,
    FeedbackUnavailable,
    InvalidMessage,
    JobsUnsent,
    MessageError,
    MlflowUnavailable,
    OtherAgentVersion,
    OutputTooLarge,
    RecordPostponed,
    SnapshotTooLarge,
    StoreMisconfigured,
    StoreUnavailable,
    TraceNotLanded,
    TraceUnknown,
    UnknownMessageAgent,
)
from oo.errors.requests import (
    Forbidden,
    InvalidEvent,
    MethodNotAllowed,
    PayloadTooLarge,
    RequestError,
    RequestInvalid,
    RouteNotFound,
    UnknownAgent,
    UnknownPromptVersion,
    UnsupportedMediaType,
)

__all__ = [
    "AgentFailed",
    "BatchPostponed",
    "CircuitOpen",
    "ConfigError",
    "DeadlineExceeded",
    "FeedbackUnavailable",
    "Forbidden",
    "InvalidEvent",
    "InvalidMessage",
    "JobsUnsent",
    "LLMAuthRejected",
    "LLMBadOutput",
    "LLMContextLength",
    "LLMError",
    "LLMOversize",
    "LLMParameterRefused",
    "LLMPromptLeak",
    "LLMRateLimited",
    "LLMRefused",
    "LLMReplyError",
    "LLMReplyWithheld",
    "LLMTimeout",
    "LLMUnavailable",
    "LLMUnreachable",
    "LLMUpstreamError",
    "MessageError",
    "MethodNotAllowed",
    "MlflowUnavailable",
    "OtherAgentVersion",
    "OutputTooLarge",
    "PayloadTooLarge",
    "RecordPostponed",
    "RequestError",
    "RequestInvalid",
    "RouteNotFound",
    "ServiceError",
    "SnapshotTooLarge",
    "StoreMisconfigured",
    "StoreUnavailable",
    "TraceNotLanded",
    "TraceUnknown",
    "UnknownAgent",
    "UnknownMessageAgent",
    "UnknownPromptVersion",
    "UnsupportedMediaType",
    "config_facts",
]
