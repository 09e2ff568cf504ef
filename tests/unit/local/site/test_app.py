"""The local server in front of the gateway."""

import asyncio
import io
import json
from typing import Any

import httpx

from local.deployment.template import TemplateRoute
from local.lambda_emulation.gateway import LocalGateway
from local.lambda_emulation.runtime import FunctionAnswer
from local.site.app import LocalSite
from local.site.pages import LocalPages
from local.terminal import Terminal
from testing.for_each import for_each


def ask(path: str, answer: dict[str, Any], *, for_a_person: bool = True) -> tuple[httpx.Response, str]:
    """The response to a GET where the function answers so, and the printed line. A call takes 44 ms."""

    async def invoke(function: str, event: bytes) -> FunctionAnswer:
        return FunctionAnswer(json.dumps(answer).encode())

    async def story() -> tuple[httpx.Response, str]:
        printed, times = io.StringIO(), iter([1.0, 1.044])
        gateway = LocalGateway([TemplateRoute("$default", "$default", "F")], invoke)
        site = LocalSite(
            gateway, LocalPages(""), Terminal(printed, {}), for_a_person=for_a_person, clock=times.__next__
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://local.test") as client:
            return await client.get(path), printed.getvalue()

    return asyncio.run(story())


def test_an_answer_is_readable_and_leaves_a_line() -> None:
    """Its headers are the function's, but for the length."""
    headers = {"content-type": "application/json", "x-trace-id": "abc"}
    response, line = ask("/a%20b", {"statusCode": 404, "headers": headers, "body": '{"code":"not_found"}'})

    assert response.text == '{\n  "code": "not_found"\n}\n'
    assert (response.status_code, response.headers["x-trace-id"]) == (404, "abc")
    assert line == "GET /a%20b 404 44 ms trace=abc code=not_found\n"


@for_each(("kind", "body"), [("text/plain", '{"a":1}'), ("application/json", "no json")])
def test_a_body_that_is_no_json_is_as_it_was(kind: str, body: str) -> None:
    """It is neither read nor changed."""
    response, line = ask("/x", {"statusCode": 200, "headers": {"content-type": kind}, "body": body})

    assert (response.text, line) == (body, "GET /x 200 44 ms\n")


def test_a_program_gets_the_functions_own_bytes() -> None:
    """And no line of a caller's path."""
    answer = {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": '{"a":1}'}
    response, line = ask("/x", answer, for_a_person=False)

    assert (response.text, line) == ('{"a":1}', "")


def test_a_page_leaves_no_line() -> None:
    """No function has run."""
    response, line = ask("/docs", {"statusCode": 500})

    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert line == ""
