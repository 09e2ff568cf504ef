"""With any bytes of a proxy, the client answers with a completion or with an error of the tree."""

import json
from contextlib import suppress

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from oo.errors import LLMError
from oo.llm.reply import SPECIAL, parsed
from oo.tips.shapes import first_object, several_objects
from testing.seeds import examples
from testing.spelled_texts import spelled_texts
from testing.wire import ask_once, client_of

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
messages = st.fixed_dictionaries(
    {},
    optional={
        "content": json_values,
        "refusal": json_values,
        "tool_calls": json_values,
        "function_call": json_values,
        "provider_specific_fields": json_values,
    },
)
choices = st.lists(
    st.fixed_dictionaries({}, optional={"message": messages | json_values, "finish_reason": json_values}), max_size=2
)
completions = st.fixed_dictionaries(
    {},
    optional={"choices": choices | json_values, "usage": json_values, "model": json_values, "error": json_values},
)
bodies = st.binary(max_size=200) | st.builds(lambda value: json.dumps(value).encode(), completions | json_values)
header_values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
answers = st.builds(
    lambda status, body, headers: (status, body, headers),
    st.sampled_from([200, 200, 200, 204, 302, 400, 401, 408, 429, 500, 529]) | st.integers(200, 599),
    bodies,
    st.fixed_dictionaries(
        {},
        optional={
            "retry-after": header_values,
            "x-litellm-call-id": header_values,
            "x-litellm-model-name": header_values,
            "x-litellm-response-cost": header_values,
        },
    ),
)


@settings(max_examples=examples(300))
@given(answers)
def test_a_call_ends_in_a_completion_or_in_an_error_of_ours(answer: tuple[int, bytes, dict[str, str]]) -> None:
    """No shape of an answer gets any other exception out of the client."""
    status, body, headers = answer
    client = client_of(lambda _: httpx.Response(status, content=body, headers=headers))

    with suppress(LLMError):
        completion = ask_once(client)

        completion.text.encode()
        assert completion.prompt_tokens >= 0


@settings(max_examples=examples(300))
@given(st.text(max_size=200) | st.builds(json.dumps, json_values) | st.builds(lambda v: f"```\n{v}", json_values))
def test_a_reply_is_read_as_objects_or_refused(text: str) -> None:
    """No text gets anything else out of the reader."""
    with suppress(LLMError):
        assert isinstance(first_object(text), dict)
    with suppress(LLMError):
        assert all(isinstance(item, dict) for item in several_objects(text))


def test_special_tokens_around_a_reply_are_no_part_of_it() -> None:
    """Each token that the expression spells out, in front of the reply's object and behind it."""
    tokens = list(spelled_texts(SPECIAL))
    answers = [parsed(f'{token}{{"step": 1}}{token}') for token in tokens]

    assert len(tokens) > 1
    assert [{"step": 1}] * len(tokens) == answers
