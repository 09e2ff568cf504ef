"""Lists that several jobs of a user have in common are parsed once, and nothing else changes."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from hypothesis import given
from hypothesis import strategies as st

from oo.contract import strict_json
from oo.errors import InvalidMessage, PayloadTooLarge, RequestInvalid
from oo.precompute.job_text import JobFields, KnownLists, read_fields
from oo.precompute.messages import read_job
from testing.for_each import for_each
from testing.sqs_events import SENT_MS
from testing.stored_outputs import NOW

TASKS = [{"id": 1, "title": "Call the dentist"}]
JOB: dict[str, Any] = {"user_id": "user-7", "tasks": TASKS, "now_iso": None, "agent_id": "quick-win"}

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner))
_ROWS = st.lists(st.dictionaries(st.sampled_from(["id", "title", "due"]), _VALUES), max_size=3)
_JOBS = st.fixed_dictionaries(
    {"user_id": st.text(max_size=3)},
    optional={"tasks": _ROWS | _VALUES, "feedback_history": _ROWS, "now_iso": _VALUES, "agent_id": _VALUES},
)
_FEW_ROWS = st.lists(st.fixed_dictionaries({"id": st.sampled_from([0, 1, "a", None])}) | st.none(), max_size=3)
_LISTS = dict.fromkeys(("tasks", "feedback_history", "task_completions"), _FEW_ROWS)
_MESSAGES = st.fixed_dictionaries(
    {"user_id": st.just("user-7"), **_LISTS},
    optional={"profile": _VALUES, "timezone": _VALUES, "colour": _VALUES, "withdraw": st.sampled_from([True, "maybe"])},
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


def message(text: str) -> object:
    """Everything that is read of a job, written so that 1, 1.0 and True differ; the problems of a refused one."""
    try:
        job, trace_id = read_job(SQSRecord({"body": text}), NOW)
    except InvalidMessage as error:
        return error.errors, error.reason
    return repr((job, job.notes, trace_id))


@given(_MESSAGES)
def test_a_job_of_any_members_is_that_of_the_general_parser(members: dict[str, Any]) -> None:
    """A blank at the end leaves a text to that parser. Lists of rows are validated there, and other lists in both."""
    text = compact({**members, "agent_id": "quick-win", "agent_version": "1.0.0", "snapshot_version": SENT_MS})

    assert message(text) == message(f"{text} ")


@for_each("rows", [1, 2000, 2001])
def test_a_list_of_many_rows_is_that_of_the_general_parser(rows: int) -> None:
    """A list that is too long is refused in both."""
    text = compact(JOB | {"tasks": TASKS * rows, "agent_version": "1.0.0", "snapshot_version": SENT_MS})

    assert message(text) == message(f"{text} ")


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
