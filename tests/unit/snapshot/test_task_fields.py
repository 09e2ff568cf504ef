"""The values of single fields of a task: which are read, which say that there is nothing, which cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oo.contract.vocabulary import ESTIMATE_UNITS, IMPORTANCE, PRIORITY_WORDS, STATUS_WORDS
from oo.snapshot.rows import UNREADABLE, Read, Unreadable
from oo.snapshot.task_fields import (
    Scale,
    amount_state,
    flag_state,
    id_state,
    is_flag_word,
    is_word,
    minutes_state,
    priority_state,
    read_id,
    recurrence_state,
    scale_of,
    status_state,
    tags_state,
    title_state,
)
from testing.for_each import for_each

BLANK: tuple[object, ...] = ("", " ", "\t\n", [], {})
BLANK_TAGS: tuple[object, ...] = ([""], [" ", ""])
NO_TAGS: tuple[object, ...] = (5, True, {"nodes": []}, [5], [None], [["home"]], [{"id": 5}])
ODD: tuple[object, ...] = (True, False, ["x"], [1], {"a": 1}, 1.5, float("1e300"))


@for_each(
    "case",
    [
        *((value, value) for value in ("t1", "1", "0x1", "00", "0.0", " t1", "é" * 256, "false", "-1")),
        *(((12, "12")), (12.0, "12"), (-7, "-7"), (2**70, str(2**70)), (10**250, "1" + "0" * 250), (1e20, str(10**20))),
        *(({"$oid": "5c9e"}, "5c9e"), ({"$oid": "0"}, None), ({"$oid": " "}, None)),
        *((value, None) for value in (*BLANK, 0, 0.0, "0", " 0 ")),
        *((value, UNREADABLE) for value in (*ODD, "x" * 257, 10**251, {"$oid": 5}, {"$oid": "x" * 257}, {"id": "5"})),
    ],
)
def test_ids_are_texts_and_whole_numbers(case: tuple[object, object]) -> None:
    value, expected = case

    assert id_state(value) == expected
    assert read_id(value) == (expected if isinstance(expected, str) else None)


@for_each(
    "case",
    [
        *((value, value) for value in ("Call Tom", "0", "12", "x" * 80)),
        *((("  Call \n Tom ", "Call Tom")), (2026, "2026"), (0, "0"), (-3, "-3"), (7.0, "7"), (2**70, str(2**70))),
        *((value, None) for value in BLANK),
        *((value, UNREADABLE) for value in (*ODD, "\u200b", "\u202e", "\u0000\u0001", 10**251)),
    ],
)
def test_titles_are_texts_and_whole_numbers(case: tuple[object, object]) -> None:
    """As they are shown; nothing but invisible characters is no title."""
    state = title_state(case[0])

    assert (state[0] if isinstance(state, tuple) else state) == case[1]


@for_each("group", STATUS_WORDS)
def test_every_word_of_a_status_is_read_in_every_spelling(group: str) -> None:
    for word in STATUS_WORDS[group]:
        spellings = {word, word.upper(), word.title(), f" {word}\n", word.replace(" ", "-"), word.replace(" ", "_")}
        spellings |= {word.replace(" ", ""), word.title().replace(" ", ""), word.replace("'", "\u2019")}
        spellings |= {
            word.title().replace(" ", "").replace("'", ""),
            word.replace("'", ""),
            f"{word[0].upper()}{word[1:]}",
        }
        for spelling in sorted(spellings):
            assert status_state(spelling) == group, spelling
            assert status_state({"type": spelling, "name": "x"}) == group, spelling
            assert status_state({"id": 5, "name": spelling}) == group, spelling


@for_each(
    "case",
    [
        *((value, None) for value in (*BLANK, 0, 0.0, "0", " 0")),
        *(
            (word, UNREADABLE)
            for word in ("Sprint 12", "half done", "not done", "undone", "donex", "in", "!", "✅", "true")
        ),
        *(
            (value, UNREADABLE)
            for value in (*ODD, 1, 2, -1, "1", "-1", "2.0", {"type": 5}, {"name": "Sprint"}, {"id": 1})
        ),
        (({"type": "started", "name": "Done"}), "in progress"),
        (({"type": "custom", "name": "Done"}), "done"),
        (({"type": None, "name": "closed"}), "done"),
        (({"name": "Won\u2019t Do", "statusCategory": {"key": "done"}}), "gone"),
    ],
)
def test_other_statuses_are_absent_or_unknown(case: tuple[object, object]) -> None:
    """An object is the word in its `type`, else in its `name`."""
    assert status_state(case[0]) == case[1]


def test_a_status_that_is_no_word_is_a_code() -> None:
    """Numbers in text are numbers."""
    words = ["Sprint 12", "true", "✅", {"name": "Sprint"}, {"type": "x", "id": 4}]
    codes = [*ODD, 1, 2, -1, "1", " -1 ", "+2", "2.0", "", {"type": 5}, {"id": 1}, {"name": ""}, {"name": "7"}]

    assert [value for value in words if not is_word(value)] == []
    assert [value for value in codes if is_word(value)] == []


@for_each(
    "case",
    [
        (True, True),
        (False, False),
        *((value, None) for value in (*BLANK, None, 0, "0")),
        *((value, UNREADABLE) for value in (1, "true", "yes", "no", "1", [False], {"a": 1}, "2026-03-12")),
    ],
)
def test_flags_are_true_or_false(case: tuple[object, object]) -> None:
    assert flag_state(case[0]) is case[1]


def test_words_of_flags_are_no_times() -> None:
    assert all(map(is_flag_word, ("true", " False ", "YES", "no", "n")))
    assert not any(map(is_flag_word, ("soon", "2026-03-12", "", 1, True, None)))


@for_each("meaning", PRIORITY_WORDS)
def test_every_word_of_a_priority_is_read_in_every_spelling(meaning: str) -> None:
    for word in PRIORITY_WORDS[meaning]:
        for spelling in (word, word.lower(), word.upper(), f" {word} ", {"name": word}, {"id": "1", "name": word}):
            assert priority_state(spelling) == (None if meaning == "none" else meaning), spelling


@for_each(
    "case",
    [
        *((value, None) for value in (*BLANK, "-", "--", "NONE")),
        *((value, value) for value in (1, 4, 0, 5, 9, -1, 2.5, 0.1)),
        *((("3", 3.0)), ("2.5", 2.5), (" 4 ", 4.0), ("-1", -1.0), ("+2", 2.0), ("0", 0.0), ({"name": "3"}, 3.0)),
        *((value, UNREADABLE) for value in (True, False, ["high"], [3], {"name": 3}, {"name": None}, {"id": 3})),
        *((value, UNREADABLE) for value in ("P7", "very high", "!!!", "🔥", "hoch", "1e3", "3/5", "high!", "HH")),
    ],
)
def test_priorities_are_words_or_numbers(case: tuple[object, object]) -> None:
    """The scale gives a number's meaning."""
    assert priority_state(case[0]) == case[1]


_LOW, _MEDIUM, _HIGH, _URGENT = (IMPORTANCE[word] for word in ("low", "medium", "high", "urgent"))
_Weights = dict[float, float | Unreadable | None]


@for_each(
    "case",
    [
        (Scale(), {1: _LOW, 2: _MEDIUM, 3: _HIGH, 4: _URGENT, 2.5: UNREADABLE}),
        (Scale(is_four_steps=False), dict.fromkeys((0, 1, 4, 5, 9, 0.1), UNREADABLE)),
        (
            Scale(smaller_is_higher=True),
            {1: _URGENT, 2: _HIGH, 3: _MEDIUM, 4: _LOW, 0: None, 10: UNREADABLE, 1.5: UNREADABLE},
        ),
        (
            Scale(smaller_is_higher=True, is_four_steps=False),
            {
                0: None,
                1: _HIGH,
                4: _HIGH,
                5: _MEDIUM,
                6: _LOW,
                9: _LOW,
                10: UNREADABLE,
                -1: UNREADABLE,
                5.5: UNREADABLE,
            },
        ),
    ],
)
def test_a_number_weighs_what_its_word_does(case: tuple[Scale, _Weights]) -> None:
    scale, weights = case

    assert {number: scale.importance(number) for number in weights} == weights


@for_each(
    "case",
    [
        ((), True, True),
        ((1, 2, 3, 4), True, True),
        ((1, 2.5), False, True),
        ((1, 1.5, 2), False, True),
        ((0,), False, True),
        ((5,), False, False),
        ((4, 9), False, False),
        ((0.1, 1, 2), False, True),
        ((-1,), False, True),
        ((10, 1), False, True),
        ((1, 7.0), False, False),
    ],
)
def test_the_numbers_of_a_user_tell_their_scale(case: tuple[tuple[float, ...], bool, bool]) -> None:
    """Whether four steps are left where larger is higher, and where smaller is."""
    numbers, is_ours, is_small = case

    assert scale_of(numbers, smaller_is_higher=False).is_four_steps is is_ours
    assert scale_of(numbers, smaller_is_higher=True).is_four_steps is is_small


@for_each(
    "case",
    [
        *((value, float(value)) for value in (1, 25, 1440, 7.5, 0.5)),
        *((("25", 25.0)), (" 7.5 ", 7.5), ("1440", 1440.0)),
        *((value, None) for value in (*BLANK, 0, 0.0, "0")),
        *(
            (value, UNREADABLE)
            for value in (-5, "-5", 1441, 1e6, "30m", "PT5M", "0:05", "1:30", "5 min", "1h", True, False)
        ),
        *((value, UNREADABLE) for value in ([25], "25,5", "½", "1e2", "twenty", 10**400)),
        *(({"amount": 15, "unit": unit}, 15 * factor) for unit, factor in ESTIMATE_UNITS.items()),
        *(
            ({"amount": "15", "unit": "Minutes"}, 15.0),
            ({"amount": 2, "unit": "HOUR"}, 120.0),
            ({"amount": 24, "unit": "h"}, 1440.0),
        ),
        *(({"amount": amount, "unit": "min"}, None) for amount in (0, None, "", "0")),
        *(
            ({"amount": 1, "unit": unit}, UNREADABLE)
            for unit in ("day", "days", "week", "points", "", None, 5, "pomodoro")
        ),
        *(({"amount": amount, "unit": "hour"}, UNREADABLE) for amount in (25, -1, True, "x", [1], {"a": 1})),
        *(
            (value, UNREADABLE)
            for value in ({"amount": 15}, {"unit": "min"}, {"minutes": 15}, {"value": 15, "unit": "min"})
        ),
    ],
)
def test_estimates_are_minutes_or_amounts_with_a_unit(case: tuple[object, object]) -> None:
    """More than a day, or a day as a unit, is no number of minutes."""
    value, expected = case

    assert minutes_state(value) == expected
    if isinstance(value, dict):
        assert amount_state(value) == expected


@for_each(
    "case",
    [
        *((value, None) for value in (*BLANK, 0, "0")),
        *((value, UNREADABLE) for value in (5, 900, "25", 7.5, -1, "30m", True, False, [5], "XL")),
    ],
)
def test_a_number_without_a_unit_may_be_points(case: tuple[object, object]) -> None:
    assert amount_state(case[0]) == case[1]


@for_each(
    "case",
    [
        (["home", " work "], ("home", "work")),
        ([{"name": "home"}, {"title": "work"}, {"id": 1, "name": "x", "title": "y"}], ("home", "work", "x")),
        ("home, work,,", ("home", "work")),
        ("home", ("home",)),
        (["home", 5, None], ("home",)),
        (["x" * 70], ("x" * 64,)),
        *((value, None) for value in (*BLANK, ",", " , ", *BLANK_TAGS)),
        *((value, UNREADABLE) for value in NO_TAGS),
    ],
)
def test_tags_are_texts_or_names(case: tuple[object, object]) -> None:
    assert tags_state(case[0]) == case[1]


def test_a_hundred_tags_are_enough() -> None:
    many = [f"tag {place}" for place in range(2_000)]

    assert len(tags_state(many) or ()) == len(tags_state(",".join(many)) or ()) == 100  # type: ignore[arg-type]  # read


@for_each("rule", ["FREQ=DAILY", "weekly", {"freq": "daily"}, ["RRULE:FREQ=DAILY"], True, 7])
def test_any_rule_of_recurrence_is_one(rule: object) -> None:
    assert recurrence_state(rule) is True


@for_each("nothing", [*BLANK, False, 0])
def test_no_rule_is_none(nothing: object) -> None:
    assert recurrence_state(nothing) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    "read",
    [id_state, title_state, status_state, flag_state, priority_state, minutes_state, amount_state, tags_state],
)
@given(json_values)
def test_no_value_raises(read: Read, value: object) -> None:
    read(value)
