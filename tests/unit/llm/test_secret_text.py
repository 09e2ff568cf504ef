"""The text of a secret, however it was pasted."""

from collections.abc import Callable

import pytest

from oo.errors import ConfigError
from oo.llm.secret_key import bearer_key, plain_text
from testing.for_each import for_each

KEY = "sk-1"
PASTED = (
    "sk-1",
    " \tsk-1\r\n",
    "\ufeffsk-1",
    '"sk-1"',
    "'sk-1'",
    ' "sk-1" \n',
    "Bearer sk-1",
    "bearer\tsk-1",
    '"Bearer sk-1"',
    'Bearer "sk-1"',
    '\ufeff{"LITELLM_API_KEY": "sk-1"}\n',
    '{"any name": " Bearer sk-1 "}',
)
UNUSABLE = (
    '{"user": "a", "password": "b"}',
    '{"key": "a", "key": "b"}',
    "{}",
    '{"key": 1}',
    '{"key": null}',
    '{"key": {"key": "sk-1"}}',
    '{"key": ""}',
    '{"key": "sk-1"',
    '["sk-1"]',
    "[" * 100_000,
    "",
    " ",
    '""',
    "Bearer",
    "Bearer ",
    "sk-\n1",
    "sk-1 sk-2",
    "sk-é",
    "sk-\x00",
    "sk-\x7f",
    "”sk-1”",
    b"sk-1",
    None,
)


def refusal(read: Callable[[object, str], str], value: object) -> str:
    """The sentence of the ConfigError; empty where the value is taken."""
    try:
        read(value, "The secret of X_KEY")
    except ConfigError as error:
        return str(error)
    return ""


def test_everything_around_a_key_is_taken_off() -> None:
    """White space, byte order marks, quotes, the word Bearer, and the shape of a key/value secret."""
    assert dict.fromkeys(PASTED, KEY) == {pasted: bearer_key(pasted, "X_KEY") for pasted in PASTED}


def test_a_key_that_no_header_can_carry_is_refused_by_name() -> None:
    """The sentence begins with the setting and holds nothing of the value."""
    refusals = {str(value)[:20]: refusal(bearer_key, value) for value in UNUSABLE}

    assert [value for value, said in refusals.items() if not said.startswith("The secret of X_KEY ")] == []
    assert [said for said in refusals.values() if "sk-" in said or "password" in said] == []


@for_each(
    ("value", "expected"),
    [(" k1\n", "k1"), ('{"key": "k1"}', "k1"), ('"k1"', '"k1"'), ("{k1", "{k1"), ("ключ", "ключ")],
)
def test_a_text_that_is_no_key_of_a_header_keeps_its_signs(value: str, expected: str) -> None:
    """A key that stays here may hold any character."""
    assert plain_text(value, "X_KEY") == expected


@pytest.mark.parametrize("value", ["k\udcff", '{"key": "\\ud800"}'])
def test_a_text_that_cannot_be_written_is_refused(value: str) -> None:
    """Bytes of the environment that are no UTF-8, and half characters of JSON, fit into no hash and no header."""
    assert refusal(plain_text, value) == refusal(bearer_key, value) == "The secret of X_KEY is no text of Unicode"
