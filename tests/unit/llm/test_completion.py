import json
from typing import Any

import pytest

from oo.llm.completion import NotACompletion, known_call_id, read_chat_completion
from testing.for_each import for_each
from testing.wire import choice, completion


def read(answer: object, **headers: str) -> Any:
    return read_chat_completion(
        {name.replace("_", "-"): value for name, value in headers.items()}, _bytes(answer), "c-1"
    )


def _bytes(answer: object) -> bytes:
    return answer if isinstance(answer, bytes) else json.dumps(answer).encode()


@for_each("content", [None, "", 7, [], ["hi"], [{"type": "image"}], {"text": "hi"}])
def test_content_that_is_no_text_is_an_empty_reply(content: object) -> None:
    """The model answered, but with nothing that can be read."""
    assert not read(completion(content)).text


def test_the_texts_of_parts_are_joined_without_thoughts() -> None:
    """Some gateways send a list where OpenAI sends a text."""
    parts = [
        {"type": "thinking", "thinking": "no"},
        {"type": "reasoning", "text": "no"},
        {"type": "text", "text": "no", "thought": True},
        {"type": "text", "text": '{"content": '},
        {"type": "text", "text": None},
        {"type": "text", "text": '"hi"}'},
    ]

    assert read(completion(parts)).text == '{"content": "hi"}'


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_thoughts_that_come_apart_are_kept_apart(name: str) -> None:
    """They are no text of the reply."""
    answer = read(choice({"content": None, name: "hm"}))

    assert (answer.text, answer.reasoning) == ("", "hm")


REASONS: dict[str, list[object]] = {
    "empty body": [b"", b" \n", b"\xef\xbb\xbf"],
    "HTML": [b"<!DOCTYPE html><p>Sign in", b"\n<html>", b"<?xml version='1.0'?><html>"],
    "event stream": [b'data: {"choices": []}\n\n', b": ping\n\ndata: [DONE]", b"event: error\ndata: {}"],
    "cut off": [
        b"{",
        b'{"choices',
        b'{"choices": [{"message": {"content": "Op',
        b'{"choices": tru',
        b'{"choices": [1,',
    ],
    "not JSON": [
        b"no",
        b'{"choices": [}',
        b"{} {}",
        b"{} x",
        b"[] 1",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[" + b"9" * 5_000 + b"]",
    ],
    "no choices": [b"[]", b"null", {}, {"choices": None}, {"choices": []}, {"choices": {}}, {"choices": [None]}],
    "no message": [{"choices": ["text"]}, {"choices": [{}]}, {"choices": [{"message": "text"}]}],
    "error inside a 2xx": [
        {"error": {"message": "overloaded"}},
        {"error": "overloaded"},
        [{"error": {"code": 429}}],
        completion("hi", error={"code": 502}),
        {"choices": [{"error": {"code": 502}, "message": {"content": "hi"}}]},
        {"choices": [{"provider_specific_fields": {"error": "x"}, "message": {"content": ""}}]},
        choice({"content": "half"}, "error"),
        choice({"content": "half"}, "ERROR"),
    ],
}


def test_an_answer_without_a_reply_has_a_reason() -> None:
    """It is one of the service's words and repeats nothing of the bytes."""
    for reason, answers in REASONS.items():
        for answer in answers:
            with pytest.raises(NotACompletion) as caught:
                read(answer)

            assert caught.value.reason == reason, answer


def test_an_error_without_content_beside_an_answer_is_none() -> None:
    """Some gateways write one beside every answer."""
    for error in (None, {}, "", {"code": 0, "message": ""}):
        assert read(completion("hi", error=error)).text == "hi"


@for_each(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 11, "completion_tokens": 7}, (11, 7, True)),
        ({"prompt_tokens": 0, "completion_tokens": 0}, (0, 0, True)),
        ({"prompt_tokens": 11.0, "completion_tokens": 7.0}, (11, 7, True)),
        ({"prompt_tokens": float("inf"), "completion_tokens": 1e300}, (0, 0, False)),
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


@for_each(("text", "cost"), [("0.0025", 0.0025), ("0.0", 0.0), ("-1", None), ("nan", None), ("inf", None), ("", None)])
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


def test_costs_that_add_up_to_no_number_are_unknown() -> None:
    """Each alone is one."""
    answer = read(completion(), x_litellm_response_cost="1e308", x_litellm_classifier_cost="1e308")

    assert (answer.costs, answer.cost_usd) == ({}, None)


@for_each(
    "message",
    [
        {"content": [{"type": "refusal", "refusal": "I cannot help with that."}]},
        {"content": None, "refusal": "I cannot help with that."},
        {"content": None, "provider_specific_fields": {"refusal": "I cannot help with that."}},
    ],
)
def test_both_shapes_of_a_refusal_are_seen(message: object) -> None:
    """OpenAI's field, and the place that LiteLLM moves it to."""
    assert read(choice(message)).refused


def test_a_content_filter_is_a_refusal() -> None:
    """The filter answers the same question the same way every time."""
    for word in (
        "content_filter",
        "CONTENT_FILTER",
        "SAFETY",
        "safety",
        "PROHIBITED_CONTENT",
        "sensitive",
        "Sensitive",
    ):
        assert read(choice({"content": ""}, word)).refused, word
    assert not read(choice({"content": "", "provider_specific_fields": None}, "stop")).refused


def test_a_reply_that_ends_at_its_limit_is_cut() -> None:
    """OpenAI's word for it, and those of other providers."""
    for word in ("length", "MAX_TOKENS", "max_tokens"):
        assert read(choice({"content": "{"}, word)).is_cut, word
    assert not read(choice({"content": "{"}, "stop")).is_cut


def test_a_tool_call_is_seen() -> None:
    """No tools are ever offered, so a call of one is a fault of the reply."""
    assert read(choice({"content": None, "tool_calls": [{"id": "t"}]}, "tool_calls")).called_tools
    assert not read(choice({"content": "{}", "tool_calls": []})).called_tools


def test_half_a_surrogate_pair_is_replaced() -> None:
    """No encoder could write it, and the reply goes into requests, logs and spans."""
    assert read(rb'{"choices": [{"message": {"content": "a\ud800b"}}]}').text == "a?b"


@for_each(("header", "call_id"), [("proxy-1", "proxy-1"), ("", "sent"), ("two\nlines", "sent"), ("x" * 129, "sent")])
def test_the_proxys_call_id_counts_where_it_is_one(header: str, call_id: str) -> None:
    """The id goes into messages, so only an id may."""
    assert known_call_id({"x-litellm-call-id": header}, "sent") == call_id
