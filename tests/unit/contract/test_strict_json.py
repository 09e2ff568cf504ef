import pytest
from pydantic import ValidationError

from oo.contract import strict_json
from oo.contract.agents import ComputeRequest
from oo.contract.limits import MAX_BODY_BYTES, MAX_DEPTH
from oo.errors import PayloadTooLarge, RequestInvalid
from testing.for_each import for_each

UTF_16 = '"\\ud800"'.encode("utf-16-le").decode()
"""A NUL after each letter, by which Python's reader of bytes takes them for another encoding."""


def nested(depth: int, inside: str = "") -> str:
    return "[" * depth + inside + "]" * depth


def problem_of(text: str | None) -> dict[str, object]:
    with pytest.raises(RequestInvalid) as caught:
        strict_json.parse(text)
    (problem,) = caught.value.errors
    return dict(problem)


@for_each("text", [None, "", "nope", "{", '{"a":1,}', "{'a': 1}", "[1] [2]", UTF_16])
def test_what_is_no_json_is_named_so(text: str | None) -> None:
    """Text that is not JSON is one problem of the body, without the text."""
    assert problem_of(text) == {"type": "json_invalid", "loc": ["body"], "msg": "Input should be valid JSON"}


@for_each("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 301, "9" * 5000])
def test_numbers_are_finite(number: str) -> None:
    """A number that no float can hold is refused wherever it stands."""
    assert problem_of(f'{{"tasks":[{{"priority":{number}}}]}}')["type"] == "finite_number"


def test_the_largest_finite_numbers_pass() -> None:
    """The boundary itself is inside: 300 digits, and the largest double."""
    assert strict_json.parse("[" + "1" * 300 + ",1.7976931348623157e308]") == [int("1" * 300), 1.7976931348623157e308]


@for_each("text", ['"\\ud800"', '{"\\udc00":1}', nested(MAX_DEPTH, '"\\ud800"'), '"\ud800"'])
def test_text_is_valid_unicode(text: str) -> None:
    """A lone surrogate, escaped or raw, as value or as key, is refused."""
    assert problem_of(text)["type"] == "string_unicode"


def test_a_byte_order_mark_is_passed_over() -> None:
    assert strict_json.parse("\ufeff[1]") == [1]


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert strict_json.parse('"\\ud83d\\ude00"') == "😀"


def test_nesting_is_bounded() -> None:
    """Eight levels pass, the ninth does not, and a hundred thousand cost no stack."""
    assert strict_json.parse(nested(MAX_DEPTH))
    assert problem_of(nested(MAX_DEPTH + 1))["type"] == "json_depth"
    assert problem_of(nested(100_000))["type"] == "json_depth"


def test_size_counts_bytes() -> None:
    """A text of half as many two-byte characters is at the limit; one more is over it."""
    at_limit = '"' + "é" * ((MAX_BODY_BYTES - 2) // 2) + '"'

    assert len(strict_json.parse(at_limit)) == (MAX_BODY_BYTES - 2) // 2
    with pytest.raises(PayloadTooLarge):
        strict_json.parse(at_limit + " ")


def test_locations_hold_names_of_the_contract_only() -> None:
    """A key of the caller's own does not come back in an error, nor does a value."""
    with pytest.raises(ValidationError) as caught:
        ComputeRequest.model_validate({"user_id": "u", "profile": {"my secret": "nan"}})

    found = strict_json.problems(caught.value.errors())

    assert [problem["loc"] for problem in found] == [["profile", "(key)"]]
    assert "my" not in str(found)
    assert "nan" not in str(found)
