from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oo.outputs.items import encoded_bytes, from_item, to_item

in_range = st.floats(min_value=-1e120, max_value=1e120).filter(lambda number: number == 0 or abs(number) > 1e-120)
numbers = st.integers(-(10**38) + 1, 10**38 - 1) | in_range
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(fields=st.dictionaries(st.text(), json_values, max_size=4))
def test_every_json_value_comes_back_as_it_was(fields: dict[str, Any]) -> None:
    """What is written is read back: value and type, through any nesting."""
    back = from_item(to_item(fields))

    assert repr(fields) == repr(back)


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        (None, {"NULL": True}),
        (True, {"BOOL": True}),
        (1, {"N": "1"}),
        (-7, {"N": "-7"}),
        (0.1, {"N": "0.1"}),
        (1e-05, {"N": "1e-05"}),
        ("", {"S": ""}),
        ("Brot für Łódź 🥖", {"S": "Brot für Łódź 🥖"}),
        ([], {"L": []}),
        ({"a": {"b": []}}, {"M": {"a": {"M": {"b": {"L": []}}}}}),
    ],
)
def test_a_value_is_written_as_dynamodb_names_it(value: Any, attribute: dict[str, Any]) -> None:
    """Each of JSON's types has one attribute type; truth values are no numbers."""
    assert to_item({"value": value}) == {"value": attribute}


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), float("-inf"), 1e125, 1e-131, 10**38, -(10**38), b"bytes", {1, 2}]
)
def test_what_dynamodb_cannot_hold_is_refused(value: Any) -> None:
    """No value goes out that would be refused or changed on the way."""
    with pytest.raises(ValueError, match=r"stored|JSON"):
        to_item({"value": [value]})


@pytest.mark.parametrize("value", [9.9e124, 1e-130, 10**38 - 1, 0.0])
def test_the_last_number_in_range_is_written(value: float) -> None:
    """The range's edges are inside."""
    assert from_item(to_item({"value": value})) == {"value": value}


@pytest.mark.parametrize("attribute", [{"B": b"x"}, {"SS": ["a"]}, {"S": 5}, {"N": 5}, {"M": []}, {}, {"N": "five"}])
def test_an_attribute_that_is_none_of_ours_is_refused(attribute: dict[str, Any]) -> None:
    """A row that something else wrote is not guessed at."""
    with pytest.raises(ValueError, match=r"."):
        from_item({"value": attribute})


def test_size_counts_bytes() -> None:
    """A character of two bytes counts as two."""
    assert encoded_bytes(to_item({"a": "éé"})) == encoded_bytes(to_item({"a": "eeee"}))
