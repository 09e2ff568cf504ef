"""HTTP to events of payload format 2.0, and functions' answers to HTTP."""

import json
from typing import Any

import pytest
from starlette.requests import Request

from local.deployment.template import TemplateRoute
from local.lambda_emulation.event import MalformedAnswer, build_event, build_response
from testing.for_each import for_each

ROUTE = TemplateRoute("POST", "/agents/{agent_id}/compute", "ComputeFunction")


def _event(
    *, path: bytes = b"/agents/x/compute", query: bytes = b"", body: bytes = b"", **headers: str
) -> dict[str, Any]:
    """The event of a request; a header's underscores stand for dashes, its commas for repetition."""
    raw = [
        (name.replace("_", "-").encode(), value.encode())
        for name, values in headers.items()
        for value in values.split("|")
    ]
    scope = {
        "type": "http",
        "method": "POST",
        "raw_path": path,
        "path": path.decode(),
        "query_string": query,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 3000),
        "client": ("127.0.0.1", 50000),
        "headers": [(b"host", b"127.0.0.1:3000"), *raw],
    }
    return build_event(Request(scope), body, ROUTE, {"agent_id": "x"})


def test_an_event_is_of_payload_format_two() -> None:
    """Route, path, method, source and stage are where the format has them."""
    event = _event(user_agent="curl/8", body=b"{}", content_type="application/json")

    context = event["requestContext"]
    assert (event["version"], event["routeKey"], event["rawPath"]) == ("2.0", ROUTE.key, "/agents/x/compute")
    assert event["pathParameters"] == {"agent_id": "x"}
    assert context["http"] == {
        "method": "POST",
        "path": "/agents/x/compute",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "curl/8",
    }
    assert (context["stage"], context["routeKey"], context["accountId"]) == ("$default", ROUTE.key, "123456789012")
    assert isinstance(context["timeEpoch"], int)
    json.dumps(event)


def test_headers_are_in_lower_case_and_repeated_ones_joined() -> None:
    """Cookies are in a list of their own; API Gateway adds where the request came from."""
    event = _event(x_tag="a|b", cookie="one=1; two=2")

    assert event["headers"]["x-tag"] == "a,b"
    assert event["cookies"] == ["one=1", "two=2"]
    assert "cookie" not in event["headers"]
    assert (event["headers"]["x-forwarded-for"], event["headers"]["x-forwarded-port"]) == ("127.0.0.1", "3000")
    assert event["headers"]["x-amzn-trace-id"].startswith("Root=1-")


def test_a_query_is_given_raw_and_decoded() -> None:
    """Repeated names are joined by commas; a name without a value has an empty one."""
    event = _event(query=b"a=1&a=%C3%BC&empty")

    assert event["rawQueryString"] == "a=1&a=%C3%BC&empty"
    assert event["queryStringParameters"] == {"a": "1,ü", "empty": ""}


@for_each("key", ["body", "cookies", "queryStringParameters"])
def test_what_a_request_does_not_have_is_absent(key: str) -> None:
    """The key is left out rather than null."""
    assert key not in _event()


def test_a_path_is_decoded() -> None:
    """Bytes that are no UTF-8 are replaced, never raised about."""
    assert _event(path=b"/agents/%C3%BC%FF/compute")["rawPath"] == "/agents/ü\N{REPLACEMENT CHARACTER}/compute"


@for_each(
    ("content_type", "body", "text", "encoded"),
    [
        ("application/json", b'{"a": "\xc3\xbc"}', '{"a": "ü"}', False),
        ("application/problem+json; charset=utf-8", b"{}", "{}", False),
        ("text/plain", b"x", "x", False),
        ("", b"x", "x", False),
        ("application/octet-stream", b"x", "eA==", True),
        ("application/x-www-form-urlencoded", b"x", "eA==", True),
        ("application/json", b"\xff", "/w==", True),
    ],
)
def test_text_is_given_plain_and_everything_else_in_base64(
    content_type: str,
    body: bytes,
    text: str,
    encoded: bool,  # noqa: FBT001  # a case's expectation
) -> None:
    """The type decides, and bytes that are no UTF-8."""
    event = _event(body=body, content_type=content_type)

    assert (event["body"], event["isBase64Encoded"]) == (text, encoded)


def test_an_answer_becomes_http() -> None:
    """Status, headers, cookies and body are taken over."""
    response = build_response(
        json.dumps(
            {"statusCode": 201, "headers": {"X-A": "1", "x-flag": True}, "cookies": ["a=1", "b=2"], "body": "ü"}
        ).encode()
    )

    assert (response.status_code, response.body) == (201, "ü".encode())
    assert (response.headers["x-a"], response.headers["x-flag"]) == ("1", "true")
    assert response.headers.getlist("set-cookie") == ["a=1", "b=2"]
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_base64_body_is_decoded() -> None:
    """Binary answers come that way."""
    response = build_response(b'{"statusCode": 200, "body": "AAE=", "isBase64Encoded": true}')

    assert response.body == b"\x00\x01"


@for_each("payload", [b'{"hello": 1}', b"[1]", b'"x"', b"null"])
def test_json_without_a_status_is_the_body_of_a_200(payload: bytes) -> None:
    """API Gateway infers that for this format."""
    response = build_response(payload)

    assert (response.status_code, response.body) == (200, payload)
    assert response.headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_that_has_no_body_loses_it(status: int) -> None:
    """HTTP allows none there."""
    assert build_response(json.dumps({"statusCode": status, "body": "x"}).encode()).body == b""


@for_each(
    "answer",
    [
        b"no json",
        b'{"statusCode": 199}',
        b'{"statusCode": 600}',
        b'{"statusCode": "ok"}',
        b'{"statusCode": true}',
        b'{"statusCode": 200, "body": {}}',
        b'{"statusCode": 200, "headers": ["a"]}',
        b'{"statusCode": 200, "cookies": "a=1"}',
        b'{"statusCode": 200, "headers": {"a b": "1"}}',
        b'{"statusCode": 200, "headers": {"a": "1\\r\\nb: 2"}}',
        b'{"statusCode": 200, "headers": {"a": "\\u2028"}}',
        b'{"statusCode": 200, "body": "?", "isBase64Encoded": true}',
    ],
)
def test_what_is_no_http_answer_is_refused(answer: bytes) -> None:
    """The gateway makes a 500 of it."""
    with pytest.raises(MalformedAnswer):
        build_response(answer)


def test_headers_of_the_connection_are_not_the_functions_to_set() -> None:
    """A wrong length would break the connection."""
    response = build_response(b'{"statusCode": 200, "headers": {"Content-Length": "99"}, "body": "x"}')

    assert response.headers["content-length"] == "1"
