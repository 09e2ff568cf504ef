"""Every error that this service raises on purpose, grouped by the next step.

ServiceError
├── RequestError                the caller changes the request
│   ├── InvalidRequest          422  a body that is not a JSON object, or has a value out of range
│   ├── PayloadTooLarge         413
│   ├── UnsupportedMediaType    415
│   ├── InvalidEvent            400  the function was called with an event that is not an HTTP request
│   ├── Forbidden               403
│   ├── RouteNotFound           404
│   ├── MethodNotAllowed        405
│   ├── UnknownAgent            404
│   └── UnknownPromptVersion    422
├── AgentFailed                 a developer reads the log: an agent raised an exception
├── ConfigError                 an operator corrects the setting or the secret that the message names
├── LLMError                    /recommend may fall back to the template tip
│   ├── LLMUpstreamError        the proxy responded with an error: its status decides whether to retry
│   │   ├── LLMRateLimited      the caller waits `retry_after_s`
│   │   ├── LLMContextLength    the prompt is shortened
│   │   ├── LLMAuthRejected     an operator checks the key
│   │   ├── LLMParameterRefused the service repeats the call without the parameter
│   │   ├── LLMReplyWithheld    the service repeats the call: another reply may be JSON
│   │   └── LLMRefused          the model declined: a retry changes nothing
│   ├── LLMUnavailable          the caller retries later
│   │   ├── LLMUnreachable
│   │   ├── LLMTimeout
│   │   ├── CircuitOpen
│   │   └── DeadlineExceeded    no time was left for a call
│   └── LLMReplyError           the model's reply is unusable
│       ├── LLMBadOutput
│       ├── LLMOversize
│       └── LLMPromptLeak
├── StoreUnavailable            /recommend continues without stored outputs, a queue record is delivered again
│   └── StoreMisconfigured      an operator checks the table's name and the function's role
├── JobsUnsent                  the fan-out's record is delivered again
├── FeedbackUnavailable         503  the caller sends the feedback again
├── MlflowUnavailable           the feedback's record is delivered again, and the rest of its batch
├── TraceNotLanded              the feedback's record is delivered again: its trace may not be exported yet
├── RecordPostponed             too little time was left to begin: the record is delivered again
│   └── BatchPostponed          MLflow failed for an earlier record of the batch: this one is delivered again
└── MessageError                a queue record that fails at every delivery; it belongs in the dead-letter queue
    ├── InvalidMessage
    ├── UnknownMessageAgent
    ├── OtherAgentVersion
    ├── TraceUnknown            no trace has the feedback's serve id, and none will
    ├── SnapshotTooLarge        one agent's job does not fit into one message
    └── OutputTooLarge

Callers and alarms match on codes; messages are for people and never contain user data, keys or upstream text.
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
