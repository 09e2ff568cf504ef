"""`make score-traces`: served tips are judged by their traces, and a second run changes nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import reduce
from hashlib import sha256
from typing import Any

import pytest

from evals.cases.case import Case, read_cases
from evals.score_traces import main
from evals.scorers import SCORERS
from evals.served.score import scores_of
from evals.served.scored import ServedScores
from evals.served.tip_trace import read_trace
from oo.bootstrap.settings import TraceSettings
from operations.experiment.__main__ import main as experiment_report
from testing.fake_mlflow import http_answer
from testing.for_each import for_each
from testing.free_port import free_port
from testing.served_traces import serve
from testing.storing_mlflow import StoringMlflow, storing_mlflow
from tests.unit.evals.faulty_model import Faulty
from tests.unit.evals.situations import SITUATIONS

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
CASE = SITUATIONS["morning"]


@pytest.fixture
def server() -> Iterator[StoringMlflow]:
    with storing_mlflow() as running:
        yield running


def settings(server: StoringMlflow, **others: Any) -> TraceSettings:
    return TraceSettings(mlflow_tracking_uri=server.url, **others)


def environment(server: StoringMlflow) -> dict[str, str]:
    return {"MLFLOW_TRACKING_URI": server.url}


def scores(server: StoringMlflow, serve_id: str) -> dict[str, float]:
    """The values on a tip's trace, by scorer."""
    rows = [row for row in server.assessments.rows.values() if row["trace_id"] == f"tr-{serve_id}"]
    return {row["assessment_name"]: row["feedback"]["value"] for row in rows}


def test_a_recorded_request_tells_every_scorer_its_facts(server: StoringMlflow) -> None:
    """The scores are those that the bench would give, as assessments of code with ids of their own."""
    serve_id = serve(CASE, settings(server, trace_request="on")).receipt.serve_id
    ServedScores(settings(server)).keep(LONG_AGO)
    found = scores(server, serve_id)
    row = server.assessments.rows[f"a-{sha256(f'{serve_id}|Q4'.encode()).hexdigest()[:32]}"]

    assert set(found) == set(SCORERS)
    assert set(found.values()) == {1.0}
    assert (row["assessment_name"], row["source"]) == ("Q4", {"source_type": "CODE", "source_id": "oo-evals"})
    assert row["metadata"] == {"serve_id": serve_id, "basis": "request"}
    assert all(len(each) <= 50 for each in server.assessments.rows)


@pytest.mark.parametrize("fault", ["Q2", "Q4", "Q5", "Q6", "Q9", "Q11"])
def test_a_faulty_tip_fails_where_it_is_faulty(server: StoringMlflow, fault: str) -> None:
    """The prompt alone is enough, because it contains the scorer's input."""
    faulty = Faulty(faults=frozenset({fault}))
    serve_ids = [
        serve(CASE, settings(server, trace_request=recorded), model=faulty).receipt.serve_id
        for recorded in ("on", "off")
    ]
    ServedScores(settings(server)).keep(LONG_AGO)

    assert [scores(server, each)[fault] < 1 for each in serve_ids] == [True, True]


def test_a_prompt_alone_tells_no_closed_titles(server: StoringMlflow, capsys: pytest.CaptureFixture[str]) -> None:
    """Q3 is left out, and the command says so."""
    serve_id = serve(CASE, settings(server)).receipt.serve_id
    main([], environment(server))
    found = scores(server, serve_id)

    assert set(found) == set(SCORERS) - {"Q3"}
    assert set(found.values()) == {1.0}
    assert "Judged by the prompt alone: 1 tip, without Q3 and whatever" in capsys.readouterr().out


def test_a_prompt_without_its_bounds_leaves_them_out(server: StoringMlflow) -> None:
    """`orchestrator-1` tells no bounds of the tip, so no scorer of them can say anything without the request."""
    serve_ids = [
        serve(CASE, settings(server, trace_request=recorded), version="orchestrator-1").receipt.serve_id
        for recorded in ("on", "off")
    ]
    ServedScores(settings(server)).keep(LONG_AGO)

    assert [set(SCORERS) - set(scores(server, each)) for each in serve_ids] == [
        set(),
        {"Q3", "Q5", "Q6", "Q7", "Q13", "Q14"},
    ]


def test_a_tip_without_a_model_is_judged(server: StoringMlflow) -> None:
    """Its kind stands in no reply: with the request it is made again, without it Q2 and Q14 are left out."""
    serve_ids = [
        serve(CASE, settings(server, trace_request=recorded), has_model=False).receipt.serve_id
        for recorded in ("on", "off")
    ]
    ServedScores(settings(server)).keep(LONG_AGO)

    assert [set(SCORERS) - set(scores(server, each)) for each in serve_ids] == [set(), {"Q2", "Q3", "Q14"}]
    assert set(scores(server, serve_ids[0]).values()) == {1.0}


def test_sizes_tell_the_length_of_a_tip(server: StoringMlflow, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a redacted trace one limit can be judged, and the command says so."""
    serve_id = serve(CASE, settings(server, trace_content="redacted", trace_request="on")).receipt.serve_id
    main([], environment(server))
    (row,) = server.assessments.rows.values()

    assert scores(server, serve_id) == {"Q6": 1.0}
    assert row["metadata"]["basis"] == "sizes"
    assert (
        "Without texts (TRACE_CONTENT=redacted): 1 tip, of which the limit of characters in Q6"
        in capsys.readouterr().out
    )


def test_a_second_run_changes_nothing(server: StoringMlflow, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes nothing: the scores that are there come with the traces."""
    for _ in range(3):
        serve(CASE, settings(server, trace_request="on"))
    main(["--since", "1h"], environment(server))
    before, writes = {name: dict(row) for name, row in server.assessments.rows.items()}, server.writes
    assert "3 tips in oO/serving since " in capsys.readouterr().out
    main(["--since", "1h"], environment(server))

    assert (server.assessments.rows, server.writes, writes) == (before, 3 * 14, 3 * 14)
    assert ": 0 scores written, 0 changed, 42 as they were." in capsys.readouterr().out


def test_a_score_that_says_something_else_is_changed(server: StoringMlflow) -> None:
    """One of earlier scorers; and one that came after the traces were read, which MLflow answers with 500."""
    serve_id = serve(CASE, settings(server)).receipt.serve_id
    scored = ServedScores(settings(server)).keep(LONG_AGO)
    assert scored.kept == {"written": 13}
    rows = list(server.assessments.rows.values())
    rows[0]["feedback"], rows[1]["rationale"] = {"value": 0.0}, "another reason"
    scored = ServedScores(settings(server)).keep(LONG_AGO)
    assert (scored.kept, scores(server, serve_id)["Q1"]) == ({"changed": 2, "unchanged": 11}, 1.0)
    server.hides_assessments = True
    rows[2]["feedback"] = {"value": 0.5}
    scored = ServedScores(settings(server)).keep(LONG_AGO)

    assert scored.kept == {"changed": 1, "unchanged": 12}
    assert len(server.assessments.rows) == 13


def test_an_experiment_shows_the_scores_of_its_arms(server: StoringMlflow, capsys: pytest.CaptureFixture[str]) -> None:
    """`make experiment` has a row for each scorer, in the order of their numbers."""
    for place in range(8):
        case = CASE._replace(request=CASE.request | {"user_id": f"user-{place}"})
        serve(case, settings(server, trace_request="on"), experiment="tone-2:orchestrator-1=50,orchestrator-2=50")
    ServedScores(settings(server)).keep(LONG_AGO)
    with pytest.raises(SystemExit, match=r"^tone-2 has no verdict yet"):
        experiment_report(["tone-2"], environment(server))
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("Q")]

    assert [row[0] for row in rows] == list(SCORERS)
    assert rows[0] == ["Q1", "1.000", "1.000"]


@pytest.mark.parametrize("page", [1, 2, 500])
def test_every_page_is_read_and_each_tip_judged_once(server: StoringMlflow, page: int) -> None:
    """Traces of failed requests and of other work are left out."""
    for _ in range(3):
        serve(CASE, settings(server))
    failed = serve(CASE, settings(server)).receipt.serve_id
    server.traces[f"tr-{failed}"]["trace_info"]["state"] = "ERROR"
    server.page = page
    scored = ServedScores(settings(server), batch=2).keep(LONG_AGO)

    assert (scored.tips, scored.kept) == ({"prompt": 3}, {"written": 39})


def test_earlier_tips_are_left_alone(server: StoringMlflow, capsys: pytest.CaptureFixture[str]) -> None:
    """SINCE is counted from now."""
    serve(CASE, settings(server))
    main(["--since", "30m"], environment(server), now=datetime.now(UTC) + timedelta(hours=1))

    assert (server.assessments.rows, capsys.readouterr().out[:6]) == ({}, "0 tips")


@for_each("since", ["soon", "1", "h", "-1h", "1y", "1.5h"])
def test_a_span_of_time_that_cannot_be_read_is_named(since: str) -> None:
    with pytest.raises(SystemExit, match=r"^SINCE is a number and one of s, m, h, d, w") as end:
        main([f"--since={since}"], {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"})

    assert "\n" not in str(end.value.code)


def test_a_missing_server_is_one_sentence(server: StoringMlflow) -> None:
    """Not named, not there, or one that fails."""
    with pytest.raises(SystemExit, match=r"^MLFLOW_TRACKING_URI is not set"):
        main([], {})
    with pytest.raises(SystemExit, match=r"^MLflow does not answer \(connect\)|^MLflow does not answer \(refused\)"):
        main([], {"MLFLOW_TRACKING_URI": f"http://127.0.0.1:{free_port()}"})
    server.answer = http_answer(b"{}", "503 Service Unavailable")
    with pytest.raises(SystemExit, match=r"^MLflow refused \(503\), so tips may be without scores\."):
        main([], environment(server))


def test_a_prompt_tells_as_much_as_the_request_does(server: StoringMlflow) -> None:
    """Over 26 users of `core`: a scorer gives the same value by the prompt as by the request, and no false alarm.

    Q13 alone is milder by the prompt, which does not tell whether the caller named the language.
    """
    cases: list[Case] = read_cases("core")[::16]
    differ = set[str]()
    for case in cases:
        serve(case, settings(server, trace_request="on"), model=Faulty(faults=frozenset({"Q11"})))
    for told in list(server.traces.values()):
        trace = read_trace(told)
        assert trace is not None
        by_request, by_prompt = (
            {score.name: score.value for score in scores_of(each)} for each in (trace, trace._replace(request=None))
        )
        assert {name for name, value in by_prompt.items() if value < by_request.get(name, 1)} == set()
        differ |= {name for name, value in by_prompt.items() if value != by_request.get(name)}

    assert len(server.traces) == 26
    assert differ <= {"Q13"}


@pytest.mark.parametrize("value", [None, "", 7, [], {}, {"string_value": "{"}, "Now: Monday, night, 99:99"])
def test_a_trace_of_another_shape_stops_nothing(server: StoringMlflow, value: object) -> None:
    """Each eleventh part of it is replaced, one after the other."""
    serve(CASE, settings(server, trace_request="on"))
    (trace,) = server.traces.values()
    for path in list(paths(trace))[1::11]:
        broken = json.loads(json.dumps(trace))
        parent = reduce(lambda part, key: part[key], path[:-1], broken)
        parent[path[-1]] = value
        read = read_trace(broken)
        assert read is None or len(scores_of(read)) <= len(SCORERS)


def paths(part: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The keys that lead to each part of a JSON value, the value itself first."""
    yield way
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, each in inner:
        yield from paths(each, (*way, key))
