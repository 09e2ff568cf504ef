"""The Runtime and Extensions API reject the same requests as Lambda."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from local.deployment.template import Function
from local.lambda_emulation.runtime import Failure, FunctionAnswer, Invocation, RuntimeApi

FUNCTION = Function("F", Path(), "app.handler", 3, 128, "python3.13", {})
REGISTER = "/2020-01-01/extension/register"
NEXT = "/2018-06-01/runtime/invocation/next"
Story = Callable[[RuntimeApi, httpx.AsyncClient], Awaitable[httpx.Response]]


def ask(story: Story) -> httpx.Response:
    """The last answer of a story told to an API of its own."""

    async def tell() -> httpx.Response:
        api = RuntimeApi(FUNCTION)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(api.app), base_url="http://runtime") as client:
            return await story(api, client)

    return asyncio.run(tell())


def register(client: httpx.AsyncClient, *events: str, name: str = "after") -> Awaitable[httpx.Response]:
    """Register an extension for events."""
    return client.post(REGISTER, json={"events": events}, headers={"Lambda-Extension-Name": name})


def test_an_extension_is_registered_with_an_identifier() -> None:
    """The answer names the function."""
    response = ask(lambda _, client: register(client, "INVOKE"))

    assert (response.status_code, response.json()["functionName"]) == (200, "F")
    assert response.headers["Lambda-Extension-Identifier"]


@pytest.mark.parametrize(("events", "name"), [(["SHUTDOWN"], "after"), (["INVOKE"], "")])
def test_an_extension_inside_the_process_hears_of_invocations_only(events: list[str], name: str) -> None:
    """And it has to have a name."""
    assert ask(lambda _, client: register(client, *events, name=name)).status_code == 400


def test_an_extension_that_registers_after_init_is_refused() -> None:
    """Init is over when the runtime asks for its first event."""

    async def story(api: RuntimeApi, client: httpx.AsyncClient) -> httpx.Response:
        asking = asyncio.ensure_future(client.get(NEXT))
        await api.settled()
        response = await register(client, "INVOKE")
        api.close()
        assert (await asking).status_code == 410
        return response

    assert ask(story).status_code == 403


def test_an_unknown_extension_gets_no_events() -> None:
    """Its identifier is not one that was given out."""
    headers = {"Lambda-Extension-Identifier": "nobody"}

    assert ask(lambda _, client: client.get("/2020-01-01/extension/event/next", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    ("end", "answer"),
    [("response", FunctionAnswer(b"{}")), ("error", FunctionAnswer(b"{}", Failure.HANDLER))],
)
def test_an_answer_is_taken_once_and_for_the_running_call_only(end: str, answer: FunctionAnswer) -> None:
    """Another request id, and a second answer, are refused."""

    async def story(api: RuntimeApi, client: httpx.AsyncClient) -> httpx.Response:
        future = api.invoke(Invocation(b"{}", 0, request_id="r1"))
        got = await client.get(NEXT)
        path = "/2018-06-01/runtime/invocation/{}/" + end
        assert got.headers["Lambda-Runtime-Aws-Request-Id"] == "r1"
        assert (await client.post(path.format("other"), content=b"{}")).status_code == 400
        assert (await client.post(path.format("r1"), content=b"{}")).status_code == 202
        assert await future == answer
        return await client.post(path.format("r1"), content=b"{}")

    assert ask(story).status_code == 400


def test_an_extension_is_told_what_the_runtime_is_told() -> None:
    """The same id, deadline and trace."""

    async def story(api: RuntimeApi, client: httpx.AsyncClient) -> httpx.Response:
        identifier = (await register(client, "INVOKE")).headers["Lambda-Extension-Identifier"]
        invocation = Invocation(b"{}", 1234, request_id="r1")
        api.invoke(invocation).cancel()
        headers = {"Lambda-Extension-Identifier": identifier}
        response = await client.get("/2020-01-01/extension/event/next", headers=headers)
        assert response.json()["tracing"]["value"] == invocation.trace
        return response

    event = json.loads(ask(story).content)

    assert (event["eventType"], event["requestId"], event["deadlineMs"]) == ("INVOKE", "r1", 1234)
