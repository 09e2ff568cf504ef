"""A proxy that repeats the key it was asked with: none of it gets any further."""

import httpx
import pytest

from oo.errors import LLMUpstreamError
from oo.llm.client import SHORTEST_SECRET
from tests.unit.llm.wire import CALL_ID, ask_once, client_of, completion, problem

KEY = "k" * SHORTEST_SECRET
ECHOES = {
    "in the reply": httpx.Response(200, json=completion(f"Your key is {KEY}.")),
    "as the model": httpx.Response(200, json=completion(), headers={"x-litellm-model-name": KEY}),
    "as the call's id": httpx.Response(200, json=completion(), headers={"x-litellm-call-id": KEY}),
    "in an error": httpx.Response(400, content=problem(KEY), headers={"x-litellm-call-id": KEY}),
}


@pytest.mark.parametrize("where", ECHOES)
def test_an_echo_of_the_key_is_no_answer(where: str) -> None:
    """It is an error upstream, under our own id of the call."""
    with pytest.raises(LLMUpstreamError) as caught:
        ask_once(client_of(lambda _: ECHOES[where], key=lambda **_: KEY))

    assert str(caught.value) == f"LiteLLM error: status {ECHOES[where].status_code}, call {CALL_ID}"


def test_a_key_that_is_shorter_than_any_secret_may_be_a_word_like_others() -> None:
    """Such as the one that stands for the key on a developer's machine."""
    word = KEY[1:]
    answer = httpx.Response(200, json=completion(f"A {word} is enough."))

    assert ask_once(client_of(lambda _: answer, key=lambda **_: word)).text == f"A {word} is enough."
