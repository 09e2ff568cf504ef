"""docs/errors.md: every code of an error, by status and by queue record."""

from pathlib import Path

from oo.runtime.http_gateway import Endpoint
from tools.documents.error_codes import answered, http_codes
from tools.documents.error_texts import GATEWAY_TEXTS, RECORD_TEXTS, TEXTS
from tools.documents.openapi import ENDPOINTS

DOCUMENT = Path(__file__).parents[2] / "docs" / "errors.md"

_HEAD = """# Errors

Written by `make docs` from `tools/documents/error_texts.py` and from the tree in `layers/agents/oo/errors`.

An error has the body `{"detail": …, "code": "…"}`. Programs read `code`; people read `detail`, which never holds a
user's data, a key or text of the proxy. For `invalid_request`, `detail` is a list of objects with `type`, `loc` and
`msg`.

The header `x-trace-id` is in every answer of the service. Give it to the operator: the log has a line
`request_failed` with the same `trace_id`. `Retry-After` gives seconds.

A code never changes its meaning or its status. New versions may add codes: treat an unknown one by its status alone,
4xx as final and 5xx as worth one retry. The [OpenAPI document](openapi.json) lists the codes of each endpoint.

Operators change a parameter that this page names in the stage's file, then run `make deploy STAGE=…`.

## By code

| code | status | meaning | retry | what to do |
| --- | --- | --- | --- | --- |
"""
_ENDPOINTS = """
With `TipFallback=template`, `/recommend` answers 200 instead of each `llm_…` code, `circuit_open` and `deadline`:
`tip.source` is `template`, and `receipt.degraded_reason` holds the code.

## By endpoint

Every endpoint may also answer `internal_error`, and `invalid_event` if its function is called without API Gateway.
`not_found` and `method_not_allowed` are the answers to paths and methods that the service does not have.

| endpoint | codes |
| --- | --- |
"""
_GATEWAY = """
## Answers of API Gateway

These have the body `{"message": "…"}` without a `code`, and no `x-trace-id`: no function ran, or none answered. The
header `apigw-requestid` is the `request_id` in the access log.

| status | meaning | retry | what to do |
| --- | --- | --- | --- |
"""
_RECORDS = """
Under `make run` the local gateway adds two codes to such answers: `payload_too_large` (413) and `headers_too_large`
(431, headers of over 10,240 bytes).

## Codes of queue records

The log line `record_failed` has these in `error_code`. A record that is delivered again goes to the dead-letter queue
after 5 attempts (feedback: after 1,000). A record that no retry can mend goes there as well. [Redrive dead
letters](operations.md#redrive-dead-letters) says how to send them again.

| code | meaning | retry | what to do |
| --- | --- | --- | --- |
"""
_EVERYWHERE = frozenset({"internal_error", "invalid_event"})


def render() -> str:
    """The page as in the repository."""
    codes = [
        _row(f"`{code}`", str(status.value), *TEXTS[code], as_default="Retry.") for code, status in http_codes().items()
    ]
    gateway = [_row(str(status.value), *text) for status, text in GATEWAY_TEXTS.items()]
    records = [_row(f"`{code}`", *text, as_default="No.") for code, text in RECORD_TEXTS.items()]
    endpoints = [_row(_name(endpoint), _listed(endpoint)) for endpoint in ENDPOINTS]
    return (
        _HEAD
        + "".join(codes)
        + _ENDPOINTS
        + "".join(endpoints)
        + _GATEWAY
        + "".join(gateway)
        + _RECORDS
        + "".join(records)
    )


def _name(endpoint: Endpoint) -> str:
    return f"`{endpoint.route.method} {endpoint.route.path}`"


def _listed(endpoint: Endpoint) -> str:
    codes = [code for by_status in answered(endpoint).values() for code in by_status if code not in _EVERYWHERE]
    return ", ".join(f"`{code}`" for code in codes) or "no others"


def _row(*cells: str, as_default: str = "") -> str:
    return f"| {' | '.join(cell or as_default for cell in cells)} |\n"
