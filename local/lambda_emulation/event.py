"""Conversion of an HTTP request to a payload 2.0 event, and of a response back to HTTP.

The format is "Working with AWS Lambda proxy integrations for HTTP APIs" of the API Gateway developer guide.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from local.deployment.template import ACCOUNT, TemplateRoute

_WITHOUT_BODY = (204, 304)
_OF_THE_CONNECTION = ("connection", "content-length", "keep-alive", "transfer-encoding", "upgrade")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/javascript")


class MalformedAnswer(ValueError):
    """The function returned a value that is not an HTTP response."""


def build_event(request: Request, body: bytes, route: TemplateRoute, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The event that API Gateway would send; keys without content are absent, as there."""
    now = time.time()
    path = unquote(request.scope["raw_path"].decode("ascii"), errors="replace")
    headers = _joined(request.headers.items())
    cookies = headers.pop("cookie", "")
    text, encoded = _body_text(body, headers.get("content-type", ""))
    source = request.client.host if request.client else "127.0.0.1"
    port = request.url.port or 80
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": path,
        "rawQueryString": request.scope["query_string"].decode("ascii", "replace"),
        "cookies": [cookie.strip() for cookie in cookies.split(";") if cookie.strip()],
        "headers": {
            **headers,
            "x-amzn-trace-id": headers.get("x-amzn-trace-id", _trace_id(now)),
            "x-forwarded-for": source,
            "x-forwarded-port": str(port),
            "x-forwarded-proto": "http",
        },
        "queryStringParameters": _joined(parse_qsl(request.url.query, keep_blank_values=True)),
        "pathParameters": dict(parameters),
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": request.url.hostname or source,
            "domainPrefix": "local",
            "http": {
                "method": request.method,
                "path": path,
                "protocol": f"HTTP/{request.scope['http_version']}",
                "sourceIp": source,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": uuid4().hex[:16],
            "routeKey": route.key,
            "stage": "$default",
            "time": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now * 1000),
        },
        "body": text,
        "isBase64Encoded": encoded,
    }
    optional = ("cookies", "queryStringParameters", "pathParameters", "body")
    return {key: item for key, item in event.items() if item or key not in optional}


def build_response(payload: bytes) -> Response:
    """The HTTP response for a function's returned JSON. Raises MalformedAnswer.

    JSON without a `statusCode` is the body of a 200, as API Gateway infers it for payload 2.0.
    """
    try:
        answer = json.loads(payload)
    except ValueError as error:
        raise MalformedAnswer("not JSON") from error
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return Response(payload, media_type="application/json")
    status = _status(answer["statusCode"])
    response = Response(b"" if status in _WITHOUT_BODY else _body_bytes(answer), status)
    headers = answer.get("headers") or {}
    cookies = answer.get("cookies") or []
    if not isinstance(headers, dict) or not isinstance(cookies, list):
        raise MalformedAnswer("headers or cookies of another type")
    try:
        for name, value in headers.items():
            if name.lower() not in _OF_THE_CONNECTION:
                response.headers[_header_name(name)] = _header_text(value)
        for cookie in cookies:
            response.headers.append("set-cookie", _header_text(cookie))
    except (UnicodeEncodeError, AttributeError) as error:
        raise MalformedAnswer("a header that HTTP cannot carry") from error
    response.headers.setdefault("content-type", "text/plain; charset=utf-8")
    return response


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body_text(body: bytes, content_type: str) -> tuple[str, bool]:
    kind = content_type.partition(";")[0].strip().lower()
    if not kind or kind.startswith(_TEXT_TYPES) or kind.endswith(("+json", "+xml")):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def _trace_id(now: float) -> str:
    return f"Root=1-{int(now):08x}-{uuid4().hex[:24]}"


def _status(value: Any) -> int:  # noqa: ANN401  # whatever a function returned
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 200 <= value <= 599:
        raise MalformedAnswer(f"statusCode {value!r}")
    return value


def _body_bytes(answer: dict[str, Any]) -> bytes:
    body = answer.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise MalformedAnswer("the body is no string")
    if not answer.get("isBase64Encoded"):
        return body.encode(errors="replace")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedAnswer("the body is not base64") from error


def _header_name(name: str) -> str:
    if not _HEADER_NAME.fullmatch(name):
        raise MalformedAnswer("a header's name that HTTP cannot carry")
    return name


def _header_text(value: Any) -> str:  # noqa: ANN401  # whatever a function returned
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    if any(character in text for character in "\r\n\0"):
        raise MalformedAnswer("a line break in a header")
    return text
