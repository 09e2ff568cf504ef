import json
from typing import Any

import pytest

from oo.llm.completion import NotACompletion, known_call_id, read_completion
from tests.unit.llm.wire import choice, completion


def read(answer: object, **headers: str) -> Any:
    return read_completion({name.replace("_", "-"): value for name, value in headers.items()}, _bytes(answer), "c-1")


def _bytes(answer: object) -> bytes:
    return answer if isinstance(answer, bytes) else json.dumps(answer).encode()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"choices": [' + b"9" * 5_000 + b"]}",
        {},
        {"choices": None},
        {"choices": []},
        {"choices": {}},
        {"choices": [None]},
        {"choices": ["text"]},
        {"choices": [{}]},
        {"choices": [{"message": None}]},
        {"choices": [{"message": "text"}]},
        {"error": {"message": "overloaded", "code": 529}},
    ],
)
def test_what_holds_no_message_is_no_completion(answer: object) -> None:
    """Faults of the wire are told apart from replies of the model."""
    with pytest.raises(NotACompletion):
        read(answer)


@pytest.mark.parametrize("content", [None, "", 7, [], [{"type": "text", "text": "hi"}], {"text": "hi"}])
def test_content_that_is_no_text_is_an_empty_reply(content: object) -> None:
    """The model answered, but with nothing that can be read."""
    assert not read(completion(content)).text


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 11, "completion_tokens": 7}, (11, 7, True)),
        ({"prompt_tokens": 0, "completion_tokens": 0}, (0, 0, True)),
        ({"prompt_tokens": 11}, (11, 0, False)),
        ({"prompt_tokens": "11", "completion_tokens": -7}, (0, 0, False)),
        ({"prompt_tokens": True, "completion_tokens": 1.5}, (0, 0, False)),
        (None, (0, 0, False)),
        ([], (0, 0, False)),
    ],
)
def test_tokens_that_make_no_sense_count_zero(usage: object, counts: tuple[int, int, bool]) -> None:
    """A count is a whole number that is not negative."""
    answer = read(completion(usage=usage))

    assert (answer.prompt_tokens, answer.completion_tokens, answer.usage_known) == counts


def test_the_deployments_name_comes_before_the_alias_in_the_body() -> None:
    """LiteLLM stamps the alias over the body's model, its header tells which one answered."""
    assert read(completion(), x_litellm_model_name="azure/gpt-5-mini").model == "azure/gpt-5-mini"
    assert read(completion(model="gpt-5")).model == "gpt-5"
    assert read(completion(model="gpt-5"), x_litellm_model_name="two\nlines").model == "gpt-5"
    assert read(completion(model="no model (a stand-in)")).model == "no model (a stand-in)"
    assert read(completion(model="x" * 129)).model == read(completion(model=["x"])).model == "tip-generator"


@pytest.mark.parametrize(
    ("text", "cost"), [("0.0025", 0.0025), ("0.0", 0.0), ("-1", None), ("nan", None), ("inf", None), ("", None)]
)
def test_a_cost_is_dollars_or_unknown(text: str, cost: float | None) -> None:
    """A cost of nothing is known, one that is missing or makes no sense is not."""
    assert read(completion(), x_litellm_response_cost=text).cost_usd == cost


def test_the_routers_model_is_part_of_the_total() -> None:
    """LiteLLM bills a classifier in front of the models in a header of its own."""
    answer = read(
        completion(),
        x_litellm_response_cost="0.5",
        x_litellm_classifier_cost="0.25",
        x_litellm_response_cost_input="0.125",
    )

    assert answer.costs == {"input_cost": 0.125, "total_cost": 0.75}


@pytest.mark.parametrize(
    "message",
    [
        {"content": None, "refusal": "I cannot help with that."},
        {"content": None, "provider_specific_fields": {"refusal": "I cannot help with that."}},
    ],
)
def test_both_shapes_of_a_refusal_are_seen(message: object) -> None:
    """OpenAI's field, and the place that LiteLLM moves it to."""
    assert read(choice(message)).refused


def test_a_content_filter_is_a_refusal() -> None:
    """The filter answers the same question the same way every time."""
    assert read(choice({"content": ""}, "content_filter")).refused
    assert not read(choice({"content": "", "provider_specific_fields": None}, "stop")).refused


def test_a_tool_call_is_seen() -> None:
    """No tools are ever offered, so a call of one is a fault of the reply."""
    assert read(choice({"content": None, "tool_calls": [{"id": "t"}]}, "tool_calls")).called_tools
    assert not read(choice({"content": "{}", "tool_calls": []})).called_tools


def test_half_a_surrogate_pair_is_replaced() -> None:
    """No encoder could write it, and the reply goes into requests, logs and spans."""
    assert read(rb'{"choices": [{"message": {"content": "a\ud800b"}}]}').text == "a?b"


@pytest.mark.parametrize(
    ("header", "call_id"), [("proxy-1", "proxy-1"), ("", "sent"), ("two\nlines", "sent"), ("x" * 129, "sent")]
)
def test_the_proxys_call_id_counts_where_it_is_one(header: str, call_id: str) -> None:
    """The id goes into messages, so only an id may."""
    assert known_call_id({"x-litellm-call-id": header}, "sent") == call_id
