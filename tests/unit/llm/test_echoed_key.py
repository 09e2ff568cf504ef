"""A proxy that repeats the key it was asked with: none of it gets any further."""

import gzip
import json

import httpx
import pytest

from oo.errors import LLMUpstreamError
from oo.llm.secret_key import SHORTEST_SECRET, repeats
from testing.wire import CALL_ID, ask_once, client_of, completion, problem

KEY = "k" * SHORTEST_SECRET
ESCAPED = "".join(f"\\u{ord(character):04x}" for character in KEY)
INNER = json.dumps({"content": "KEY"}).replace("KEY", ESCAPED)
ECHOES = {
    "in the reply": completion(f"Your key is {KEY}."),
    "escaped in the reply": completion(INNER),
    "escaped in JSON inside the reply's JSON": completion(json.dumps({"candidates": INNER})),
    "beside the reply": completion(other=[KEY]),
}
HEADERS = {
    "as the model": {"x-litellm-model-name": KEY},
    "as the call's id": {"x-litellm-call-id": KEY},
}


def test_an_echo_of_the_key_in_a_body_is_no_answer() -> None:
    """In the raw bytes or after any decoding it is an error upstream, and final."""
    for place, whole in ECHOES.items():
        raw = json.dumps(whole)
        for body in (
            raw.encode(),
            raw.replace(KEY, ESCAPED).encode(),
            raw.encode("utf-16"),
            gzip.compress(raw.encode()),
        ):
            answer = httpx.Response(
                200, content=body, headers={"content-encoding": "gzip"} if body[:1] == b"\x1f" else {}
            )
            with pytest.raises(LLMUpstreamError) as caught:
                ask_once(client_of(lambda _, answer=answer: answer, key=lambda **_: KEY))  # type: ignore[misc]

            assert str(caught.value) == f"LiteLLM error: repeated key in an answer of status 200, call {CALL_ID}", place
            assert not caught.value.passes


@pytest.mark.parametrize("where", HEADERS)
def test_an_echo_of_the_key_in_a_header_is_no_answer(where: str) -> None:
    """The call keeps our own id."""
    answer = httpx.Response(200, json=completion(), headers=HEADERS[where])
    with pytest.raises(LLMUpstreamError) as caught:
        ask_once(client_of(lambda _: answer, key=lambda **_: KEY))

    assert str(caught.value) == f"LiteLLM error: repeated key in an answer of status 200, call {CALL_ID}"


def test_an_echo_of_the_key_in_an_error_is_not_kept() -> None:
    """Neither as the call's id nor as an identifier of the error."""
    answer = httpx.Response(400, content=problem(KEY, code=KEY, param="seed"), headers={"x-litellm-call-id": KEY})
    with pytest.raises(LLMUpstreamError) as caught:
        ask_once(client_of(lambda _: answer, key=lambda **_: KEY))

    assert str(caught.value) == f"LiteLLM error: status 400, call {CALL_ID}"
    assert caught.value.proxy_words == {}


def test_a_text_of_backslashes_is_searched_in_one_pass() -> None:
    """Each run of them is entered once."""
    assert not repeats(KEY, "\\" * 250_000)


def test_a_key_that_is_shorter_than_any_secret_may_be_a_word_like_others() -> None:
    """Such as the one that stands for the key on a developer's machine."""
    word = KEY[1:]
    answer = httpx.Response(200, json=completion(f"A {word} is enough."))

    assert ask_once(client_of(lambda _: answer, key=lambda **_: word)).text == f"A {word} is enough."
