"""Two versions of one schema beside each other."""

from typing import Any

from testing.for_each import for_each
from tools.contract.schema_changes import Comparison

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
NULL: Schema = {"type": "null"}
PARTS: Schema = {"parts": {"Row": {"type": "object", "title": "Row", "properties": {"id": TEXT}, "required": ["id"]}}}
ROW: Schema = {"$ref": "#/parts/Row"}
OTHER_ROW: Schema = {"type": "object", "title": "Other", "properties": {"name": TEXT}, "required": ["name"]}

SAME: dict[str, tuple[Schema, Schema]] = {
    "choices in another order": ({"anyOf": [TEXT, NUMBER, NULL]}, {"anyOf": [NULL, TEXT, NUMBER]}),
    "choices under another keyword": ({"anyOf": [TEXT, NULL]}, {"oneOf": [NULL, TEXT]}),
    "types as a list": ({"anyOf": [TEXT, NULL]}, {"type": ["null", "string"]}),
    "a choice inside of another": ({"anyOf": [TEXT, NUMBER, NULL]}, {"anyOf": [TEXT, {"anyOf": [NUMBER, NULL]}]}),
    "values as constants": (TEXT | {"enum": ["a", "b"]}, {"oneOf": [TEXT | {"const": "b"}, TEXT | {"const": "a"}]}),
    "a reference with a text": (ROW, {"allOf": [ROW], "description": "One row."}),
    "parts of an object": (
        {"type": "object", "properties": {"a": TEXT, "b": NUMBER}, "required": ["a", "b"]},
        {
            "allOf": [
                {"properties": {"b": NUMBER}, "required": ["b"]},
                {"properties": {"a": TEXT}, "required": ["a"]},
            ],
            "type": "object",
        },
    ),
}
WIDER: dict[str, tuple[Schema, Schema]] = {
    "null as well": (ROW, {"anyOf": [NULL, ROW]}),
    "a choice more": ({"anyOf": [TEXT, NULL]}, {"anyOf": [NULL, WHOLE, TEXT]}),
    "every number": (WHOLE, NUMBER),
    "a value more": (TEXT | {"enum": ["a"]}, {"anyOf": [TEXT | {"const": "b"}, TEXT | {"const": "a"}]}),
    "anything": (TEXT, {}),
    "another object as well": (ROW, {"anyOf": [OTHER_ROW, ROW]}),
}
"""Each old schema accepts less than the new one."""


def breaches(old: Schema, new: Schema, *, is_request: bool) -> list[str]:
    return list(Comparison(PARTS, PARTS, is_request=is_request).of("x", old, new))


@for_each("name", SAME)
def test_choices_are_compared_by_content(name: str) -> None:
    """Neither a request nor an answer changes, in either direction."""
    one, other = SAME[name]
    found = [
        breaches(*pair, is_request=is_request) for pair in ((one, other), (other, one)) for is_request in (True, False)
    ]

    assert found == [[], [], [], []]


@for_each("name", WIDER)
def test_a_request_may_take_more_and_an_answer_may_hold_less(name: str) -> None:
    narrow, wide = WIDER[name]

    assert breaches(narrow, wide, is_request=True) == []
    assert breaches(wide, narrow, is_request=False) == []


@for_each("name", WIDER)
def test_a_request_that_takes_less_and_an_answer_that_holds_more_break(name: str) -> None:
    narrow, wide = WIDER[name]

    assert breaches(wide, narrow, is_request=True) != []
    assert breaches(narrow, wide, is_request=False) != []


def test_a_choice_that_is_gone_is_named_once() -> None:
    """By its title, and not by each of its fields."""
    both, one = {"anyOf": [ROW, OTHER_ROW]}, {"anyOf": [ROW]}

    assert breaches(both, one, is_request=True) == ["x: Other is no longer accepted"]
    assert breaches(one, both, is_request=False) == ["x: Other is new"]


def test_a_change_inside_of_a_choice_is_named_by_its_place() -> None:
    """Beside the choice that it fits best, wherever that stands."""
    old = {"anyOf": [TEXT | {"maxLength": 9}, NULL]}
    new = {"anyOf": [NULL, TEXT | {"maxLength": 8}]}

    assert breaches(old, new, is_request=True) == ["x: maxLength changed from 9 to 8"]


def test_a_default_is_that_of_the_whole_value() -> None:
    """It stands beside the choices."""
    old = {"anyOf": [WHOLE, NULL], "default": 1}
    new = {"anyOf": [NULL, WHOLE], "default": 2}

    assert breaches(old, new, is_request=True) == ["x: its default changed from 1 to 2"]
    assert breaches(old, new, is_request=False) == []


def test_a_schema_that_holds_itself_is_compared_once() -> None:
    node: Schema = {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#/node"}, NULL]}}}
    document = {"node": node}

    assert list(Comparison(document, document, is_request=True).of("x", {"$ref": "#/node"}, {"$ref": "#/node"})) == []
