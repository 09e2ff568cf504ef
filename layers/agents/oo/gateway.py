"""API Gateway in, contract out: one route, one validation, one table of errors.

Bodies are read strictly before they are validated (`payload`), every error has the contract's body, and every answer
carries `x-trace-id`.
"""

import base64
import binascii
import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from oo import payload
from oo.call import Call
from oo.contract.fields import Body
from oo.contract.limits import MAX_BODY_BYTES
from oo.contract.routes import ROUTES, Route
from oo.deadline import Deadline, budget_s
from oo.errors import (
    AgentFailed,
    ConfigError,
    InvalidRequest,
    LLMError,
    LLMUnavailable,
    MethodNotAllowed,
    PayloadTooLarge,
    RouteNotFound,
    ServiceError,
    UnknownAgent,
    UnknownPromptVersion,
    UnsupportedMediaType,
)
from oo.telemetry.shim import Handler, Shim
from oo.telemetry.spans import current_trace
from oo.telemetry.traceparent import caller_trace_id

Operation = TypeVar("Operation", bound=Callable[..., Any])

STATUS: Mapping[type[ServiceError], HTTPStatus] = {
    InvalidRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    PayloadTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    RouteNotFound: HTTPStatus.NOT_FOUND,
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    UnknownAgent: HTTPStatus.NOT_FOUND,
    UnknownPromptVersion: HTTPStatus.UNPROCESSABLE_ENTITY,
    AgentFailed: HTTPStatus.INTERNAL_SERVER_ERROR,
    ConfigError: HTTPStatus.SERVICE_UNAVAILABLE,
    LLMUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    LLMError: HTTPStatus.BAD_GATEWAY,
}
"""The status of each branch of the error tree; the nearest ancestor that is listed counts. Everything else is a 500."""

_HEADERS = {"Content-Type": "application/json", "x-content-type-options": "nosniff", "cache-control": "no-store"}
_JSON_TYPE = re.compile(r"application/json\s*(;.*)?", re.IGNORECASE)


class Endpoint(NamedTuple):
    """What answers a route: called with the path's parameters and, where the route takes a body, with `request`."""

    route: Route
    operation: Callable[..., Body]
    body: type[Body] | None


class Gateway:
    """One function's HTTP side. `budget_s` is the longest that a request may take, whatever Lambda allows."""

    def __init__(self, shim: Shim, budget_s: float = 25) -> None:
        self.shim = shim
        self.endpoints: list[Endpoint] = []
        self._budget_s = budget_s
        self._event: dict[str, Any] = {}
        self._context: LambdaContext | None = None
        self.handler: Handler = shim.wrap(self._handle)

    def route(self, route: Route) -> Callable[[Operation], Operation]:
        """Answer `route` with the decorated function; its annotations are the bodies of request and answer."""

        def register(operation: Operation) -> Operation:
            self.endpoints.append(Endpoint(route, operation, operation.__annotations__.get("request")))
            return operation

        return register

    def call(self) -> Call:
        """The request at hand: its moment, the time that is left for it, its trace."""
        trace = current_trace()
        if trace is None or self._context is None:
            raise RuntimeError("No request is being answered")
        arrived_ms = self._event.get("requestContext", {}).get("timeEpoch")
        seconds = budget_s(
            lambda_remaining_s=self._context.get_remaining_time_in_millis() / 1000,
            gateway_elapsed_s=time.time() - arrived_ms / 1000 if isinstance(arrived_ms, int | float) else None,
            llm_budget_s=self._budget_s,
        )
        return Call(now=datetime.now(UTC), deadline=Deadline.after(seconds), trace=trace)

    def _handle(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        headers = {str(name).lower(): value for name, value in (event.get("headers") or {}).items()}
        with self.shim.trace(caller_trace_id(headers.get("traceparent"))) as trace:
            try:
                self._event, self._context = event, context
                answer = self._answer(event, headers)
            except Exception as error:  # noqa: BLE001  # the runtime must see an answer, whatever went wrong
                answer = self._answer_error(error)
            finally:
                self._context = None
            answer["headers"]["x-trace-id"] = trace.correlation_id
            return answer

    def _answer(self, event: dict[str, Any], headers: Mapping[str, Any]) -> dict[str, Any]:
        text = _admitted(event, headers)
        endpoint, arguments = self._endpoint(event["requestContext"]["http"]["method"], event["rawPath"])
        if endpoint.body is not None:
            arguments["request"] = _read(text, endpoint.body)
        return _written(HTTPStatus.OK, endpoint.operation(**arguments).model_dump(mode="json"), {})

    def _endpoint(self, method: str, path: str) -> tuple[Endpoint, dict[str, Any]]:
        """What answers the request, and the parameters in its path."""
        for endpoint in self.endpoints:
            parameters = endpoint.route.parameters(path)
            if endpoint.route.method == method and parameters is not None:
                return endpoint, {**parameters}
        allowed = tuple(route.method for route in ROUTES if route.parameters(path) is not None)
        raise MethodNotAllowed(allowed) if allowed and method not in allowed else RouteNotFound

    def _answer_error(self, error: Exception) -> dict[str, Any]:
        """The contract's answer to an error, and its line in the log. No text of an unforeseen error gets out."""
        status = _status(error)
        code, detail = _described(error)
        log = self.shim.logger.error if status >= HTTPStatus.INTERNAL_SERVER_ERROR else self.shim.logger.info
        log("request_failed", code=code, status=int(status), error_type=type(error).__name__, **_facts(error))
        return _written(status, {"detail": detail, "code": code}, _hints(error))


def _status(error: Exception) -> HTTPStatus:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)


def _described(error: Exception) -> tuple[str, object]:
    """The answer's `code` and `detail`."""
    if isinstance(error, InvalidRequest):
        return error.code, error.errors
    if isinstance(error, ServiceError):
        return error.code, str(error)
    return ServiceError.code, "Internal error"


def _facts(error: Exception) -> dict[str, Any]:
    """What of an error a log line may hold beside its type: no text of a user's, a model's or the proxy's."""
    facts = {name: getattr(error, name, None) for name in ("agent_id", "proxy_type")}
    return {name: fact for name, fact in facts.items() if fact is not None}


def _hints(error: Exception) -> dict[str, str]:
    """What helps the caller's next move: when to come back, what the path allows."""
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is not None:
        return {"Retry-After": str(max(1, round(retry_after_s)))}
    if isinstance(error, MethodNotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    return {}


def _admitted(event: Mapping[str, Any], headers: Mapping[str, Any]) -> str:
    """The body's text, or the error of a body that need not be read any further."""
    body = event.get("body") or ""
    if body and not _JSON_TYPE.fullmatch(str(headers.get("content-type", "application/json")).strip()):
        raise UnsupportedMediaType
    if event.get("isBase64Encoded"):
        body = _decoded(body)
    # One character takes at least one byte, so this spares counting the bytes of what is too long anyway.
    if len(body) > MAX_BODY_BYTES:
        raise PayloadTooLarge(MAX_BODY_BYTES)
    return str(body)


def _decoded(body: str) -> str:
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(body, validate=True).decode()
    raise InvalidRequest([payload.problem_at_body("base64", "Input should be valid base64 of UTF-8 text")])


def _read(text: str, body: type[Body]) -> Body:
    if not text:
        raise InvalidRequest([payload.problem_at_body("missing", "Field required")])
    value = payload.parse(text)
    if not isinstance(value, dict):
        raise InvalidRequest([payload.problem_at_body("dict_type", "Input should be an object")])
    try:
        return body.model_validate(value)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise InvalidRequest(payload.problems(problems, at=("body",))) from None


def _written(status: HTTPStatus, body: object, headers: Mapping[str, str]) -> dict[str, Any]:
    """An answer as API Gateway takes it.

    ASCII only: the runtime writes UTF-8, and a character that it cannot write would end the sandbox.
    """
    return {
        "statusCode": status.value,
        "headers": {**_HEADERS, **headers},
        "body": json.dumps(body, separators=(",", ":"), ensure_ascii=True, allow_nan=False),
        "isBase64Encoded": False,
        "cookies": [],
    }
