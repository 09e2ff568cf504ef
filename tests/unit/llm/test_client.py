import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from oo.contract.shown_ids import hashed
from oo.errors import ConfigError, LLMOversize, LLMTimeout, LLMUnreachable, LLMUpstreamError
from oo.llm.client import LARGEST_ANSWER_BYTES
from testing.for_each import for_each
from testing.wire import CALL_ID, KEY, Proxy, ask_once, client_of, completion, problem


def sent_by(seconds: float = 5.0, **options: Any) -> httpx.Request:
    """The request of one call."""
    seen: list[httpx.Request] = []

    def proxy(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=completion())

    ask_once(client_of(proxy), seconds, **options)
    return seen[0]


def raising(error: type[httpx.HTTPError]) -> Proxy:
    def proxy(request: httpx.Request) -> httpx.Response:
        raise error("secret upstream text")

    return proxy


def test_the_call_goes_where_the_proxy_listens() -> None:
    """A slash at the end of the base URL changes nothing."""
    request = sent_by()

    assert (request.method, str(request.url)) == ("POST", "https://proxy.test/v1/chat/completions")


def test_the_body_is_a_bounded_question_to_the_alias() -> None:
    """Always with a limit of tokens, never with tools, the user's id hashed."""
    body = json.loads(sent_by(max_tokens=321).content)

    assert body == {
        "model": "tip-generator",
        "messages": [{"role": "system", "content": "rules"}, {"role": "user", "content": "data"}],
        "temperature": 0.7,
        "max_tokens": 321,
        "user": hashed("user-7"),
    }
    assert "user-7" not in body["user"]


def test_the_headers_take_the_retries_from_the_proxy() -> None:
    """The proxy makes one attempt, within the remaining time, under ids for a search of its log."""
    headers = sent_by(9.9, span_id="b" * 16).headers

    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["x-litellm-num-retries"] == "0"
    assert headers["x-litellm-timeout"] == "9"
    assert headers["x-litellm-call-id"] == CALL_ID
    assert headers["x-litellm-trace-id"] == "a" * 32
    assert headers["x-litellm-tags"] == "fn:recommend,prompt:v2"
    assert json.loads(headers["x-litellm-spend-logs-metadata"]) == {"serve_id": "s1"}
    assert headers["traceparent"] == f"00-{'a' * 32}-{'b' * 16}-01"
    assert headers["accept-encoding"] == "identity"


def test_the_proxy_always_gets_a_second() -> None:
    """Zero would mean no timeout, or none at all, depending on the proxy's version."""
    assert sent_by(0.9).headers["x-litellm-timeout"] == "1"


def test_a_completion_comes_back() -> None:
    """It contains the text, the model and the cost."""
    headers = {"x-litellm-call-id": "proxy-1", "x-litellm-response-cost": "0.001"}
    answer = ask_once(client_of(lambda _: httpx.Response(200, json=completion("hi"), headers=headers)))

    assert (answer.text, answer.call_id, answer.cost_usd, answer.prompt_tokens) == ("hi", "proxy-1", 0.001, 11)


def test_the_content_type_is_not_believed() -> None:
    """JSON under a wrong name is still JSON."""
    answer = ask_once(client_of(lambda _: httpx.Response(200, text=json.dumps(completion("hi")))))

    assert answer.text == "hi"


REASONS: dict[str, httpx.Response] = {
    "empty body": httpx.Response(200),
    "HTML": httpx.Response(200, html="<html>secret upstream text"),
    "event stream": httpx.Response(200, text='data: {"choices": []}'),
    "cut off": httpx.Response(200, text='{"choices": [{"mess'),
    "not JSON": httpx.Response(200, text="secret upstream text"),
    "no choices": httpx.Response(200, json={"choices": []}),
    "no message": httpx.Response(200, json={"choices": [{"message": None}]}),
    "error inside a 2xx": httpx.Response(200, json={"error": {"message": "secret upstream text"}}),
    "content-encoding br": httpx.Response(200, headers={"content-encoding": "BR"}, content=b"\x8b\x03"),
    "content-encoding zstd": httpx.Response(200, headers={"content-encoding": "zstd"}, content=b"(\xb5/\xfd"),
}


def test_a_2xx_without_a_completion_has_a_reason() -> None:
    """The error says it, the status and our call id, and nothing of the upstream text."""
    for reason, answer in REASONS.items():
        with pytest.raises(LLMUpstreamError) as caught:
            ask_once(client_of(lambda _, answer=answer: answer))  # type: ignore[misc]

        assert str(caught.value) == f"LiteLLM error: {reason} in an answer of status 200, call {CALL_ID}"
        assert (caught.value.reason, caught.value.passes) == (reason, True)


@for_each(
    ("answer", "status"),
    [
        (httpx.Response(302, headers={"location": "https://other.test/"}), 302),
        (httpx.Response(500, content=problem()), 500),
        (httpx.Response(500, content=b"x", headers={"content-encoding": "br"}), 500),
    ],
)
def test_another_status_is_its_own_reason(answer: httpx.Response, status: int) -> None:
    """The error's text holds nothing else of the answer."""
    with pytest.raises(LLMUpstreamError) as caught:
        ask_once(client_of(lambda _: answer))

    assert str(caught.value) == f"LiteLLM error: status {status}, call {CALL_ID}"


def test_a_redirect_is_not_followed() -> None:
    """The key never goes to a host that an answer names."""
    hosts: list[str] = []

    def proxy(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(302, headers={"location": "https://other.test/"})

    with pytest.raises(LLMUpstreamError):
        ask_once(client_of(proxy))

    assert hosts == ["proxy.test"]


def test_no_cookie_of_an_answer_goes_along_with_the_next_question() -> None:
    """Two calls may be two users'."""
    cookies: list[str | None] = []

    def proxy(request: httpx.Request) -> httpx.Response:
        cookies.append(request.headers.get("cookie"))
        return httpx.Response(200, json=completion(), headers={"set-cookie": "session=1"})

    client = client_of(proxy)
    ask_once(client)
    ask_once(client)

    assert cookies == [None, None]


FAULTS: dict[type[httpx.HTTPError], type[Exception]] = {
    httpx.ConnectError: LLMUnreachable,
    httpx.ConnectTimeout: LLMUnreachable,
    httpx.ReadError: LLMUnreachable,
    httpx.WriteError: LLMUnreachable,
    httpx.CloseError: LLMUnreachable,
    httpx.RemoteProtocolError: LLMUnreachable,
    httpx.LocalProtocolError: LLMUnreachable,
    httpx.UnsupportedProtocol: LLMUnreachable,
    httpx.ProxyError: LLMUnreachable,
    httpx.DecodingError: LLMUnreachable,
    httpx.TooManyRedirects: LLMUnreachable,
    httpx.ReadTimeout: LLMTimeout,
    httpx.WriteTimeout: LLMTimeout,
    httpx.PoolTimeout: LLMTimeout,
}


@for_each(("fault", "error"), FAULTS.items())
def test_every_fault_of_the_wire_becomes_one_of_ours(fault: type[httpx.HTTPError], error: type[Exception]) -> None:
    """No error of the HTTP library gets out, nor its text."""
    with pytest.raises(error) as caught:
        ask_once(client_of(raising(fault)))

    assert "secret" not in str(caught.value)


def test_the_http_library_has_no_other_faults() -> None:
    """The omitted one is raised by raise_for_status only, which is never called."""
    leaves = {error for error in _descendants(httpx.HTTPError) if not error.__subclasses__()}

    assert leaves - {httpx.HTTPStatusError} == FAULTS.keys()


def _descendants(error: type[Exception]) -> Iterator[type[Exception]]:
    for child in error.__subclasses__():
        yield child
        yield from _descendants(child)


@pytest.mark.parametrize(("size", "fits"), [(LARGEST_ANSWER_BYTES, True), (LARGEST_ANSWER_BYTES + 1, False)])
def test_an_answer_has_a_largest_size(size: int, *, fits: bool) -> None:
    """A larger answer is not read to its end."""
    body = json.dumps(completion("")).encode()
    body = body.replace(b'"content": ""', b'"content": "' + b"x" * (size - len(body)) + b'"')
    client = client_of(lambda _: httpx.Response(200, content=body))

    if fits:
        assert ask_once(client).text
    else:
        with pytest.raises(LLMOversize):
            ask_once(client)


def test_an_endless_answer_is_left() -> None:
    """Reading stops soon after the limit, however much is still to come."""
    given: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            given.append(1)
            yield b"x" * 64 * 1024

    with pytest.raises(LLMOversize):
        ask_once(client_of(lambda _: httpx.Response(200, content=endless())))

    assert len(given) == 5


@for_each(
    "url",
    [
        "https://proxy.test",
        "https://proxy.test:4000/v1",
        "http://127.0.0.1:4000",
        "http://127.8.8.8",
        "http://[::1]:4000",
        "http://localhost:4000/",
        "https://proxy.test.",
    ],
)
def test_the_key_goes_over_tls_or_not_out_of_the_machine(url: str) -> None:
    """Plain http is for this machine only."""
    client_of(lambda _: httpx.Response(200), base_url=url)


@for_each(
    "url",
    [
        "",
        "proxy.test",
        "http://proxy.test",
        "http://10.0.0.1:4000",
        "http://localhost.evil.test",
        "http://127.0.0.1.evil.test",
        "ftp://127.0.0.1",
        "https://",
        "http://[::1",
        "https://proxy.test/v1?api-version=1",
        "https://proxy.test/v1?",
        "https://proxy.test/#top",
        "https://user:password@proxy.test",
        "https://user:1/2@proxy.test",
        "https://user@proxy.test/v1",
        "https://proxy.test/v1/chat/completions",
        "https://proxy.test/chat/completions/",
        "https://proxy..test",
        "https://.proxy.test/v1",
        f"https://{'a' * 64}.test",
        "https://xn--/v1",
        "https://proxy.test:65536",
    ],
)
def test_any_other_url_is_a_setting_to_mend(url: str) -> None:
    """The error names the setting and not its value."""
    with pytest.raises(ConfigError, match="LITELLM_URL") as caught:
        client_of(lambda _: httpx.Response(200), base_url=url)

    assert url not in str(caught.value) or not url


def test_a_rotated_key_is_told_from_a_wrong_one() -> None:
    """Reading it again justifies another call only if the key differs."""

    def rotated(*, refresh: bool = False) -> str:
        return "new" if refresh else "old"

    def unavailable(*, refresh: bool = False) -> str:
        if refresh:
            raise ConfigError("The secret cannot be read")
        return "old"

    def proxy(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200)

    assert client_of(proxy, key=rotated).refresh_key()
    assert not client_of(proxy, key=lambda **_: "same").refresh_key()
    assert not client_of(proxy, key=unavailable).refresh_key()
