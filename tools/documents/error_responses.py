"""The OpenAPI document's answers that are errors: the service's own with their codes, and those of API Gateway."""

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from oo.errors import RequestInvalid
from oo.runtime.http_gateway import Endpoint
from tools.documents.error_bodies import GatewayMessage, InvalidRequest
from tools.documents.error_codes import answered
from tools.documents.error_texts import GATEWAY_TEXTS, TEXTS

Schema = dict[str, Any]

HEADERS: Schema = {
    "x-trace-id": {
        "description": "The trace of this answer, as the service's logs name it: the caller's if `traceparent` has "
        "one. API Gateway's own answers have none.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    },
    "Retry-After": {
        "description": "Seconds after which a retry is worth it: always with `llm_rate_limited` and `circuit_open`, "
        "else if the proxy named a time.",
        "schema": {"type": "integer", "minimum": 1},
    },
}
"""Headers of answers by name."""

_SENT_WITH_TIME = frozenset({"llm_upstream_error", "llm_rate_limited", "circuit_open"})
TRACE_HEADER: Schema = {"x-trace-id": {"$ref": "#/components/headers/x-trace-id"}}
_RETRY_HEADER: Schema = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
_MORE_CODES = "Later versions may add codes: read one that you do not know as its status alone."


class ErrorResponses:
    """The errors of all endpoints. `reference` has `{model}` for the name of a schema."""

    def __init__(self, endpoints: Sequence[Endpoint], reference: str) -> None:
        self._codes = {endpoint: answered(endpoint) for endpoint in endpoints}
        self._reference = reference

    def of(self, endpoint: Endpoint) -> dict[HTTPStatus, Schema]:
        """The endpoint's answers by status, in order."""
        codes = self._codes[endpoint]
        no_body = set() if endpoint.request_type else {HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
        statuses = sorted({*codes, *GATEWAY_TEXTS} - no_body)
        return {status: self._response(endpoint, status, codes.get(status, [])) for status in statuses}

    def schemas(self) -> dict[str, Schema]:
        """The schemas of errors with a text as their detail, by name."""
        return {
            self._name(endpoint, status): _problem(self._name(endpoint, status), with_text)
            for endpoint, by_status in self._codes.items()
            for status, codes in by_status.items()
            if (with_text := [code for code in codes if code != RequestInvalid.code])
        }

    def _response(self, endpoint: Endpoint, status: HTTPStatus, codes: Sequence[str]) -> Schema:
        names = [InvalidRequest.__name__] if RequestInvalid.code in codes else []
        if set(codes) - {RequestInvalid.code}:
            names.append(self._name(endpoint, status))
        if status in GATEWAY_TEXTS:
            names.append(GatewayMessage.__name__)
        choices = [{"$ref": self._reference.format(model=name)} for name in names]
        schema = choices[0] if len(choices) == 1 else {"anyOf": choices}
        headers = {**(TRACE_HEADER if codes else {}), **(_RETRY_HEADER if _SENT_WITH_TIME & set(codes) else {})}
        return {
            "description": _description(status, codes),
            **({"headers": headers} if headers else {}),
            "content": {"application/json": {"schema": schema}},
        }

    def _name(self, endpoint: Endpoint, status: HTTPStatus) -> str:
        """One name for all endpoints with the codes that most of them have of that status."""
        sets = Counter(tuple(codes[status]) for codes in self._codes.values() if status in codes)
        is_usual = sets.most_common(1)[0][0] == tuple(self._codes[endpoint][status])
        return f"{'' if is_usual else endpoint.route.name.title()}Problem{status.value}"


def listed(codes: Sequence[str]) -> str:
    """A line for each code: its meaning, and whether and when a retry helps."""
    return "\n".join(f"- `{code}`: {TEXTS[code].meaning} Retry: {TEXTS[code].retry}" for code in codes)


def _description(status: HTTPStatus, codes: Sequence[str]) -> str:
    several = f"By its code: {', '.join(f'`{code}`' for code in codes)}."
    own = TEXTS[codes[0]].meaning if len(codes) == 1 else several if codes else ""
    if status not in GATEWAY_TEXTS:
        return own
    gateway = GATEWAY_TEXTS[status]
    told = f"API Gateway: {gateway.meaning} Retry: {gateway.retry}"
    return f"{own} Without a code, from {told}" if own else f"From {told}"


def _problem(name: str, codes: Sequence[str]) -> Schema:
    return {
        "properties": {
            "detail": {
                "type": "string",
                "title": "Detail",
                "description": "A sentence for people, without a user's data, a key or text of the proxy. At most 64 "
                "characters of an unknown id or version are repeated.",
            },
            "code": {
                "type": "string",
                "enum": list(codes),
                "title": f"{name}Code",
                "description": f"{listed(codes)}\n\n{_MORE_CODES}",
            },
        },
        "type": "object",
        "required": ["detail", "code"],
        "title": name,
        "description": "An error with its machine-readable code.",
    }
