"""Lists that several jobs of a user have in common are parsed once, and nothing else changes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oo.contract import strict_json
from oo.errors import PayloadTooLarge, RequestInvalid
from oo.precompute.job_text import JobFields, KnownLists, read_fields
from testing.for_each import for_each

TASKS = [{"id": 1, "title": "Call the dentist"}]
JOB: dict[str, Any] = {"user_id": "user-7", "tasks": TASKS, "now_iso": None, "agent_id": "quick-win"}

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner))
_ROWS = st.lists(st.dictionaries(st.sampled_from(["id", "title", "due"]), _VALUES), max_size=3)
_JOBS = st.fixed_dictionaries(
    {"user_id": st.text(max_size=3)},
    optional={"tasks": _ROWS | _VALUES, "feedback_history": _ROWS, "now_iso": _VALUES, "agent_id": _VALUES},
)


def compact(job: object) -> str:
    return json.dumps(job, separators=(",", ":"))


def read(text: str, known: KnownLists | None = None) -> JobFields | None:
    """The fields of a text, with the lists that are known."""
    own = known or KnownLists()
    return read_fields(text, lambda _: own)


def parsed(text: str) -> str | None:
    """The value of the general parser, written so that 1, 1.0 and True differ; None for an error."""
    try:
        return repr(strict_json.parse(text))
    except (RequestInvalid, PayloadTooLarge):
        return None


@given(_JOBS, st.data())
def test_members_are_those_of_the_general_parser(job: dict[str, Any], data: st.DataObject) -> None:
    """Any text, also one that is cut, changed or read a second time, gives the same value or none."""
    text = compact(job)
    place = data.draw(st.integers(0, len(text)))
    known = KnownLists()

    for each in (text, text, text[:place], text[:place] + data.draw(st.sampled_from(' ,:"{}[]1')) + text[place:]):
        try:
            found = read(each, known)
        except RequestInvalid:
            assert parsed(each) is None
            continue
        if found is not None:
            fields = {**found.others, **found.rows}
            general = strict_json.parse(each)
            assert repr({name: fields[name] for name in general}) == parsed(each)
            assert len(fields) == len(general)


def test_the_same_text_is_the_same_list() -> None:
    """A later job of the user gets the list of the first one, also under other members."""
    known = KnownLists()
    first, second = read(compact(JOB), known), read(compact(JOB | {"agent_id": "momentum", "profile": {}}), known)

    assert first is not None
    assert second is not None
    assert first.rows["tasks"] is second.rows["tasks"]
    assert (second.rows, second.others["agent_id"]) == ({"tasks": TASKS}, "momentum")


@for_each(
    "tasks",
    [[{"id": True, "title": "Call the dentist"}], [{"id": 1.0, "title": "Call the dentist"}], TASKS * 2, TASKS[0], []],
)
def test_equal_values_of_another_text_are_another_list(tasks: object) -> None:
    """For Python 1, 1.0 and True are equal; a text that only begins like a known one is not that list."""
    known = KnownLists()
    read(compact(JOB), known)
    found = read(compact(JOB | {"tasks": tasks}), known)

    assert found is not None
    assert repr({**found.rows, **found.others}["tasks"]) == repr(tasks)


@for_each(
    "text",
    [
        json.dumps(JOB),
        compact({"tasks": TASKS, "user_id": "user-7"}),
        compact(JOB | {"user_id": 7}),
        compact(JOB)[:-1] + ',"tasks":[]}',
        compact(JOB)[:-1] + ',"user_id":"user-8"}',
        compact(JOB) + "x",
        compact(JOB)[:-1],
        compact(JOB | {"profile": {"energy_now": float("nan")}}),
        compact(JOB | {"tasks": [{"id": "\ud800"}]}),
        compact(JOB | {"agent_prefs": "\ud800"}),
        '{"user_id":"\ud800"}',
        "",
    ],
)
def test_other_texts_are_left_to_the_general_parser(text: str) -> None:
    """Among them all that it refuses, so that the error is always its own."""
    assert read(text) is None


@for_each(
    "change",
    [
        {"agent_prefs": [[[[[[[[[]]]]]]]]]},
        {"tasks": [{"tags": [[[[[[[]]]]]]]}]},
        {"tasks": [[[[[[[[[]]]]]]]]]},
    ],
)
def test_what_nests_too_deep_is_refused_as_by_the_general_parser(change: dict[str, Any]) -> None:
    """It is not parsed again for that, and the second job with such a list is refused like the first."""
    known, text = KnownLists(), compact(JOB | change)
    with pytest.raises(RequestInvalid) as general:
        strict_json.parse(text)

    for _ in range(2):
        with pytest.raises(RequestInvalid) as caught:
            read(text, known)
        assert caught.value.errors == general.value.errors


@for_each("tasks", [[TASKS[0], None], [TASKS[0]] * 2001, "text", None])
def test_lists_that_need_validation_are_not_lists_of_rows(tasks: object) -> None:
    """A row that is no object, too many rows and other values stay among the members that are validated."""
    found = read(compact(JOB | {"tasks": tasks}))

    assert found is not None
    assert (found.rows, found.others["tasks"]) == ({}, tasks)
