"""API Gateway in, contract out: one route, one validation, one table of errors.

Built on Powertools' HTTP resolver. What it leaves open is closed here: bodies are read strictly before validation
(`payload`), every error has the contract's body, and every answer carries `x-trace-id`.
"""

import base64
import binascii
import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from oo import payload
from oo.call import Call
from oo.contract.limits import MAX_BODY_BYTES
from oo.contract.problems import InvalidRequest as InvalidRequestBody
from oo.contract.problems import Problem
from oo.contract.routes import COMPUTE, INFER, ROUTES, Route
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
from oo.telemetry.spans import Trace, current_trace
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

_DESCRIPTIONS = {
    HTTPStatus.NOT_FOUND: "The agent does not exist.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is over the limit.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not JSON by its content type.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The body is not usable.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "An agent or this service failed.",
    HTTPStatus.BAD_GATEWAY: "The model's proxy answered with an error, or with nothing usable.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The model's proxy cannot be reached in time, or a setting is missing.",
}

_HEADERS = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
_JSON_TYPE = re.compile(r"application/json\s*(;.*)?", re.IGNORECASE)


class Gateway:
    """One function's HTTP side. `budget_s` is the longest that a request may take, whatever Lambda allows."""

    def __init__(self, shim: Shim, budget_s: float = 25) -> None:
        self.shim = shim
        self._budget_s = budget_s
        self._event: dict[str, Any] = {}
        self._context: LambdaContext | None = None
        # ASCII only: the runtime writes UTF-8, and a character that it cannot write would end the sandbox.
        serializer = partial(json.dumps, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        self.resolver = APIGatewayHttpResolver(
            enable_validation=True, serializer=serializer, json_body_deserializer=_read_object
        )
        self.resolver.exception_handler(NotFoundError)(self._no_route)
        self.resolver.exception_handler(RequestValidationError)(self._invalid)
        self.resolver.exception_handler(Exception)(self._answer_error)
        self.handler: Handler = shim.wrap(self._handle)

    def route(self, route: Route) -> Callable[[Operation], Operation]:
        """Answer `route` with the decorated function; its annotations are the bodies of request and answer."""
        rule = route.path.replace("{", "<").replace("}", ">")

        def register(operation: Operation) -> Operation:
            self.resolver.route(
                rule,
                route.method,
                operation_id=route.name,
                summary=operation.__doc__,
                responses=_documented_answers(route),
            )(operation)
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
                self._event, self._context = _admitted(event, headers), context
                answer = self.resolver.resolve(self._event, context)
            except Exception as error:  # noqa: BLE001  # the runtime must see an answer, whatever went wrong
                answer = _plain(self._answer_error(error))
            finally:
                self._context = None
            return _with_headers(answer, trace)

    def _no_route(self, _: NotFoundError) -> Response[str]:
        method = self._event["requestContext"]["http"]["method"]
        path = self._event["rawPath"]
        allowed = tuple(route.method for route in ROUTES if route.matches(path))
        if method in allowed:
            # Powertools matches a narrower alphabet than a path segment has; no agent's id lies outside of it.
            agent_id = next((path.split("/")[2] for route in (COMPUTE, INFER) if route.matches(path)), None)
            return self._answer_error(UnknownAgent(agent_id) if agent_id else RouteNotFound())
        return self._answer_error(MethodNotAllowed(allowed) if allowed else RouteNotFound())

    def _invalid(self, error: RequestValidationError) -> Response[str]:
        return self._answer_error(InvalidRequest(payload.problems(error.errors())))

    def _answer_error(self, error: Exception) -> Response[str]:
        """The contract's answer to an error, and its line in the log. No text of an unforeseen error gets out."""
        status = _status(error)
        code, detail = _described(error)
        log = self.shim.logger.error if status >= HTTPStatus.INTERNAL_SERVER_ERROR else self.shim.logger.info
        log("request_failed", code=code, status=int(status), error_type=type(error).__name__, **_facts(error))
        return Response(
            status_code=int(status),
            content_type=content_types.APPLICATION_JSON,
            headers=_hints(error),
            body=json.dumps({"detail": detail, "code": code}),
        )


def _documented_answers(route: Route) -> dict[int, OpenAPIResponse]:
    """What OpenAPI says of a route's answers: one that takes a body may answer with any status of the table."""
    statuses = {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE}
    if route.method == "POST":
        statuses |= set(STATUS.values()) - {HTTPStatus.METHOD_NOT_ALLOWED}
    answered: OpenAPIResponse = {"description": HTTPStatus.OK.phrase}  # without content: the operation's own answer
    return {HTTPStatus.OK.value: answered} | {
        status.value: {
            "description": _DESCRIPTIONS[status],
            "content": {
                content_types.APPLICATION_JSON: {
                    "model": InvalidRequestBody if status is HTTPStatus.UNPROCESSABLE_ENTITY else Problem
                }
            },
        }
        for status in sorted(statuses)
    }


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


def _hints(error: Exception) -> dict[str, str | list[str]]:
    """What helps the caller's next move: when to come back, what the path allows."""
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is not None:
        return {"Retry-After": str(max(1, round(retry_after_s)))}
    if isinstance(error, MethodNotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    return {}


def _read_object(text: str) -> dict[str, Any]:
    value = payload.parse(text)
    if not isinstance(value, dict):
        raise InvalidRequest([payload.problem_at_body("dict_type", "Input should be an object")])
    return value


def _admitted(event: dict[str, Any], headers: dict[str, Any]) -> dict[str, Any]:
    """The event with a plain body, or the error of a body that need not be read any further."""
    body = event.get("body") or ""
    if body and not _JSON_TYPE.fullmatch(str(headers.get("content-type", "application/json")).strip()):
        raise UnsupportedMediaType
    if event.get("isBase64Encoded"):
        body = _decoded(body)
    # One character takes at least one byte, so this spares counting the bytes of what is too long anyway.
    if len(body) > MAX_BODY_BYTES:
        raise PayloadTooLarge(MAX_BODY_BYTES)
    return {
        **event,
        "headers": {**headers, "content-type": content_types.APPLICATION_JSON},
        "body": body,
        "isBase64Encoded": False,
    }


def _decoded(body: str) -> str:
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(body, validate=True).decode()
    raise InvalidRequest([payload.problem_at_body("base64", "Input should be valid base64 of UTF-8 text")])


def _plain(response: Response[str]) -> dict[str, Any]:
    return {
        "statusCode": response.status_code,
        "headers": {"Content-Type": content_types.APPLICATION_JSON, **response.headers},
        "body": response.body,
        "isBase64Encoded": False,
        "cookies": [],
    }


def _with_headers(answer: dict[str, Any], trace: Trace) -> dict[str, Any]:
    answer["headers"] = {**answer.get("headers", {}), **_HEADERS, "x-trace-id": trace.correlation_id}
    return answer
