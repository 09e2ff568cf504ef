import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oo.outputs.items import encoded_bytes, from_item, to_item
from testing.for_each import for_each

numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
plain_values = st.none() | st.booleans() | st.integers(-(10**38) + 1, 10**38 - 1) | st.text()


@given(fields=st.dictionaries(st.text(), plain_values, max_size=4))
def test_every_plain_field_comes_back_as_it_was(fields: dict[str, Any]) -> None:
    """A written item is read back, value and type."""
    back = from_item(to_item(fields))

    assert repr(fields) == repr(back)


@given(value=st.dictionaries(st.text(), json_values, max_size=4))
def test_every_nested_value_comes_back_as_it_was(value: dict[str, Any]) -> None:
    """Value and type, through any nesting: 1.0 is not 1, and a fraction keeps its last digit."""
    back = from_item(to_item({"value": value}), json_fields=("value",))

    assert repr(back) == repr({"value": value})


@for_each("number", [1.0, -0.0, 0.1 + 0.2, 1e-300, 1.7976931348623157e308, 10**40])
def test_no_number_is_left_to_dynamodb(number: float) -> None:
    """DynamoDB would write 1.0 as 1 and reject numbers out of its range; text is unchanged."""
    assert to_item({"value": {"number": number}}) == {"value": {"S": json.dumps({"number": number}).replace(" ", "")}}


@for_each(
    ("value", "attribute"),
    [
        (None, {"NULL": True}),
        (True, {"BOOL": True}),
        (1, {"N": "1"}),
        (-7, {"N": "-7"}),
        ("", {"S": ""}),
        ("Brot für Łódź 🥖", {"S": "Brot für Łódź 🥖"}),
        ({"a": {"b": [None, "Łódź"]}}, {"S": '{"a":{"b":[null,"Łódź"]}}'}),
    ],
)
def test_a_value_is_written_as_dynamodb_names_it(value: Any, attribute: dict[str, Any]) -> None:
    """Each kind of field has one attribute type; truth values are no numbers."""
    assert to_item({"value": value}) == {"value": attribute}


@for_each(
    "value",
    [1.0, 10**38, -(10**38), b"bytes", {1, 2}, {"ratio": float("nan")}, {"ratio": [float("-inf")]}],
)
def test_what_would_not_come_back_is_refused(value: Any) -> None:
    """No value goes out that would be refused or changed on the way."""
    with pytest.raises(ValueError, match=r"stored|JSON"):
        to_item({"value": value})


@pytest.mark.parametrize("value", [10**38 - 1, -(10**38) + 1])
def test_the_last_number_in_range_is_written(value: int) -> None:
    """The range's edges are inside."""
    assert from_item(to_item({"value": value})) == {"value": value}


@for_each("attribute", [{"B": b"x"}, {"SS": ["a"]}, {"S": 5}, {"N": 5}, {"M": {}}, {}, {"N": "1.5"}])
def test_an_attribute_that_is_none_of_ours_is_refused(attribute: dict[str, Any]) -> None:
    """A row that something else wrote is not guessed at."""
    with pytest.raises(ValueError, match=r"."):
        from_item({"value": attribute})


@for_each("attribute", [{"S": "{"}, {"M": {}}, {"N": "1"}])
def test_a_nested_field_that_is_no_json_text_is_refused(attribute: dict[str, Any]) -> None:
    """The same is true for a text that should be JSON."""
    with pytest.raises(ValueError, match=r"."):
        from_item({"value": attribute}, json_fields=("value",))


def test_size_counts_bytes() -> None:
    """A character of two bytes counts as two."""
    assert encoded_bytes(to_item({"a": "éé"})) == encoded_bytes(to_item({"a": "eeee"}))
