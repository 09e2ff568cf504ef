"""API Gateway in, contract out: one route, one validation, one table of errors.

Bodies are parsed strictly before they are validated (`strict_json`), every error has the contract's body, and every
answer has the header `x-trace-id`.
"""

import base64
import binascii
import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.utilities.typing import LambdaContext

from oo.contract import strict_json
from oo.contract.events import HttpEvent, kind_of
from oo.contract.fields import Body
from oo.contract.limits import LARGEST_ANSWER_BYTES, MAX_BODY_BYTES
from oo.contract.routes import ROUTES, Route
from oo.deadline import Deadline, budget_s
from oo.errors import (
    AgentFailed,
    ConfigError,
    FeedbackUnavailable,
    Forbidden,
    InvalidEvent,
    LLMError,
    LLMUnavailable,
    MethodNotAllowed,
    PayloadTooLarge,
    RequestInvalid,
    RouteNotFound,
    ServiceError,
    UnknownAgent,
    UnknownPromptVersion,
    UnsupportedMediaType,
    config_facts,
)
from oo.request_context import RequestContext
from oo.telemetry.frames import own_frame
from oo.telemetry.instrumentation import Handler, Shim
from oo.telemetry.spans import Trace
from oo.telemetry.traceparent import caller_trace_id
from oo.validation.models import ValidationError

Operation = Callable[..., Body]
"""Called as `operation(request, context, **path)`; `request` is None if the route has no request body."""

STATUS: Mapping[type[ServiceError], HTTPStatus] = {
    InvalidEvent: HTTPStatus.BAD_REQUEST,
    Forbidden: HTTPStatus.FORBIDDEN,
    RequestInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    PayloadTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    RouteNotFound: HTTPStatus.NOT_FOUND,
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    UnknownAgent: HTTPStatus.NOT_FOUND,
    UnknownPromptVersion: HTTPStatus.UNPROCESSABLE_ENTITY,
    AgentFailed: HTTPStatus.INTERNAL_SERVER_ERROR,
    ConfigError: HTTPStatus.SERVICE_UNAVAILABLE,
    FeedbackUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    LLMUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    LLMError: HTTPStatus.BAD_GATEWAY,
}
"""The status of each branch of the error tree; the nearest ancestor that is listed counts. Everything else is a 500."""

_HEADERS = {"Content-Type": "application/json", "x-content-type-options": "nosniff", "cache-control": "no-store"}
_TOO_LONG_ANSWER = f"The answer repeats more of the input than fits into {LARGEST_ANSWER_BYTES} bytes"
_WRITER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, allow_nan=False)
_JSON_TYPE = re.compile(r"application/json\s*(;.*)?", re.IGNORECASE)


class Endpoint(NamedTuple):
    """One route of the contract: its bodies and its sentence in the OpenAPI document.

    `request_type` is None if the route has no request body; `status` is that of a success.
    """

    route: Route
    request_type: type[Body] | None
    response_type: type[Body]
    summary: str
    status: HTTPStatus = HTTPStatus.OK


class HttpGateway:
    """One function's HTTP handler: `operation` answers the requests of `endpoint`.

    `llm_budget_s` is the longest time in seconds for a request, even if Lambda allows more. If `user_claim` names a
    claim, that claim of the caller's token must equal the body's `user_id`. `default_zone` is the zone of users whose
    data contain none. Nothing of a request is stored.
    """

    def __init__(
        self,
        shim: Shim,
        endpoint: Endpoint,
        operation: Operation,
        *,
        llm_budget_s: float,
        user_claim: str = "",
        default_zone: tzinfo | None = None,
    ) -> None:
        self._shim = shim
        self._endpoint = endpoint
        self._operation = operation
        self._llm_budget_s = llm_budget_s
        self._user_claim = user_claim
        self._default_zone = default_zone
        self.handler: Handler = shim.wrap(self._handle)

    def _handle(self, event: object, context: LambdaContext) -> dict[str, Any]:
        http = HttpEvent.read(event)
        with self._shim.trace(caller_trace_id(http.headers.get("traceparent")) if http else None) as trace:
            try:
                if http is None:
                    raise InvalidEvent(kind_of(event))  # noqa: TRY301  # answered like every other error
                answer = self._answer(http, context, trace)
            except Exception as error:  # noqa: BLE001  # the runtime must see an answer after any fault
                answer = self._answer_error(error)
            answer["headers"]["x-trace-id"] = trace.correlation_id
            return answer

    def _answer(self, http: HttpEvent, context: LambdaContext, trace: Trace) -> dict[str, Any]:
        text = _admitted(http)
        path = self._path_parameters(http)
        request = None
        if self._endpoint.request_type is not None:
            request = _read(text, self._endpoint.request_type)
            self._require_own(request, http)
        response = self._operation(request, self._request_context(http, context, trace), **path)
        answer = _written(self._endpoint.status, response.model_dump(mode="json"), {})
        if len(answer["body"]) > LARGEST_ANSWER_BYTES:
            raise RequestInvalid([strict_json.problem_at_body("too_long", _TOO_LONG_ANSWER)])
        return answer

    def _request_context(self, http: HttpEvent, context: LambdaContext, trace: Trace) -> RequestContext:
        seconds = budget_s(
            lambda_remaining_s=context.get_remaining_time_in_millis() / 1000,
            gateway_elapsed_s=None if http.arrived_ms is None else time.time() - http.arrived_ms / 1000,
            llm_budget_s=self._llm_budget_s,
        )
        return RequestContext(datetime.now(UTC), Deadline.after(seconds), trace, self._default_zone)

    def _path_parameters(self, http: HttpEvent) -> dict[str, str]:
        """The path parameters of a request for this endpoint. Raises RouteNotFound or MethodNotAllowed.

        The gateway's own choice counts: its path may have a stage as a prefix, and its parameters are decoded. A
        request by `$default` has none.
        """
        chosen = next((route for route in ROUTES if http.route_key == f"{route.method} {route.path}"), None)
        parameters = _parameters(self._endpoint.route, chosen, http)
        if parameters is not None:
            return parameters
        allowed = tuple(route.method for route in ROUTES if route.parameters(http.path) is not None)
        raise MethodNotAllowed(allowed) if allowed and http.method not in allowed else RouteNotFound

    def _require_own(self, body: Body, http: HttpEvent) -> None:
        """Reject a token of another user than the body's."""
        if not self._user_claim:
            return
        claim = http.claims.get(self._user_claim)
        if isinstance(claim, bool) or not isinstance(claim, str | int) or str(claim) != getattr(body, "user_id", None):
            raise Forbidden

    def _answer_error(self, error: Exception) -> dict[str, Any]:
        """The contract's answer to an error, and its log line. The text of an unexpected error is not sent."""
        status = _status(error)
        code, detail = _described(error)
        log = self._shim.logger.error if status >= HTTPStatus.INTERNAL_SERVER_ERROR else self._shim.logger.info
        if isinstance(error, InvalidEvent):
            log = self._shim.logger.warning
        log("request_failed", code=code, status=int(status), error_type=type(error).__name__, **_facts(error, code))
        return _written(status, {"detail": detail, "code": code}, _response_headers(error))


def _parameters(route: Route, chosen: Route | None, http: HttpEvent) -> dict[str, str] | None:
    """The parameters of a request for `route`, None if it is for another one."""
    if chosen is None:
        return route.parameters(http.path) if route.method == http.method else None
    if route != chosen:
        return None
    named = route.named(http.parameters)
    return route.parameters(http.path) if named is None else named


def _status(error: Exception) -> HTTPStatus:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)


def _described(error: Exception) -> tuple[str, object]:
    """The answer's `code` and `detail`."""
    if isinstance(error, RequestInvalid):
        return error.code, error.errors
    if isinstance(error, ServiceError):
        return error.code, str(error)
    return ServiceError.code, "Internal error"


def _facts(error: Exception, code: str) -> dict[str, Any]:
    """The fields of an error's log line: no text of a user, a model or the proxy."""
    facts = {name: getattr(error, name, None) for name in ("agent_id", "event_kind")}
    facts |= getattr(error, "proxy_words", {})
    facts["frame"] = own_frame(error) if code in (ServiceError.code, AgentFailed.code) else None
    return {name: fact for name, fact in facts.items() if fact is not None} | config_facts(error)


def _response_headers(error: Exception) -> dict[str, str]:
    """Response headers for an error: Retry-After, Allow."""
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is not None:
        return {"Retry-After": str(max(1, round(retry_after_s)))}
    if isinstance(error, MethodNotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    return {}


def _admitted(http: HttpEvent) -> str:
    """The body's text. Raises UnsupportedMediaType and PayloadTooLarge for a body that is not to be parsed."""
    body = http.body
    if body and not _JSON_TYPE.fullmatch(http.headers.get("content-type", "application/json").strip()):
        raise UnsupportedMediaType
    encoding = http.headers.get("content-encoding", "").strip()
    if body and encoding.lower() not in ("", "identity"):
        raise UnsupportedMediaType(encoding)
    if http.is_base64:
        body = _decoded(body)
    # One character has at least one byte, so the bytes of a text that is too long need not be counted.
    if len(body) > MAX_BODY_BYTES:
        raise PayloadTooLarge(MAX_BODY_BYTES)
    return body


def _decoded(body: str) -> str:
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(body, validate=True).decode()
    raise RequestInvalid([strict_json.problem_at_body("base64", "Input should be valid base64 of UTF-8 text")])


def _read(text: str, body: type[Body]) -> Body:
    if not text:
        raise RequestInvalid([strict_json.problem_at_body("missing", "Field required")])
    value = strict_json.parse(text)
    if not isinstance(value, dict):
        raise RequestInvalid([strict_json.problem_at_body("dict_type", "Input should be an object")])
    try:
        return body.model_validate(value)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestInvalid(strict_json.problems(problems, at=("body",))) from None


def _written(status: HTTPStatus, body: object, headers: Mapping[str, str]) -> dict[str, Any]:
    """An answer in API Gateway's format.

    ASCII only: the runtime writes UTF-8, and a character that it cannot write would crash the sandbox.
    """
    return {
        "statusCode": status.value,
        "headers": {**_HEADERS, **headers},
        "body": _WRITER.encode(body),
        "isBase64Encoded": False,
        "cookies": [],
    }
