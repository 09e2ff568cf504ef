"""Which key of a row holds a field, and the state of the field."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oo.contract.vocabulary import COMPLETION_FIELDS, FEEDBACK_FIELDS, TASK_FIELDS, TASK_FLAGS, FieldKeys
from oo.snapshot.report import ListReport
from oo.snapshot.rows import (
    HINTED,
    UNREADABLE,
    Columns,
    RowFields,
    first_readable,
    in_order,
    is_blank,
    read_alike,
    read_rows,
    readers_by_key,
)
from testing.for_each import for_each

FIELDS = {"size": FieldKeys(("size", "length", "width"), ("scale", "extent")), "name": FieldKeys(("name",))}
FLAGS = {"big": FieldKeys(("big", "large"))}


def number_state(value: object) -> object:
    """A whole number; zero and blank are none."""
    if is_blank(value) or value == 0:
        return None
    return value if type(value) is int else UNREADABLE


READERS = readers_by_key(FIELDS, {"size": number_state, "name": str})
ROW_FIELDS = RowFields({**FIELDS, **FLAGS}, flags=FLAGS)


def read(row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, int]]:
    """The fields read, the unknown ones, and the report."""
    report = ListReport("things")
    [(_, values, unknown, _, _)] = read_rows([row], ROW_FIELDS, lambda _: READERS, report)
    named = zip(FIELDS, values, strict=True)
    return {name: value for name, value in named if value is not None}, dict(unknown), report.counts("unreadable")


@for_each(
    "row",
    [
        {"size": 5},
        {"length": 5},
        {"size": 5, "length": 7},
        {"length": 7, "size": 5},
        {"size": None, "length": 5},
        {"size": "", "width": 5, "length": 0},
        {"size": "much", "length": 5},
        {"size": 5, "length": "much"},
        {"size": 5, "scale": "large"},
        {"width": 5, "length": None, "size": "much", "extent": 3, "colour": "red"},
    ],
)
def test_the_first_readable_key_wins(row: dict[str, Any]) -> None:
    """The order is that of the table; an unreadable value before it is not reported."""
    assert read(row) == ({"size": 5}, {}, {})


@for_each(
    "row",
    [
        {},
        {"size": None},
        {"size": " "},
        {"size": 0, "length": None, "width": []},
        {"scale": None},
        {"scale": False, "extent": ""},
        {"size": None, "scale": False, "extent": {}},
        {"colour": "red", "big": True},
    ],
)
def test_nothing_under_any_key_is_absent(row: dict[str, Any]) -> None:
    assert read(row) == ({}, {}, {})


@for_each(
    "row",
    [
        {"size": "much"},
        {"length": "much"},
        {"size": None, "width": True},
        {"size": "much", "length": [5], "width": 1.5},
        {"size": "much", "scale": "large"},
        {"size": "much", "length": 0},
    ],
)
def test_a_value_that_cannot_be_read_makes_its_field_unknown(row: dict[str, Any]) -> None:
    """Reported once, under the documented name."""
    assert read(row) == ({}, {"size": UNREADABLE}, {"things.size": 1})


@for_each(
    "row",
    [
        {"scale": "large"},
        {"scale": 0},
        {"extent": True},
        {"scale": False, "extent": [1]},
        {"size": None, "scale": "large"},
        {"length": "", "extent": {"a": 1}},
    ],
)
def test_a_hint_makes_its_field_unknown_and_is_never_read(row: dict[str, Any]) -> None:
    assert read(row) == ({}, {"size": HINTED}, {})


def test_fields_stand_by_themselves() -> None:
    assert read({"name": "a", "size": "much", "big": True}) == (
        {"name": "a"},
        {"size": UNREADABLE},
        {"things.size": 1},
    )


def test_keys_that_no_field_uses_are_counted_once_a_row() -> None:
    """Hints among them; a key that another one outranks is used."""
    report = ListReport("things")
    rows = [{"size": 1, "length": 2, "colour": "red"}] * 3 + [{"colour": None, "scale": 5, "large": True}] * 2

    flags = [plan.flags for _, _, _, _, plan in read_rows(rows, ROW_FIELDS, lambda _: READERS, report)]

    assert report.unread_keys() == {"colour": 5, "scale": 2}
    assert flags == [{}] * 3 + [{"big": ("large",)}] * 2


def test_rows_with_different_zones_keep_their_order() -> None:
    fields = RowFields({**FIELDS, "timezone": FieldKeys(("timezone",))}, flags=("timezone",))
    rows = [{"size": size, "timezone": zone} for size, zone in enumerate(("UTC", "Asia/Tokyo", "UTC", None), start=1)]

    found = read_rows(rows, fields, lambda _: READERS, ListReport("things"))

    assert list(range(1, 5)) == [size for _, (size, _), _, _, _ in found]


def test_rows_with_different_keys_keep_their_order() -> None:
    """A row that is no object is left out, and reported."""
    report = ListReport("things")
    rows = [{"size": 1}, {"name": "b"}, None, {"size": 3}, {"name": "e", "size": 5}, [], {"name": "g"}]

    found = read_rows(rows, ROW_FIELDS, lambda _: READERS, report)

    expected = [(0, (1, None)), (1, (None, "b")), (3, (3, None)), (4, (5, "e")), (6, (None, "g"))]

    assert expected == [(place, values) for place, values, _, _, _ in found]
    assert report.counts("dropped") == {"things.not_object": 2}


@for_each(
    "case",
    [
        ([], None),
        ([None, None], None),
        ([None, True, False], True),
        ([None, False, True], False),
        ([UNREADABLE, None], UNREADABLE),
        ([UNREADABLE, False], False),
        ([0], 0),
    ],
)
def test_the_first_of_several_states_counts(case: tuple[list[Any], object]) -> None:
    assert first_readable(case[0]) is case[1]


@pytest.mark.parametrize("fields", [TASK_FIELDS, COMPLETION_FIELDS, FEEDBACK_FIELDS], ids=["task", "completion", "tip"])
def test_no_key_holds_two_fields(fields: Mapping[str, FieldKeys]) -> None:
    """Hints neither, but for the ones of flags; the first key of a field is its documented name."""
    keys = Counter(key for field in fields.values() for key in field.keys)
    hints = Counter(key for field in fields.values() for key in field.hints)

    assert [key for key, count in keys.items() if count > 1] == []
    assert hints.keys() & keys.keys() == set()
    assert max(hints.values(), default=1) == 1
    assert [name for name, field in fields.items() if field.keys[0] != name] == []


def test_hints_are_no_flags() -> None:
    hints = {key for field in TASK_FIELDS.values() for key in field.hints}

    assert hints & {key for field in TASK_FLAGS.values() for key in field.keys} == set()


@pytest.mark.parametrize("fields", [TASK_FIELDS, COMPLETION_FIELDS, FEEDBACK_FIELDS], ids=["task", "completion", "tip"])
def test_every_documented_key_is_read_in_camel_case(fields: Mapping[str, FieldKeys]) -> None:
    for name, field in fields.items():
        first, *others = name.split("_")
        camel = first + "".join(word.title() for word in others)

        assert camel in field.keys, name


_values = st.sampled_from([None, "", 0, 5, "much", False, [], [1]])


@given(st.dictionaries(st.sampled_from(["size", "length", "width", "scale", "extent", "name", "big", "x"]), _values))
def test_the_order_of_keys_does_not_matter(row: dict[str, Any]) -> None:
    assert read(row) == read(dict(reversed(row.items())))


_lists = st.lists(st.dictionaries(st.sampled_from(["size", "length", "name"]), _values, min_size=1), max_size=4)


def every(rows: list[dict[str, Any]], columns: Columns | None = None) -> str:
    """All that is read, written so that 1, 1.0 and True differ."""
    report = ListReport("things")
    return repr(list(in_order(read_alike(rows, ROW_FIELDS, lambda _: READERS, report, columns)))) + repr(
        report.counts("unreadable")
    )


@given(st.lists(_lists, max_size=4))
def test_known_columns_change_nothing(lists: list[list[dict[str, Any]]]) -> None:
    """Of any lists, also of two that hold the same values with one row more."""
    columns = Columns()
    every_list = [*lists, *lists, *([*rows, *rows] for rows in lists)]

    assert [every(rows, columns) for rows in every_list] == [every(rows) for rows in every_list]


@for_each(
    ("first", "second", "reads_n"),
    [
        ("5", "5", 1),
        (None, None, 1),
        (5, 5, 1),
        (1, True, 2),
        (1, 1.0, 2),
        (1.0, 1.0, 2),
        ([1], [1], 2),
        ("5", 5, 2),
    ],
)
def test_a_column_of_plain_values_is_read_once(first: object, second: object, reads_n: int) -> None:
    """Floats, flags and nested values are read again, because values that differ may be equal."""
    columns, calls = Columns(), list[object]()
    readers = {**READERS, "name": calls.append}

    for name, other in ((first, 1), (second, 2)):
        rows = [{"name": name, "size": other}] * 3
        read_alike(rows, ROW_FIELDS, lambda _: readers, ListReport("things"), columns)

    assert len(calls) == (0 if first is None else 3 * reads_n)
