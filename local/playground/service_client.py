"""Requests to the service's HTTP endpoints; each fault is one sentence."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import httpx

from local.terminal import shown_address

_TIMEOUT_S = 40.0
"""Longer than API Gateway waits for a function."""

_MOST_PROBLEMS = 3
_LONGEST_DETAIL = 500


class ServiceProblem(Exception):
    """One sentence for the user of the page."""


class ServiceAnswer(NamedTuple):
    """The fields of a response, and the time it took as measured here."""

    fields: Mapping[str, Any]
    elapsed_ms: float


class ServiceClient:
    """Sends requests to the service at `url`; for another machine, through the proxy of the environment."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.url = url
        self._http = httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=not _is_on_this_machine(url), transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def post(self, path: str, body: Mapping[str, Any]) -> ServiceAnswer:
        """The response to one request. Raises ServiceProblem."""
        started = time.perf_counter()
        try:
            # Escaped, so that the service itself rejects text that is not valid Unicode.
            response = await self._http.post(
                self.url + path, content=json.dumps(body), headers={"content-type": "application/json"}
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServiceProblem(
                f"The service at {shown_address(self.url)} does not answer ({type(error).__name__}):"
                " start it, or name another one with SERVICE_URL."
            ) from error
        elapsed_ms = 1000 * (time.perf_counter() - started)
        fields = _fields(response)
        if not response.is_success:
            raise ServiceProblem(_refusal(response.status_code, fields or {}))
        if fields is None:
            raise ServiceProblem(
                f"The service at {shown_address(self.url)} answers {response.status_code} without JSON:"
                " check SERVICE_URL."
            )
        return ServiceAnswer(fields, elapsed_ms)


def _fields(response: httpx.Response) -> Mapping[str, Any] | None:
    try:
        told = response.json()
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _refusal(status: int, fields: Mapping[str, Any]) -> str:
    verb = "refuses the request" if status == HTTPStatus.UNPROCESSABLE_ENTITY else "answers"
    code = f" {fields['code']}" if isinstance(fields.get("code"), str) else ""
    detail = _told(fields.get("detail") or fields.get("message"))
    return f"The service {verb} ({status}{code})" + (f": {detail}." if detail else ".")


def _told(detail: object) -> str:
    """The text of an error's detail, or its first problems with their places."""
    if not isinstance(detail, list):
        return str(detail or "")[:_LONGEST_DETAIL].rstrip(".")
    problems = [problem for problem in detail if isinstance(problem, dict)]
    told = [f"{'.'.join(map(str, problem.get('loc', [])))}: {problem.get('msg')}" for problem in problems]
    more = len(told) - _MOST_PROBLEMS
    return "; ".join(told[:_MOST_PROBLEMS])[:_LONGEST_DETAIL] + (f"; and {more} more" if more > 0 else "")


def _is_on_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
