"""The gateway over real connections: routing, limits, and the responses of failing functions."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from local.deployment.template import TemplateRoute
from local.lambda_emulation.gateway import LocalGateway
from local.lambda_emulation.listener import Listener, bind
from local.lambda_emulation.pool import Throttled
from local.lambda_emulation.runtime import Failure, FunctionAnswer
from testing.waiting import PATIENCE_S

ROUTES = [
    TemplateRoute("GET", "/health", "Health"),
    TemplateRoute("$default", "$default", "Default"),
    TemplateRoute("GET", "/agents/registry", "Registry"),
    TemplateRoute("GET", "/agents/{agent_id}", "Agent"),
    TemplateRoute("POST", "/agents/{agent_id}/compute", "Compute"),
    TemplateRoute("ANY", "/files/{path+}", "Files"),
]
Invoke = Callable[[str, bytes], Awaitable[FunctionAnswer]]


async def tell(function: str, event: bytes) -> FunctionAnswer:
    """A function that answers with its name, its parameters and the length of its body."""
    document = json.loads(event)
    told = [function, document.get("pathParameters"), len(document.get("body", ""))]
    return FunctionAnswer(json.dumps({"statusCode": 200, "body": json.dumps(told)}).encode())


@asynccontextmanager
async def served(invoke: Invoke = tell, **options: float) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway in front of `invoke`."""
    listener = Listener(LocalGateway(ROUTES, invoke, **options), bind(0, name="PORT"))
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.port}", trust_env=False) as client:
            yield client
    finally:
        await listener.stop()


def ask(method: str, path: str, invoke: Invoke = tell, timeout: float = 30, **request: Any) -> httpx.Response:
    """One request to a gateway of its own."""

    async def story() -> httpx.Response:
        async with served(invoke, timeout=timeout) as client:
            return await client.request(method, path, **request)

    return asyncio.run(story())


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/health", ["Health", None]),
        ("POST", "/health", ["Default", None]),
        ("GET", "/agents/registry", ["Registry", None]),
        ("GET", "/agents/other", ["Agent", {"agent_id": "other"}]),
        ("POST", "/agents/a%2Fb%20c/compute", ["Compute", {"agent_id": "a/b c"}]),
        ("POST", "/agents//compute", ["Default", None]),
        ("PUT", "/files/a/b", ["Files", {"path": "a/b"}]),
        ("GET", "/", ["Default", None]),
    ],
)
def test_the_most_definite_route_answers(method: str, path: str, told: list[Any]) -> None:
    """Literal segments stand over parameters, and the catch-all takes the rest, other verbs too."""
    assert ask(method, path).json()[:2] == told


def test_a_body_of_six_megabytes_is_passed_on_and_one_byte_more_is_not() -> None:
    """Above Lambda's limit the function is not invoked."""
    reached = []

    async def count(function: str, event: bytes) -> FunctionAnswer:
        reached.append(function)
        return FunctionAnswer(b"{}")

    size = 6 * 1024 * 1024
    # The envelope counts as well: 1,000 bytes are more than it has here.
    most = ask("POST", "/x", count, content=b"x" * (size - 1000), headers={"content-type": "text/plain"})
    over = ask("POST", "/x", count, content=b"x" * (size + 1), headers={"content-type": "text/plain"})
    far_over = ask("POST", "/x", count, content=b"x" * (2 * size))

    assert [answer.status_code for answer in (most, over, far_over)] == [200, 413, 413]
    assert over.json()["code"] == "payload_too_large"
    assert reached == ["Default"]


@pytest.mark.parametrize(("size", "status"), [(9_900, 200), (10_300, 431), (70_000, 431)])
def test_headers_over_ten_kilobytes_are_refused(size: int, status: int) -> None:
    """The limit is for all of them together, with the request line."""
    assert ask("GET", "/health", headers={"x-big": "x" * size}).status_code == status


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        (FunctionAnswer(b"{}", Failure.HANDLER), 500, "Internal Server Error"),
        (FunctionAnswer(b"{}", Failure.INIT), 500, "Internal Server Error"),
        (FunctionAnswer(b"{}", Failure.TOO_LARGE), 500, "Internal Server Error"),
        (FunctionAnswer(b'{"statusCode": "no"}'), 500, "Internal Server Error"),
        (FunctionAnswer(b"{}", Failure.CRASHED), 502, "Internal Server Error"),
        (FunctionAnswer(b"{}", Failure.TIMED_OUT), 503, "Service Unavailable"),
    ],
)
def test_a_failed_function_is_a_server_error(answer: FunctionAnswer, status: int, message: str) -> None:
    """No text of the function reaches the caller."""

    async def fail(function: str, event: bytes) -> FunctionAnswer:
        return answer

    response = ask("GET", "/health", fail)

    assert (response.status_code, response.json()) == (status, {"message": message})


def test_a_throttled_call_says_when_to_come_back() -> None:
    """503 with Retry-After."""

    async def throttle(function: str, event: bytes) -> FunctionAnswer:
        raise Throttled

    response = ask("GET", "/health", throttle)

    assert (response.status_code, response.headers["retry-after"]) == (503, "1")


def test_an_integration_that_takes_too_long_is_given_up() -> None:
    """The caller gets a 503 at the limit; the function goes on."""
    released, finished = asyncio.Event(), asyncio.Event()

    async def dawdle(function: str, event: bytes) -> FunctionAnswer:
        await released.wait()
        finished.set()
        return FunctionAnswer(b"{}")

    async def story() -> httpx.Response:
        async with served(dawdle, timeout=0.1) as client:
            response = await client.get("/health")
            released.set()
            await asyncio.wait_for(finished.wait(), PATIENCE_S)
            return response

    response = asyncio.run(story())

    assert (response.status_code, response.json()) == (503, {"message": "Service Unavailable"})


def test_a_caller_that_leaves_does_no_harm() -> None:
    """The call runs to its end and the next caller is answered."""
    started, release = asyncio.Event(), asyncio.Event()

    async def wait(function: str, event: bytes) -> FunctionAnswer:
        started.set()
        await release.wait()
        return FunctionAnswer(b"{}")

    async def story() -> httpx.Response:
        async with served(wait) as client:
            leaving = asyncio.ensure_future(client.get("/health"))
            await started.wait()
            leaving.cancel()
            _, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
            writer.write(b"POST /health HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
            writer.close()
            release.set()
            return await client.get("/health")

    assert asyncio.run(story()).status_code == 200
