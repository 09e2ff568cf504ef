"""The meaning of every code of an error: the source of docs/errors.md and of the OpenAPI document."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from oo.contract.limits import MAX_BODY_BYTES, MAX_PROBLEMS


class ErrorText(NamedTuple):
    """Sentences for callers and operators: the cause, whether and when a retry helps, and the next step."""

    meaning: str
    retry: str
    action: str


_OPERATOR = "No, until an operator has acted."
_LATER = "Yes, after 10 s; then after twice as long each time."
_ANOTHER = "Yes, once: another reply may be usable. It costs up to three calls more."

TEXTS: Mapping[str, ErrorText] = {
    "invalid_event": ErrorText(
        "The function got an event that is no HTTP API event of payload format 2.0.",
        "No.",
        "Operator: call the function through its HTTP API. Callers of the API never cause it.",
    ),
    "forbidden": ErrorText(
        "The token belongs to another user than `user_id`. Only if `JwtUserClaim` is set.",
        "No.",
        "Send the token of the user that the body names.",
    ),
    "not_found": ErrorText("The path does not exist, or an id in it holds a slash.", "No.", "Correct the path."),
    "unknown_agent": ErrorText(
        "No agent has the id of the path.", "No.", "Take an id from `GET /agents/registry` or `GET /health`."
    ),
    "method_not_allowed": ErrorText(
        "The path exists, but not with this method.", "No.", "Use a method of the header `Allow`."
    ),
    "payload_too_large": ErrorText(
        f"The body is over {MAX_BODY_BYTES:,} bytes.", "No.", "Send fewer rows or shorter texts."
    ),
    "unsupported_media_type": ErrorText(
        "The content type is not `application/json`, or the body is compressed; `detail` says which.",
        "No.",
        "Send plain JSON as `application/json`.",
    ),
    "invalid_request": ErrorText(
        "The body is no JSON object, a required value is missing, a value is out of range, or the answer would be over "
        f"1 MB. `detail` lists at most {MAX_PROBLEMS} problems by their place.",
        "No.",
        "Correct the fields that `detail` lists.",
    ),
    "unknown_prompt_version": ErrorText(
        "The endpoint has no such prompt version.",
        "No.",
        "Use a version of [docs/prompts.json](prompts.json), or leave `prompt_version` out.",
    ),
    "agent_failed": ErrorText(
        "The agent raised an exception; `detail` has its type.",
        "No: the same data fail again.",
        "Report the `x-trace-id`. Operator: look for `agent_compute_failed` in the log.",
    ),
    "internal_error": ErrorText(
        "The service met a fault that it does not know.",
        "Yes, once.",
        "Report the `x-trace-id`. Operator: look for `request_failed` in the log; `frame` is the place.",
    ),
    "llm_upstream_error": ErrorText(
        "The proxy answered with an error, or with no reply; `detail` has the status and the call id.",
        "Yes, after `Retry-After` or 10 s, if the status is 408, 2xx or 5xx; no for any other 4xx.",
        "Operator: find the call id in the proxy's log.",
    ),
    "llm_rate_limited": ErrorText(
        "The proxy or a provider takes no more requests for now.",
        "Yes, after the seconds in `Retry-After`, which is always there.",
        "Wait. Operator: raise the limit or the budget if it happens often.",
    ),
    "llm_context_length": ErrorText(
        "The prompt is longer than the model reads.",
        "No.",
        "Send fewer tasks and snippets. Operator: choose a model with a larger context.",
    ),
    "llm_auth": ErrorText(
        "The proxy or a provider rejected the service's key, or its credit is used up.",
        _OPERATOR,
        "Operator: check key, permissions and credit.",
    ),
    "llm_refused": ErrorText(
        "The model, or a filter in front of it, declined to answer.",
        "No: the same data are declined again.",
        "Show no tip, or ask with other tasks.",
    ),
    "llm_bad_output": ErrorText("No reply was usable after two corrections; `detail` has the reason.", _ANOTHER, ""),
    "llm_oversize": ErrorText("The reply was longer than the service reads.", _ANOTHER, ""),
    "llm_prompt_leak": ErrorText("The replies repeated parts of the prompt's rules.", _ANOTHER, ""),
    "llm_unreachable": ErrorText(
        "The proxy could not be reached.", _LATER, "Operator: check `LiteLLMUrl` and the proxy."
    ),
    "llm_timeout": ErrorText(
        "The proxy gave no answer in time.", _LATER, "Operator: compare `LLMBudgetSeconds` with the model's latency."
    ),
    "circuit_open": ErrorText(
        "Three requests in a row failed, so the service does not ask the proxy for 20 s or longer "
        "(`LLMCircuitBreaker`).",
        "Yes, after the seconds in `Retry-After`.",
        "Wait. Operator: check the proxy.",
    ),
    "deadline": ErrorText("Too little of the request's time was left to ask the model.", _LATER, ""),
    "config_error": ErrorText(
        "A setting or a secret is missing or unusable; `detail` names it, never its value.",
        _OPERATOR,
        "Operator: set it; [docs/configuration.md](configuration.md) lists all settings.",
    ),
    "feedback_unavailable": ErrorText(
        "The feedback could not be queued.",
        "Yes, after 10 s. A repeat is harmless.",
        "Operator: check `FeedbackQueue`.",
    ),
}
"""By code, in the order of the statuses. Without an action, the retry is the action."""

RECORD_TEXTS: Mapping[str, ErrorText] = {
    "invalid_message": ErrorText(
        "The message's body is unusable; `problems` of the log line lists the fields.",
        "",
        "Correct the producer, send the data again.",
    ),
    "unknown_agent": ErrorText("The message names an agent that does not exist.", "", "Correct `agent_ids`."),
    "other_agent_version": ErrorText(
        "The job was made for another major version of its agent.", "", "None: the next snapshot makes a new job."
    ),
    "snapshot_too_large": ErrorText("One agent's job does not fit into one message.", "", "Send fewer rows."),
    "item_too_large": ErrorText("The agent's output does not fit into the table.", "", "Report the log line."),
    "trace_unknown": ErrorText(
        "MLflow has no trace of the feedback's `serve_id`.",
        "",
        "Compare the id with the receipt's; [docs/feedback.md](feedback.md) has the causes.",
    ),
    "agent_failed": ErrorText(
        "The agent raised an exception.", "Delivered again.", "Look for `agent_compute_failed` in the log."
    ),
    "store_unavailable": ErrorText(
        "The table refused or failed a request.", "Delivered again.", "Check the table's throttling."
    ),
    "ddb_config": ErrorText(
        "The table's name or the function's permission is wrong.", "Delivered again.", "Check both."
    ),
    "jobs_unsent": ErrorText("`ComputeQueue` did not take all jobs.", "Delivered again.", "None, unless it persists."),
    "mlflow_unavailable": ErrorText(
        "MLflow did not accept the feedback.", "Delivered again, with the rest of its batch.", "Check MLflow."
    ),
    "trace_not_landed": ErrorText("MLflow does not have the feedback's trace yet.", "Delivered again.", "None."),
    "feedback_unavailable": ErrorText(
        "`FeedbackDeadLetterQueue` did not take feedback that no retry can mend.", "Delivered again.", "None."
    ),
    "no_time_left": ErrorText("Too little of the function's time was left to start.", "Delivered again.", "None."),
    "batch_postponed": ErrorText(
        "An earlier record of the batch met a failure of a server.", "Delivered again.", "None."
    ),
    "config_error": ErrorText("A setting or a secret is missing or unusable.", "Delivered again.", "Set it."),
    "internal_error": ErrorText(
        "The service met a fault that it does not know.", "Delivered again.", "Report `frame` of the log line."
    ),
}
"""By code of `record_failed` in the log. Without a retry the record goes to the dead-letter queue."""

GATEWAY_TEXTS: Mapping[HTTPStatus, ErrorText] = {
    HTTPStatus.UNAUTHORIZED: ErrorText(
        "The token is missing, expired, or of another issuer or audience.", "Yes, with a new token.", "Sign in again."
    ),
    HTTPStatus.FORBIDDEN: ErrorText(
        "The request is not signed, its signature is wrong, or the signer may not call the API.",
        "No, unless the clock was wrong: then with a new signature.",
        "Sign for `execute-api` in the API's region, with `execute-api:Invoke` allowed.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ErrorText(
        "The body is larger than API Gateway or Lambda takes.", "No.", "Send fewer rows or shorter texts."
    ),
    HTTPStatus.TOO_MANY_REQUESTS: ErrorText(
        "More requests than `ThrottleRate` and `ThrottleBurst` allow.",
        "Yes, after 1 s; then after twice as long each time.",
        "Spread the requests. Operator: [docs/scaling.md](scaling.md).",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: ErrorText(
        "The function crashed or ran out of memory.", "Yes, once.", "Operator: look at the function's log and alarms."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: ErrorText(
        "The function gave no answer within 30 s, or no more of it may run at a time.",
        _LATER,
        "Operator: [docs/scaling.md](scaling.md#concurrency-of-an-account).",
    ),
}
"""Answers of API Gateway itself, by status; any endpoint may have them."""
