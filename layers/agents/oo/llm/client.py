"""One call of the language model through the LiteLLM proxy: one completion or one error, within a deadline."""

import json
import math
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import field
from typing import Any, NamedTuple, Protocol, cast

import httpx

from oo.addresses import is_this_machine
from oo.contract.shown_ids import hashed
from oo.deadline import Deadline
from oo.errors import ConfigError, LLMOversize, LLMTimeout, LLMUnreachable, LLMUpstreamError, ServiceError
from oo.frozen import frozen
from oo.llm.codings import Undecodable, plain
from oo.llm.completion import ALIAS, ChatCompletion, NotACompletion, known_call_id, read_chat_completion
from oo.llm.error_body import ErrorBody, error_in, read_error
from oo.llm.parameters import Parameters
from oo.llm.secret_key import repeats
from oo.llm.transport import CONNECT_S, exchange
from oo.llm.upstream_errors import upstream_error

LARGEST_ANSWER_BYTES = 256 * 1024

_TOO_LARGE = f"the answer is over {LARGEST_ANSWER_BYTES} bytes"
_IDS_KEPT = 1_000
"""Ids of calls that a late answer is recognised by."""

_LAST_PORT = 65_535
_LONGEST_LABEL = 63

Message = Mapping[str, str]


class KeySource(Protocol):
    """Source of the proxy's key."""

    def __call__(self, *, refresh: bool = False) -> str:
        """The key for the Authorization header; `refresh` reads it again. Raises ConfigError."""


@frozen
class Purpose:
    """User and function of a call for the proxy's spend log. `user_id` is sent as a pseudonym."""

    user_id: str
    trace_id: str
    tags: tuple[str, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)


class LiteLLMClient:
    """Calls `POST {base_url}/chat/completions`.

    Raises ConfigError for a base URL that is unusable, or that would send the key unencrypted.
    """

    def __init__(
        self,
        *,
        base_url: str,
        key: KeySource,
        transport: httpx.BaseTransport,
        parameters: Parameters | None = None,
        pseudonym: Callable[[str], str | None] = hashed,
        wall_clock: Callable[[], float] = time.time,
        allows_plain_http: bool = False,
    ) -> None:
        self._url = httpx.URL(f"{_checked(base_url, allows_plain_http=allows_plain_http)}/chat/completions")
        self._key = key
        self._transport = transport
        self._pseudonym = pseudonym
        self._wall_clock = wall_clock
        self._sent_ids: deque[str] = deque(maxlen=_IDS_KEPT)
        self.parameters = parameters or Parameters()

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
    ) -> ChatCompletion:
        """Make one call.

        Raises LLMUpstreamError and its subclasses, LLMUnreachable, LLMTimeout, LLMOversize and ConfigError. `call_id`
        is the id under which the proxy should log the call; the completion and the errors contain the id that it used.
        If a reused connection fails before the first response byte, the request is sent once more on a new one, and
        `on_resent` is called: the proxy may have processed it.
        """
        headers = {**self._headers(purpose, call_id, span_id), "x-litellm-timeout": _whole_seconds(deadline)}
        user = self._pseudonym(purpose.user_id)
        optional = self.parameters.of_call(max_tokens=max_tokens, user=user, schema=response_format)
        self._sent_ids.append(call_id.lower())
        try:
            answer = self._exchange(headers, _body(messages, optional), deadline, on_resent)
        except httpx.ConnectTimeout:
            raise LLMUnreachable from None
        except httpx.TimeoutException:
            raise LLMTimeout from None
        except httpx.HTTPError:
            raise LLMUnreachable from None
        if answer.body is None:
            raise LLMUpstreamError(answer.status, call_id, passes=True, reason="another call's id")
        key = headers["authorization"].removeprefix("Bearer ")
        return self._read(answer, answer.body, key, call_id, optional)

    def _read(self, answer: "_Answer", body: bytes, key: str, call_id: str, sent: Collection[str]) -> ChatCompletion:
        """The completion in the response; raises the error if the response is one."""
        status, headers = answer.status, answer.headers
        echoes = repeats(key, *headers.values())
        call_id = call_id if echoes else known_call_id(headers, call_id)

        def failure(error: ErrorBody, reason: str | None) -> LLMUpstreamError:
            now = self._wall_clock()
            found = upstream_error(status, headers, error, call_id=call_id, now=now, reason=reason, sent=sent)
            found.proxy_words = {} if repeats(key, *found.proxy_words.values()) else found.proxy_words
            return found

        is_success = 200 <= status < 300
        if is_success and len(body) > LARGEST_ANSWER_BYTES:
            raise LLMOversize(_TOO_LARGE)
        try:
            body = plain(body, headers.get("content-encoding", ""), LARGEST_ANSWER_BYTES)
        except Undecodable as unread:
            raise failure(ErrorBody(), f"content-encoding {unread.coding}" if is_success else None) from None
        if not is_success:
            raise failure(error_in(body), None)
        if len(body) > LARGEST_ANSWER_BYTES:
            raise LLMOversize(_TOO_LARGE)
        # Without zero bytes any UTF can be searched for a key, which is ASCII.
        if echoes or repeats(key, body.replace(b"\0", b"").decode("latin-1")):
            raise LLMUpstreamError(status, call_id, reason="repeated key")
        try:
            return read_chat_completion(headers, body, call_id)
        except NotACompletion as problem:
            raise failure(read_error(problem.error), problem.reason) from None

    def repeats_key(self, text: str) -> bool:
        """Whether a text contains the API key, even with other characters inside it."""
        key = self._key()
        return repeats(key, text) or repeats(_letters(key), _letters(unicodedata.normalize("NFKC", text)))

    def refresh_key(self) -> bool:
        """Read the key again; return whether it changed."""
        before = self._key()
        with suppress(ServiceError):
            return self._key(refresh=True) != before
        return False

    def _exchange(
        self, headers: Mapping[str, str], content: bytes, deadline: Deadline, on_resent: Callable[[], None]
    ) -> "_Answer":
        with exchange(deadline) as record:
            try:
                return self._receive(headers, content, deadline)
            except httpx.TransportError as error:
                if isinstance(error, httpx.TimeoutException) or not record.died_unheard:
                    raise
        on_resent()
        with exchange(deadline):
            return self._receive(headers, content, deadline)

    def _receive(self, headers: Mapping[str, str], content: bytes, deadline: Deadline) -> "_Answer":
        """The response with at most one byte more than the largest body, read in pieces until the deadline.

        The transport is called without httpx's client, which would keep cookies between calls and follow redirects.
        Header names are in lower case; httpx's own mapping searches all of them for each look-up. The body of another
        call's response is not read, so its connection is closed.
        """
        left = max(deadline.remaining(), 0.001)
        limits = {"connect": min(CONNECT_S, left), "read": left, "write": left, "pool": left}
        request = httpx.Request(
            "POST", self._url, content=content, headers=dict(headers), extensions={"timeout": limits}
        )
        body = bytearray()
        with closing(self._transport.handle_request(request)) as response:
            answered = dict(response.headers.items())
            if self._is_of_another_call(answered, headers["x-litellm-call-id"]):
                return _Answer(response.status_code, answered, None)
            for piece in cast("httpx.SyncByteStream", response.stream):
                body += piece
                if len(body) > LARGEST_ANSWER_BYTES:
                    break
                if not deadline.remaining():
                    raise httpx.ReadTimeout("The answer came too slowly")
            return _Answer(response.status_code, answered, bytes(body[: LARGEST_ANSWER_BYTES + 1]))

    def _is_of_another_call(self, answered: Mapping[str, str], own_id: str) -> bool:
        """Whether the response names another call of this process; an id that was never sent is the proxy's own."""
        named = {part.strip() for part in answered.get("x-litellm-call-id", "").lower().split(",")}
        return own_id.lower() not in named and not named.isdisjoint(self._sent_ids)

    def _headers(self, purpose: Purpose, call_id: str, span_id: str | None) -> dict[str, str]:
        headers = {
            "authorization": f"Bearer {self._key()}",
            "content-type": "application/json",
            "user-agent": "oO-tip-service",
            # A compressed response could expand to any size between two checks of the limit.
            "accept-encoding": "identity",
            "x-litellm-call-id": call_id,
            # The proxy's own retries would use up the deadline unnoticed.
            "x-litellm-num-retries": "0",
            "x-litellm-trace-id": purpose.trace_id,
            "x-litellm-tags": ",".join(purpose.tags),
        }
        if purpose.metadata:
            headers["x-litellm-spend-logs-metadata"] = json.dumps(purpose.metadata)
        if span_id:
            headers["traceparent"] = f"00-{purpose.trace_id}-{span_id}-01"
        return headers


class _Answer(NamedTuple):
    """A raw response; `body` is None if the response belongs to another call."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


def _body(messages: Sequence[Message], optional: Mapping[str, Any]) -> bytes:
    body = {"model": ALIAS, "messages": messages, **optional}
    return _WRITER.encode(body).encode()


_WRITER = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _whole_seconds(deadline: Deadline) -> str:
    return str(max(1, math.floor(deadline.remaining())))


def _checked(base_url: str, *, allows_plain_http: bool) -> str:
    """The URL without a trailing slash; the path of the call is appended to it."""
    try:
        base_url = base_url.strip().rstrip("/")
        url = httpx.URL(base_url)
        host, port = url.host, url.port or 0
    except (httpx.InvalidURL, UnicodeError):
        raise ConfigError("LITELLM_URL is not a URL") from None
    # The system's look-up raises no OSError for an empty label, or one too long for a name.
    if port > _LAST_PORT or not all(0 < len(label) <= _LONGEST_LABEL for label in host.removesuffix(".").split(".")):
        raise ConfigError("LITELLM_URL is missing or no URL")
    if url.scheme != "https" and not (url.scheme == "http" and (allows_plain_http or is_this_machine(host))):
        raise ConfigError("LITELLM_URL has to be https unless its host is this machine, or AllowPlainHttp is true")
    if any(sign in base_url for sign in "@?#") or url.path.lower().endswith("/completions"):
        raise ConfigError(
            "LITELLM_URL has to be a base: no query, fragment or user, and no /chat/completions. The key belongs in the"
            " secret of LiteLLMKeySecretArn"
        )
    return base_url
