"""One unreadable value of a user's data never refuses the user: the functions' entries, called with Lambda events."""

import json
import secrets
from collections.abc import Mapping
from functools import cache
from itertools import chain, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oo.contract.routes import ROUTES
from oo.telemetry.instrumentation import Handler
from testing import lenient_bodies
from testing.entries import invoke, load_handler
from testing.for_each import for_each
from testing.http_events import http_event
from testing.lenient_bodies import CLEAN, HIDDEN, TASK, UNREAD_REPORT, UNREAD_ROWS, Case, each, is_named
from tools.documents.openapi import DOCUMENT

ROUTE_OF = {route.name: route for route in ROUTES}
PATHS = {
    "compute": "/agents/deadline-pressure/compute",
    "infer": "/agents/momentum/infer",
    "recommend": "/recommend",
    "generate": "/generate",
}
TIP = {"agent_id": "mine", "prompt_text": "Mornings suit you.", "computed_at": "2026-03-12T08:00:00Z"}


def started(function: str) -> Handler:
    """The function, which logs to where its test reads; a tip is made without a model."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("POWERTOOLS_SERVICE_NAME", f"lenient-{function}-{secrets.token_hex(4)}")
        if function == "recommend":
            environment.setenv("LITELLM_URL", "http://127.0.0.1:9")
            environment.setenv("LITELLM_API_KEY", "sk-planted")
            environment.setenv("TIP_FALLBACK", "template")
            environment.setenv("LLM_BUDGET_S", "0.001")
        return load_handler(function)


handler_of = cache(started)


def ask(function: str, body: Mapping[str, Any], handler: Handler | None = None) -> tuple[int, dict[str, Any]]:
    """The status and the body of an answer."""
    given = invoke(handler or handler_of(function), http_event("POST", PATHS[function], body))
    return given["statusCode"], json.loads(given["body"])


def answer(function: str, fields: Mapping[str, Any], handler: Handler | None = None) -> tuple[int, dict[str, Any]]:
    """The answer to `CLEAN` with other fields."""
    return ask(function, {**CLEAN, **fields}, handler)


def cases(function: str) -> list[Case]:
    """The unreadable fields of a function's body."""
    if function == "recommend":
        return list(lenient_bodies.everywhere())
    more = lenient_bodies.in_profiles_and_preferences() if function == "compute" else ()
    return [*lenient_bodies.in_snapshots(), *more]


@pytest.mark.parametrize("function", ["compute", "infer", "recommend"])
def test_an_unreadable_value_is_named_and_refuses_nothing(function: str) -> None:
    for fields, part, name in cases(function):
        status, body = answer(function, fields)

        assert (status, is_named(body["reading"], part, name)) == (200, True), (fields, body)
        assert HIDDEN not in json.dumps(body["reading"])


@pytest.mark.parametrize("function", ["compute", "infer", "recommend"])
def test_what_counts_as_absent_changes_nothing(function: str) -> None:
    """Null, blank text and empty values count as absent, also a zone under either of its keys."""
    more = lenient_bodies.SILENT_IN_SNAPSHOTS if function == "compute" else ()
    for fields in (*lenient_bodies.SILENT, *more):
        assert comparable(answer(function, fields)) == comparable(answer(function, {})), fields


def comparable(given: tuple[int, dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    """An answer without the parts that differ between calls."""
    status, body = given
    return status, {**body, "receipt": None}


@pytest.mark.parametrize("function", ["compute", "infer"])
def test_an_integer_user_is_its_text(function: str) -> None:
    assert answer(function, {"user_id": 42})[1]["user_id"] == "42"


@pytest.mark.parametrize("function", ["compute", "infer", "recommend", "generate"])
def test_no_other_user_is_made_of_a_value(function: str) -> None:
    """A fraction, a boolean or an infinite number is not an id."""
    for fields in each("user_id", True, False, 1.5, 42.0, 1e300, None, "", [], {}, [42], 10**256, "u" * 257):
        status, body = answer(function, fields)

        assert (status, [problem["loc"] for problem in body["detail"]]) == (422, [["body", "user_id"]]), fields


@pytest.mark.parametrize("function", ["compute", "infer", "recommend"])
def test_a_token_of_the_same_user_opens_a_body_with_an_integer(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_USER_CLAIM", "sub")
    event = http_event("POST", PATHS[function], {"user_id": 42})
    event["requestContext"]["authorizer"] = {"jwt": {"claims": {"sub": "42"}}}

    assert invoke(load_handler(function), event)["statusCode"] in (200, 503)


@for_each(
    "fields",
    [
        *each("now_iso", "yesterday", 1773307800, True, [], {}, "2150-01-01"),
        *each("priority_scale", "upwards", 1, True, [], {}, "Larger_is_higher"),
        *each("tasks", "no", "", 7, True, {}, {"0": TASK}, [TASK] * 2001, ["text"] * 2001),
        *each("feedback_history", "no", 7, {}, [{}] * 2001),
        *({"profile": fields} for fields in each("energy_now", "nan", "inf", "-Infinity")),
        *({name: dict.fromkeys(map(str, range(257)), 1)} for name in ("profile", "agent_prefs")),
    ],
)
def test_sizes_and_what_the_program_chooses_are_still_refused(fields: dict[str, Any]) -> None:
    status, body = answer("compute", fields)

    assert (status, body["code"]) == (422, "invalid_request")
    assert [problem["loc"][:2] for problem in body["detail"]] == [["body", *fields]]


def test_a_tips_other_rows_are_read_alike() -> None:
    """A recent tip keeps its readable fields; a snippet with unreadable times counts as malformed."""
    tips = ["text", None, {"content": 7, "created_at": "x", "task_id": ["t1"]}, {"content": "a", "task_id": 7}]
    snippets = ["text", TIP, TIP | {"expires_at": "soon"}, TIP | {"agent_version": 2}, TIP | {"trace_id": 7}]
    snippets += [TIP | {"computed_at": "", "expires_at": " ", "agent_version": None, "trace_id": {}}]

    status, body = answer("recommend", {"recent_tips": tips, "agent_outputs": snippets})

    assert status == 200
    assert [snippet["reason"] for snippet in body["receipt"]["snippets"]] == [None, *["malformed"] * 3, None]
    assert is_named(body["reading"], "dropped", {"recent_tips.not_object": 2, "agent_outputs.not_object": 1})
    unread = ("recent_tips.content", "recent_tips.created_at", "recent_tips.task_id", "agent_outputs.expires_at")
    for name in (*unread, "agent_outputs.agent_version", "agent_outputs.trace_id"):
        assert is_named(body["reading"], "unreadable", {name: 1}), name
    assert is_named(answer("recommend", {"recent_tips": None})[1]["reading"], "assumed", "recent_tips=[]")


def test_problems_of_rows_keep_their_places() -> None:
    """A row that is dropped moves none of the rows behind it."""
    for fields, place in (
        ({"agent_outputs": ["text", {"prompt_text": "x"}]}, ["agent_outputs", 1, "agent_id"]),
        ({"agent_outputs": [7, TIP | {"agent_version": "x" * 65}]}, ["agent_outputs", 1, "agent_version"]),
        ({"recent_tips": [None, {}, {"content": "x" * 4001}]}, ["recent_tips", 2, "content"]),
    ):
        status, body = answer("recommend", fields)

        assert (status, [problem["loc"] for problem in body["detail"]]) == (422, [["body", *place]]), fields


def test_candidates_are_asked_for_alike() -> None:
    """Without a proxy, a body that is read is answered by the missing setting."""
    context = {"tasks": [TASK, "text"], "hour_of_day": None, "day_of_week": None, "extra": None}
    for fields in (
        *each("context", None, context, {"tasks": None}, {"extra": "text"}, {"extra": []}),
        *({"context": fields} for fields in each("profile_features", None, "text", {"energy_now": "high"})),
        *each("profile_features", None, "text", [], {"energy_now": "high"}),
        *({"n": None}, {"prompt_version": None}, {"prompt_version": ""}, {"timezone": "Mars/Olympus"}, {"user_id": 42}),
    ):
        assert answer("generate", fields)[0] == 503, fields
    for fields in (
        *each("context", "text", [], {"tasks": "no"}, {"hour_of_day": 24}, {"day_of_week": "x"}),
        *each("n", 0, 21, "many", []),
        {"context": {"priority_scale": "upwards"}},
        {"profile_features": {"energy_now": "nan"}},
    ):
        assert answer("generate", fields)[0] == 422, fields


@pytest.mark.parametrize("function", ["compute", "infer", "recommend"])
def test_the_documents_defaults_are_those_of_a_short_body(function: str) -> None:
    """A client of the document writes all fields out, its defaults and null among them."""
    operation = json.loads(DOCUMENT.read_text())["paths"][ROUTE_OF[function].path]["post"]
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = json.loads(DOCUMENT.read_text())["components"]["schemas"][reference.rpartition("/")[2]]
    optional = {name: field for name, field in schema["properties"].items() if name not in schema["required"]}
    short = {"user_id": "u", "now_iso": "2026-03-12T10:00:00+01:00"}

    assert [name for name, field in optional.items() if {"type": "null"} not in field["anyOf"]] == []
    for written in (
        {name: field.get("default") for name, field in optional.items()},
        {name: None for name, field in optional.items() if "default" not in field},
    ):
        assert comparable(ask(function, written | short)) == comparable(ask(function, short))
    assert ask(function, dict.fromkeys(optional) | {"user_id": "u"})[0] == 200


def test_unknown_names_are_counted_by_name() -> None:
    """Plain names, the first ten of the most frequent; all others together."""
    fields = {f"key_{number:02}": 1 for number in range(11)} | {HIDDEN: 1, "ü": 1, "x" * 33: 1}

    reading = answer("compute", fields)[1]["reading"]

    assert reading["unread_keys"]["body"] == {"*": 4} | {f"key_{number:02}": 1 for number in range(10)}
    assert answer("infer", {"profile": "text"})[1]["reading"]["unread_keys"]["body"] == {"profile": 1}


def test_a_report_is_small_however_much_is_unread() -> None:
    wide = {f"{number:032}": "x" for number in range(256)}
    fields: dict[str, Any] = {f"{'k' * 24}{number:08}": 1 for number in range(9_000)}
    for name in ("tasks", "feedback_history", "task_completions"):
        fields[name] = [*({f"{name[:4]}{number:028}": 1} for number in range(1_000)), 7]

    reading = answer("compute", {**fields, "profile": wide, "user_id": 1, "timezone": 5})[1]["reading"]

    assert len(json.dumps(reading)) <= 4_096


junk = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**20) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
DATA = ("profile", "agent_prefs", "timezone", "timeZone")


@given(
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(DATA, junk),
            **dict.fromkeys(("tasks", "feedback_history", "task_completions"), st.none() | st.lists(junk, max_size=4)),
        },
    )
)
def test_whatever_is_a_users_data_is_read(fields: dict[str, Any]) -> None:
    """Values of any type where one of a user's data belongs."""
    if any(text in json.dumps(fields).lower() for text in ("nan", "inf")):
        return
    status, body = answer("compute", fields)

    assert status == 200, body


def lines(output: str, message: str) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, output.splitlines()) if line.get("message") == message]


def counted(output: str, metric: str) -> int:
    return sum(chain.from_iterable(line.get(metric, []) for line in map(json.loads, output.splitlines())))


def test_one_line_says_what_was_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    """The report of the answer as keys of the line, with the ids of every line; no value and no user."""
    planted = {"tasks": [HIDDEN, TASK], "profile": {"energy_now": HIDDEN, HIDDEN: HIDDEN}, HIDDEN: HIDDEN, "colour": 1}
    for function in ("compute", "infer", "recommend"):
        handler = started(function)

        reading = answer(function, planted | {"user_id": f"user {HIDDEN}"}, handler)[1]["reading"]

        output = capsys.readouterr().out
        (line,) = lines(output, "data_not_read")
        assert (line["level"], len(line["trace_id"])) == ("INFO", 32)
        assert {key: line.get(key) for key in reading} == reading
        assert HIDDEN not in json.dumps(line)
        assert line["unread_keys"]["body"]["colour"] == 1


@pytest.mark.parametrize("function", ["compute", "infer", "recommend"])
def test_what_is_ordinary_writes_no_line(function: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything read, keys that no field uses, and assumptions."""
    handler = started(function)
    for fields in ({}, {"notes": "x"}, {"tasks": None}, {"user_id": 42}, {"notes": "x", "user_id": 42, "tasks": None}):
        assert answer(function, fields, handler)[0] == 200

        written = {line.get("message") for line in map(json.loads, capsys.readouterr().out.splitlines())}
        assert written - {None}, "the function logs"
        assert "data_not_read" not in written, fields


@pytest.mark.parametrize("function", ["compute", "infer", "recommend"])
def test_rows_that_are_not_read_are_named_counted_and_logged(function: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In any order of the rows the report is the same, byte for byte, and nothing else of the answer depends on it."""
    handler = started(function)
    reports = set()
    for rows in permutations(UNREAD_ROWS):
        reading = answer(function, {"tasks": rows}, handler)[1]["reading"]
        reports.add(json.dumps(reading))

        output = capsys.readouterr().out
        (line,) = lines(output, "data_not_read")
        assert {key: line.get(key) for key in reading} == reading == UNREAD_REPORT
        assert (counted(output, "UnreadableDates"), counted(output, "UntitledTasks")) == (1, 1)
        assert counted(output, "ZoneAssumed") == 0

    assert len(reports) == 1


@pytest.mark.parametrize("function", ["compute", "infer", "recommend"])
def test_a_user_without_a_zone_is_counted_once(function: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a zone would matter, and unless the service's own setting names one."""
    dated = {"tasks": [TASK], "timezone": None, "now_iso": "2026-03-12T09:00:00Z"}
    for fields, zone, count in ((dated, "", 1), (dated, "Europe/Berlin", 0), (dated | {"tasks": []}, "", 0)):
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("DEFAULT_TIMEZONE", zone)
            reading = answer(function, fields, started(function))[1]["reading"]

        output = capsys.readouterr().out
        assert counted(output, "ZoneAssumed") == count
        assert lines(output, "data_not_read") == []
        assert reading == (
            {"assumed": [f"timezone={zone or 'UTC'}"], "tasks": reading["tasks"]} if fields is dated else None
        )


def test_an_unreadable_zone_is_no_missing_one() -> None:
    """The setting is a guess about users of whom nothing is said."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DEFAULT_TIMEZONE", "Europe/Berlin")
        handler = started("compute")
    for zone in ("Mars/Olympus", 5, ["Europe/Berlin"], "x" * 65):
        reading = answer("compute", {"timezone": zone, "now_iso": "2026-03-12T09:00:00Z"}, handler)[1]["reading"]

        assert (reading["assumed"], reading["unreadable"]) == (["timezone=UTC"], {"timezone": 1}), zone


def test_an_unreadable_date_of_a_tip_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    tips = [{"created_at": "12.03.2026"}, {"created_at": "x"}, {"kind": 7}, {"created_at": " "}]

    answer("recommend", {"recent_tips": tips}, started("recommend"))

    output = capsys.readouterr().out
    assert counted(output, "UnreadableDates") == 2
    assert counted(output, "UntitledTasks") == counted(output, "ZoneAssumed") == 0


@pytest.mark.parametrize("function", ["compute", "infer", "recommend", "generate"])
def test_a_default_zone_that_is_none_is_a_setting_to_mend(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each caller gets the error; a valid zone, or none, causes no error."""
    event = http_event("POST", PATHS[function], {"user_id": "u"})
    for zone in ("Mars/Olympus", "../../etc/passwd", "+02:00", "europe/berlin ", "x" * 200):
        monkeypatch.setenv("DEFAULT_TIMEZONE", zone)
        given = invoke(load_handler(function), event)

        assert (given["statusCode"], json.loads(given["body"])["code"]) == (503, "config_error"), zone
        assert "DEFAULT_TIMEZONE" in json.loads(given["body"])["detail"]
        assert zone not in given["body"]
    for zone in ("Europe/Berlin", "UTC", ""):
        monkeypatch.setenv("DEFAULT_TIMEZONE", zone)
        assert "DEFAULT_TIMEZONE" not in invoke(load_handler(function), event)["body"]


def test_preferences_that_cannot_be_read_are_named() -> None:
    """Their defaults stand in; null and blank values are no preferences, and a number out of range is moved into it."""
    prefs = {"horizon_days": "many", "mention_overdue": [1], "lead_days": 99, "enabled": None, "timezone": ""}

    _, told = ask("compute", {"user_id": "u", "now_iso": "2026-03-12T09:00:00+01:00", "agent_prefs": prefs})

    assert told["reading"]["unreadable"] == {"agent_prefs.horizon_days": 1, "agent_prefs.mention_overdue": 1}
