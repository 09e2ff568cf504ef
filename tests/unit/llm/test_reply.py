import pytest

from oo.errors import LLMBadOutput
from oo.llm.reply import first_object, several_objects

ONE = '{"content": "Call"}'
TWO = f'[{ONE}, {{"content": "Write"}}]'


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        f"  {ONE}\n",
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


@pytest.mark.parametrize(
    "text",
    [
        '{"content": "Call',
        '[{"content": "Call"}, {"content": "Wri',
        '{"candidates": [{"content": "Call"}, {"con',
        '```json\n{"content": "Call\n```',
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
    """What is cut off, of another shape or no JSON stays unread."""
    with pytest.raises(LLMBadOutput):
        first_object(text)


@pytest.mark.parametrize(
    "text",
    [TWO, f'{{"candidates": {TWO}}}', f"```json\n{TWO}\n```", f'Here: {{"candidates": {TWO}}}', f"[3, {TWO[1:]}"],
)
def test_several_objects_are_found(text: str) -> None:
    """In an array or under `candidates`; what is no object is passed over."""
    assert several_objects(text) == [{"content": "Call"}, {"content": "Write"}]


@pytest.mark.parametrize(
    "text", [ONE, "[]", '["a", "b"]', '{"candidates": {}}', '{"candidates": null}', '{"candidates": ["a"]}', "7"]
)
def test_a_reply_without_a_list_of_objects_is_refused(text: str) -> None:
    """Where several tips were asked for, one object is not the answer."""
    with pytest.raises(LLMBadOutput):
        several_objects(text)
