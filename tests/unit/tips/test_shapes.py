import json

import pytest

from oo.errors import LLMBadOutput
from oo.tips.shapes import first_object, several_objects
from testing.for_each import for_each

ONE = '{"content": "Call"}'
TWO = f'[{ONE}, {{"content": "Write"}}]'


@for_each(
    "text",
    [
        ONE,
        f"  {ONE}\n",
        f"\u200b{ONE}\u2060\x00",
        f"{ONE}<|im_end|>",
        f"<s> {ONE}</s>",
        f"<\uff5cbegin\u2581of\u2581sentence\uff5c>{ONE}<\uff5cend\u2581of\u2581sentence\uff5c>",
        f"[INST]{ONE}[/INST]",
        f"<|im_start|>assistant\n{ONE}<|im_end|>\n",
        f"<answer>{ONE}</answer>",
        f"~~~json\n{ONE}\n~~~",
        f"`````json title=tip\n{ONE}\n`````",
        f"```json\n{ONE}\n```<|eot_id|>",
        f"\ufeff{ONE}",
        f"```json\n{ONE}\n```",
        f"```\n{ONE}\n```",
        f"```{ONE}```",
        f"```JSON\r\n{ONE}\r\n```",
        f"Sure:\n```json\n{ONE}\n```\nEnjoy!",
        f"```json\n{ONE}",
        f"Here is {{one}} for [you]: {ONE} Enjoy {{it}}.",
        f"Here: {TWO}",
        TWO,
        f"[1, null, {ONE}]",
        f"```\n{TWO}\n```",
    ],
)
def test_the_first_object_is_found(text: str) -> None:
    """Bare, fenced, in an array, or with prose around it."""
    assert first_object(text) == {"content": "Call"}


@for_each(
    "text",
    [
        '{"content": "Call',
        '[{"content": "Call"}, {"content": "Wri',
        '{"candidates": [{"content": "Call"}, {"con',
        '```json\n{"content": "Call\n```',
        '{"content": "Call",}',
        "{'content': 'Call'}",
        '{"content": "Call" /* now */}',
        '{"content": "Call"}}',
        "{content} " * 200 + ONE,
        "Call your mother.",
        "",
        " \n",
        "\ufeff",
        '"text"',
        "7",
        "null",
        "[]",
        '["a", "b"]',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"n": ' + "9" * 5_000 + "}",
    ],
)
def test_nothing_is_made_up(text: str) -> None:
    """A text that is cut off, of another shape or no JSON stays unread."""
    with pytest.raises(LLMBadOutput):
        first_object(text)


@for_each(
    "text",
    [TWO, f'{{"candidates": {TWO}}}', f"```json\n{TWO}\n```", f'Here: {{"candidates": {TWO}}}', f"[3, {TWO[1:]}"],
)
def test_several_objects_are_found(text: str) -> None:
    """They are in an array or under `candidates`; other values are skipped."""
    assert several_objects(text) == [{"content": "Call"}, {"content": "Write"}]


@for_each(
    "text",
    [
        '{"advice": "Call"}',
        "[]",
        '["a", "b"]',
        '{"candidates": {}}',
        '{"candidates": null}',
        '{"candidates": ["a"]}',
        "7",
    ],
)
def test_a_reply_without_a_list_of_objects_is_refused(text: str) -> None:
    """Neither a list nor a tip is found in them."""
    with pytest.raises(LLMBadOutput):
        several_objects(text)


WRAPPERS = ("tip", "tips", "response", "result", "answer", "output", "data", "json")


def test_one_wrapper_is_opened() -> None:
    """An object with that single key, a string that holds the JSON, or both."""
    quoted = json.dumps(ONE)
    texts = [f'{{"{name}": {inner}}}' for name in WRAPPERS for inner in (ONE, quoted, f"[{ONE}]")]
    for text in (*texts, quoted, f'{{"candidates": {quoted}}}', f'{{"candidates": {json.dumps(TWO)}}}'):
        assert first_object(text) == {"content": "Call"}, text
        assert several_objects(text)[0] == {"content": "Call"}, text
        assert first_object(f"```json\n{text}\n```") == {"content": "Call"}, text


def test_candidates_count_before_a_tip_beside_them() -> None:
    """The tip counts where one is asked for."""
    both = f'{{"content": "Sleep", "candidates": {TWO}}}'

    assert several_objects(both) == [{"content": "Call"}, {"content": "Write"}]
    assert first_object(both)["content"] == "Sleep"


def test_other_wrappers_stay_closed() -> None:
    """Two of them, unknown ones, and those with a second key."""
    for text in (
        f'{{"tip": {{"tip": {ONE}}}}}',
        f'{{"message": {ONE}}}',
        f'{{"tip": {ONE}, "draft": {ONE}}}',
        '{"tip": "Call"}',
    ):
        assert "content" not in first_object(text), text


def test_control_characters_in_strings_are_read() -> None:
    """Raw line breaks and tabs come from models that do not escape."""
    assert first_object('{"content": "Call\n\tnow\x01"}') == {"content": "Call\n\tnow\x01"}


def test_a_reply_that_was_cut_off_counts_only_as_a_whole() -> None:
    """Bare, fenced or after thoughts; not in prose."""
    for text in (ONE, f"{ONE}<|im_end|>", f"```json\n{ONE}\n```", f"<think>{TWO}</think>\n{ONE}"):
        assert first_object(text, is_cut=True) == {"content": "Call"}, text
    for text in (f"Here: {ONE}", f"```json\n{ONE}", f"</think>Here: {ONE}", f"{ONE} Or"):
        with pytest.raises(LLMBadOutput):
            first_object(text, is_cut=True)


def test_an_error_says_whether_the_json_ends_early() -> None:
    """Only JSON whose end is missing does."""
    for text, ends_early in (
        ('{"content": "Call', True),
        ('Here: [{"content": "Call"}, {"con', True),
        ('```json\n{"content": "Call"', True),
        ("Call {me", False),
        ("{'content': 'Call'}", False),
        ("", False),
    ):
        with pytest.raises(LLMBadOutput) as caught:
            first_object(text)

        assert caught.value.ends_early is ends_early, text


def test_an_error_says_what_is_wrong() -> None:
    """Empty is said of empty text only."""
    for text, reason in (
        ("", "it was empty"),
        (" \ufeff\n", "it was empty"),
        ("<|im_end|>", "it held no text"),
        ("<think>Call", "it held thoughts and no answer after them"),
        ("<think>Call</think>\n", "it held thoughts and no answer after them"),
        ("Call.", "it was not valid JSON"),
        ('{"content": "Call', "its JSON ended in the middle"),
        (f"{ONE} or {ONE}", "it held several JSON objects, and nothing says which one is meant"),
        ("[]", "it was not a JSON object"),
    ):
        with pytest.raises(LLMBadOutput) as caught:
            first_object(text)

        assert caught.value.reason == reason, text
