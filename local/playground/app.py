"""The playground's server: a page, and the endpoints for its script."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from local.playground.guard import LoopbackGuard
from local.playground.request_sets import Bodies, RequestSets, UnreadableSet
from local.playground.service_client import ServiceClient, ServiceProblem
from local.playground.shown_answer import PlaygroundQuestion, UnknownAnswer, shown_answer
from local.playground.trace_links import NoTracePage, TraceLinks
from oo.contract.limits import MAX_BODY_BYTES
from oo.contract.routes import FEEDBACK, GENERATE, RECOMMEND
from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS

FILES = Path(__file__).parent / "page"
LARGEST_BODY = 2 * MAX_BODY_BYTES
"""A body of the service's size, as a text inside of JSON, where quotes are escaped."""

_PAGE = {"/": "index.html", "/playground.css": "playground.css", "/playground.js": "playground.js"}
_SERVE_ID = re.compile("[0-9a-f]{32}")


class AskedVersion(BaseModel):
    """A request of the page: the text of a body, and the values that replace its own version and slider."""

    path: Literal["/recommend", "/generate"]
    text: str
    version: str
    slider: int | None = None

    def question(self) -> PlaygroundQuestion:
        """The request to send. Raises ValueError and RecursionError."""
        body = json.loads(self.text)
        if not isinstance(body, dict):
            raise ValueError("it is no object")  # noqa: TRY004  # one kind of mistake for its writer
        slider = {"science_destiny": self.slider} if self.path == RECOMMEND.path and self.slider is not None else {}
        return PlaygroundQuestion(self.path, {**body, **slider, "prompt_version": self.version})


class Playground:
    """The endpoints. If the service rejects the request or is down, the response is a 200 with a `problem`."""

    def __init__(self, service: ServiceClient, sets: RequestSets, traces: TraceLinks) -> None:
        self._service = service
        self._sets = sets
        self._traces = traces

    def app(self) -> Starlette:
        """The application."""
        return Starlette(
            routes=[
                *(Route(path, _file(name)) for path, name in _PAGE.items()),
                Route("/favicon.ico", _nothing),
                Route("/choices", self._choices),
                Route("/names", self._names),
                Route("/example", self._example),
                Route("/ask", self._ask, methods=["POST"]),
                Route("/feedback", self._feedback, methods=["POST"]),
                Route("/trace/tr-{serve_id}", self._trace),
            ],
            middleware=[Middleware(LoopbackGuard)],
        )

    async def _choices(self, _: Request) -> Response:
        versions = {RECOMMEND.path: RECOMMEND_VERSIONS, GENERATE.path: VERSIONS}
        return _json({"service": self._service.url, "sets": self._sets.names(), "versions": versions})

    async def _names(self, request: Request) -> Response:
        try:
            return _json({"names": list(await self._requests(request))})
        except UnreadableSet as problem:
            return _problem(problem)

    async def _example(self, request: Request) -> Response:
        try:
            chosen = (await self._requests(request))[request.query_params.get("name", "")]
        except UnreadableSet as problem:
            return _problem(problem)
        except KeyError:
            return _problem("The request was not found: choose another one.")
        return _json({"path": chosen.path, "text": json.dumps(chosen.body, indent=2, ensure_ascii=False)})

    async def _requests(self, request: Request) -> Bodies:
        return await asyncio.to_thread(self._sets.requests, request.query_params.get("set", ""))

    async def _ask(self, request: Request) -> Response:
        try:
            question = AskedVersion.model_validate_json(await _body(request)).question()
        except ValidationError:
            return PlainTextResponse("The body is not a request of the playground's page.", 422)
        except (ValueError, RecursionError) as error:
            return _problem(f"The request is not a JSON object: {error}.")
        try:
            answer = await self._service.post(question.path, question.body)
            shown = await asyncio.to_thread(shown_answer, question, answer.fields)
        except (ServiceProblem, UnknownAnswer) as problem:
            return _problem(problem)
        trace = f"/trace/tr-{shown['serve_id']}" if self._traces.has(shown["serve_id"]) else None
        return _json({"problem": None, "latency_ms": answer.elapsed_ms, "trace": trace, **shown})

    async def _feedback(self, request: Request) -> Response:
        try:
            await self._service.post(FEEDBACK.path, json.loads(await _body(request)))
        except (ValueError, RecursionError):
            return PlainTextResponse("The body is not feedback of the playground's page.", 422)
        except ServiceProblem as problem:
            return _problem(problem)
        return _json({"problem": None})

    async def _trace(self, request: Request) -> Response:
        serve_id = request.path_params["serve_id"]
        if not _SERVE_ID.fullmatch(serve_id):
            return PlainTextResponse("There is no such trace.", 404)
        try:
            return RedirectResponse(await asyncio.to_thread(self._traces.page, f"tr-{serve_id}"), 303)
        except NoTracePage as problem:
            return PlainTextResponse(str(problem), 503)


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return FileResponse(FILES / name)

    return answer


async def _nothing(_: Request) -> Response:
    return Response(status_code=204)


async def _body(request: Request) -> bytes:
    """The body of a request. Raises HTTPException if it is larger than `LARGEST_BODY`."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise HTTPException(413, f"The playground accepts at most {LARGEST_BODY:,} bytes.")
    return bytes(body)


def _problem(problem: object) -> Response:
    return _json({"problem": str(problem)})


def _json(value: Any) -> Response:  # noqa: ANN401  # any JSON
    # Escaped: a recorded text may be no valid Unicode.
    return Response(json.dumps(value), media_type="application/json")
