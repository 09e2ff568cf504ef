"""One call of the language model through the LiteLLM proxy: one answer or one error, within one deadline."""

import ipaddress
import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import httpx

from oo.deadline import Deadline
from oo.errors import ConfigError, LLMOversize, LLMTimeout, LLMUnreachable, ServiceError
from oo.llm.classify import upstream_error
from oo.llm.completion import ALIAS, Completion, NotACompletion, known_call_id, read_completion
from oo.llm.transport import CONNECT_S, exchange
from oo.pseudonym import hashed

TEMPERATURE = 0.7
LARGEST_ANSWER_BYTES = 256 * 1024

SHORTEST_SECRET = 16
"""The proxy's own keys are longer. A shorter one, as on a developer's machine, may be a word that any answer holds."""

Message = Mapping[str, str]


class KeySource(Protocol):
    """Where the proxy's key comes from."""

    def __call__(self, *, refresh: bool = False) -> str:
        """The key; with `refresh` it is fetched anew. Raises ConfigError."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """Whom and what a call is for, as the proxy's spend log shows it. `user_id` goes out as a pseudonym."""

    user_id: str
    trace_id: str
    tags: tuple[str, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)


class LiteLLMClient:
    """Calls `POST {base_url}/chat/completions`.

    `sends_response_format` says whether a reply's JSON Schema goes along; not every provider takes one. Raises
    ConfigError for a base URL over which the key would travel in the clear.
    """

    def __init__(
        self,
        *,
        base_url: str,
        key: KeySource,
        transport: httpx.BaseTransport,
        sends_response_format: bool = True,
        pseudonym: Callable[[str], str | None] = hashed,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._url = httpx.URL(f"{_checked(base_url)}/chat/completions")
        self._key = key
        self._transport = transport
        self._sends_response_format = sends_response_format
        self._pseudonym = pseudonym
        self._wall_clock = wall_clock

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        deadline: Deadline,
        purpose: Purpose,
        call_id: str,
        response_format: Mapping[str, Any] | None = None,
        span_id: str | None = None,
        on_resent: Callable[[], None] = lambda: None,
    ) -> Completion:
        """Ask once. Raises LLMUpstreamError and its kinds, LLMUnreachable, LLMTimeout, LLMOversize and ConfigError.

        `call_id` is what the proxy is to log the call under; the completion and the errors carry the id that it did.
        A kept connection that turns out to be dead before it said anything is replaced, and `on_resent` called: as a
        rule the proxy never saw the question, but a proxy that dies of questions did.
        """
        headers = {**self._headers(purpose, call_id, span_id), "x-litellm-timeout": _whole_seconds(deadline)}
        content = self._body(messages, max_tokens, purpose, response_format)
        try:
            status, answered, body = self._exchange(headers, content, deadline, on_resent)
        except httpx.ConnectTimeout:
            raise LLMUnreachable from None
        except httpx.TimeoutException:
            raise LLMTimeout from None
        except httpx.HTTPError:
            raise LLMUnreachable from None
        key = headers["authorization"].removeprefix("Bearer ")
        call_id = call_id if _repeats(key, *answered.values()) else known_call_id(answered, call_id)
        if not 200 <= status < 300:
            raise upstream_error(status, answered, body, call_id=call_id, now=self._wall_clock())
        if len(body) > LARGEST_ANSWER_BYTES:
            raise LLMOversize(f"the answer is over {LARGEST_ANSWER_BYTES} bytes")
        if _repeats(key, *answered.values(), body.decode("latin-1")):
            raise upstream_error(status, answered, b"", call_id=call_id, now=self._wall_clock())
        try:
            return read_completion(answered, body, call_id)
        except NotACompletion:
            raise upstream_error(status, answered, body, call_id=call_id, now=self._wall_clock()) from None

    def refresh_key(self) -> bool:
        """Fetch the key anew; whether it is another one than before."""
        before = self._key()
        with suppress(ServiceError):
            return self._key(refresh=True) != before
        return False

    def _exchange(
        self, headers: Mapping[str, str], content: bytes, deadline: Deadline, on_resent: Callable[[], None]
    ) -> tuple[int, Mapping[str, str], bytes]:
        with exchange(deadline) as record:
            try:
                return self._receive(headers, content, deadline)
            except httpx.TransportError as error:
                if isinstance(error, httpx.TimeoutException) or not record.died_unheard:
                    raise
        on_resent()
        with exchange(deadline):
            return self._receive(headers, content, deadline)

    def _receive(
        self, headers: Mapping[str, str], content: bytes, deadline: Deadline
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and at most one byte more than the largest answer, read piece by piece against the clock.

        The transport is asked without httpx's client around it, which would keep cookies of one call for the next and
        look for redirects. The headers are by their names in lower case; httpx's own mapping searches all of them for
        each look.
        """
        left = max(deadline.remaining(), 0.001)
        limits = {"connect": min(CONNECT_S, left), "read": left, "write": left, "pool": left}
        request = httpx.Request(
            "POST", self._url, content=content, headers=dict(headers), extensions={"timeout": limits}
        )
        body = bytearray()
        with closing(self._transport.handle_request(request)) as response:
            answered = dict(response.headers.items())
            if answered.get("content-encoding", "identity") != "identity":
                return response.status_code, answered, b""
            for piece in cast("httpx.SyncByteStream", response.stream):
                body += piece
                if len(body) > LARGEST_ANSWER_BYTES:
                    break
                if not deadline.remaining():
                    raise httpx.ReadTimeout("The answer came too slowly")
            return response.status_code, answered, bytes(body[: LARGEST_ANSWER_BYTES + 1])

    def _headers(self, purpose: Purpose, call_id: str, span_id: str | None) -> dict[str, str]:
        headers = {
            "authorization": f"Bearer {_sendable(self._key())}",
            "content-type": "application/json",
            "user-agent": "oO-tip-service",
            # A compressed answer could unfold to any size between two looks at the limit.
            "accept-encoding": "identity",
            "x-litellm-call-id": call_id,
            # The proxy's own retries would spend our deadline out of our sight.
            "x-litellm-num-retries": "0",
            "x-litellm-trace-id": purpose.trace_id,
            "x-litellm-tags": ",".join(purpose.tags),
        }
        if purpose.metadata:
            headers["x-litellm-spend-logs-metadata"] = json.dumps(purpose.metadata)
        if span_id:
            headers["traceparent"] = f"00-{purpose.trace_id}-{span_id}-01"
        return headers

    def _body(
        self, messages: Sequence[Message], max_tokens: int, purpose: Purpose, response_format: Mapping[str, Any] | None
    ) -> bytes:
        body: dict[str, Any] = {
            "model": ALIAS,
            "messages": messages,
            "temperature": TEMPERATURE,
            "max_tokens": max_tokens,
        }
        user = self._pseudonym(purpose.user_id)
        if user:
            body["user"] = user
        if response_format and self._sends_response_format:
            body["response_format"] = response_format
        return json.dumps(body, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()


def _repeats(key: str, *texts: str) -> bool:
    """Whether an answer holds the key that it was asked with: what echoes requests is no model."""
    return len(key) >= SHORTEST_SECRET and any(key in text for text in texts)


def _whole_seconds(deadline: Deadline) -> str:
    return str(max(1, math.floor(deadline.remaining())))


def _sendable(key: str) -> str:
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable():
        raise ConfigError("The LiteLLM key is missing or holds what no HTTP header can carry")
    return key


def _checked(base_url: str) -> str:
    """The URL without a slash at its end."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, TypeError):
        raise ConfigError("LITELLM_URL is no URL") from None
    if not url.host:
        raise ConfigError("LITELLM_URL is missing or no URL")
    if url.scheme != "https" and not (url.scheme == "http" and _is_loopback(url.host)):
        raise ConfigError("LITELLM_URL has to be https unless its host is this machine")
    return base_url.strip().rstrip("/")


def _is_loopback(host: str) -> bool:
    # The second is Docker's name for the machine that a container runs on, which is where sam local finds a proxy.
    if host in {"localhost", "host.docker.internal"}:
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False
