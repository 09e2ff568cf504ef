"""`make cases` and `make replay`: from a served tip to a case, and back to the prompt that was sent."""

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from evals.cases.case import Case, case_line, read_cases
from evals.recording import replay
from evals.recording.__main__ import main
from evals.recording.request_attribute import request_in
from evals.version import find_version
from oo.bootstrap.settings import TraceSettings
from oo.contract.shown_ids import hashed
from operations.traced_spans import TracedSpan, read_spans
from testing.fake_mlflow import EXPERIMENT, http_answer
from testing.free_port import free_port
from testing.raw_server import Connection, serving
from testing.secret_requests import SECRETS_N, comments, requests, secrets_in
from testing.seeds import seeds
from testing.served_traces import serve
from testing.storing_mlflow import StoringMlflow, storing_mlflow
from tests.unit.evals.situations import SITUATIONS

BOTH_SETTINGS = "TRACE_REQUEST=on and TRACE_CONTENT=full"
REFUSED = http_answer(b'{"error_code": "INVALID_PARAMETER_VALUE"}', "400 Bad Request")
EVERY = 200 // len(seeds(200, few=25))
"""Of the cases, under `make test`: each eighth."""

USUAL_N = 104 // EVERY
"""Of these the first ones, which have no hostile titles."""

LEFT_OUT: Sequence[tuple[str, ...]] = ((), ("now_iso",), ("timezone",), ("now_iso", "timezone"))


def hostile_and_usual() -> list[Case]:
    """200 of invented people and hostile titles, or an eighth; three of four leave out moment, zone or both."""
    cases = [*read_cases("core")[::4], *read_cases("adversarial")[::3]][:200:EVERY]
    return [
        case._replace(request={name: part for name, part in case.request.items() if name not in LEFT_OUT[place % 4]})
        for place, case in enumerate(cases)
    ]


class Served(NamedTuple):
    """MLflow's traces, and the serve ids in the order of the requests."""

    mlflow: StoringMlflow
    environment: dict[str, str]
    serve_ids: list[str]

    def messages(self, serve_id: str) -> list[dict[str, str]]:
        """The prompt that was sent for a tip."""
        spans = read_spans(self.mlflow.traces[f"tr-{serve_id}"])
        asked = next(span for span in spans if span.name == "llm_orchestrator")
        return [dict(each) for each in asked.inputs["messages"][:2]]


def served_by(mlflow: StoringMlflow, cases: Sequence[Case], **variables: str) -> Served:
    environment = {"MLFLOW_TRACKING_URI": mlflow.url, "TRACE_REQUEST": "on", **variables}
    settings = TraceSettings.from_environment(environment)
    return Served(mlflow, environment, [serve(case, settings).receipt.serve_id for case in cases])


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with storing_mlflow() as mlflow:
        yield served_by(mlflow, hostile_and_usual())


@pytest.fixture(scope="module")
def few() -> Iterator[Served]:
    """A few requests of one user each."""
    with storing_mlflow() as mlflow:
        yield served_by(mlflow, list(SITUATIONS.values()))


class Ended(NamedTuple):
    code: int
    out: str
    err: str


def cases(environment: Mapping[str, str], folder: Path, *arguments: str) -> Ended:
    return _ended(lambda: main(arguments, environment, folder=folder))


def replayed(environment: Mapping[str, str], folder: Path, *arguments: str) -> Ended:
    options = ("--out", str(folder / "out"), "--cache", str(folder / "cache"))
    return _ended(lambda: replay.main([*arguments, *options], environment, folder=folder))


def _ended(work: Any) -> Ended:
    code = 0
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            work()
        except SystemExit as end:
            code = int(end.code or 0)
    return Ended(code, out.getvalue(), err.getvalue())


def is_one_sentence(text: str) -> bool:
    return re.fullmatch(r"[^\n]+\.\n", text) is not None


@pytest.fixture(scope="module")
def folder(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of the requests as cases, once with their titles and once with others."""
    return tmp_path_factory.mktemp("local")


@pytest.fixture(scope="module")
def kept(served: Served, folder: Path) -> Ended:
    return cases(served.environment, folder, "--name", "kept", "--keep-titles", "1", "--since", "7d")


@pytest.mark.all_seeds
def test_requests_make_the_prompts_that_were_sent(served: Served, folder: Path, kept: Ended) -> None:
    """Byte for byte, with kept titles, on the version that served them."""
    made = {case.id: case for case in read_cases(str(folder / "kept.jsonl"))}
    version = find_version("orchestrator-2")

    assert (kept.code, kept.err) == (0, "")
    number = len(served.serve_ids)
    assert number == 200 // EVERY
    assert f"{number} of {number} prompts are those that were sent, byte for byte." in kept.out
    assert sorted(served.serve_ids) == sorted(made)
    assert [served.messages(each) for each in served.serve_ids] == [
        version.prompt(made[each]).messages for each in served.serve_ids
    ]


@pytest.mark.all_seeds
def test_other_titles_change_nothing_else(served: Served, folder: Path, kept: Ended) -> None:
    """The same notes are chosen, by the same turns; no title stays, nor does an id of the users'."""
    assert cases(served.environment, folder, "--name", "other").code == kept.code == 0
    own, other = (read_cases(str(folder / f"{name}.jsonl")) for name in ("kept", "other"))
    told = (folder / "other.jsonl").read_text(encoding="utf-8")
    usual = set(served.serve_ids[:USUAL_N])
    pairs = [(one, two) for one, two in zip(own, other, strict=True) if one.id in usual]
    version = find_version("orchestrator-2")

    assert len(pairs) == USUAL_N
    assert [[(note.verdict, note.rank) for note in version.prompt(one).snippets] for one, _ in pairs] == [
        [(note.verdict, note.rank) for note in version.prompt(two).snippets] for _, two in pairs
    ]
    titles = {row["title"] for one, _ in pairs for row in one.request["tasks"]}
    assert [title for title in titles if title in told] == []
    assert {case.user for case in other} == {hashed(case.user) for case in hostile_and_usual()}
    assert all(case.request["user_id"] == case.user for case in (*own, *other))


def test_no_planted_secret_is_in_a_file(tmp_path: Path) -> None:
    """50 secrets in titles, ids, notes, recent tips and comments are neither in the file nor in the output."""
    bodies = requests()
    assert secrets_in(json.dumps(bodies) + " ".join(comments())) == set(range(SECRETS_N))
    with storing_mlflow() as mlflow:
        served = served_by(mlflow, [Case(body["user_id"], body["user_id"], "", body, {}) for body in bodies])
        for serve_id, comment in zip(served.serve_ids, comments(), strict=True):
            fields = {"assessment_id": f"a-{serve_id}", "assessment_name": "dismissed", "rationale": comment}
            httpx.post(
                f"{mlflow.url}/api/3.0/mlflow/traces/tr-{serve_id}/assessments",
                json={"assessment": {**fields, "source": {"source_type": "HUMAN"}, "feedback": {"value": 1.0}}},
            ).raise_for_status()
        ended = cases(served.environment, tmp_path, "--name", "secret")
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())

    assert secrets_in(json.dumps(list(mlflow.traces.values())) + str(mlflow.assessments.rows)) == set(range(SECRETS_N))
    assert ended.code == 0
    assert secrets_in(written + ended.out) == set()
    assert [len(case.nameable) for case in read_cases(str(tmp_path / "secret.jsonl"))] == [2] * len(bodies)


def test_redacted_traces_make_no_case(few: Served, tmp_path: Path) -> None:
    """Nor do those of a service that does not record: one sentence names both settings, and nothing is written."""
    for variables in ({"TRACE_CONTENT": "redacted"}, {"TRACE_REQUEST": "off"}):
        with storing_mlflow() as mlflow:
            silent = served_by(mlflow, list(SITUATIONS.values()), **variables)
            ended = cases(silent.environment, tmp_path, "--name", "none")

        assert (ended.code, ended.out) == (3, "")
        assert is_one_sentence(ended.err)
        assert BOTH_SETTINGS in ended.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("--name", ""), "NAME"),
        (("--name", "../x"), "NAME"),
        (("--name", "/x"), "NAME"),
        (("--name", "a\n"), "NAME"),
        (("--name", ".key"), "NAME"),
        (("--name", "x", "--since", "7"), "SINCE"),
        (("--name", "x", "--since", "yesterday"), "SINCE"),
        (("--name", "x", "--keep-titles", "maybe"), "KEEP_TITLES"),
        (("--name", "x", "--colour", "red"), "--colour"),
    ],
    ids=str,
)
def test_unusable_input_is_one_sentence(few: Served, arguments: Sequence[str], shown: str, tmp_path: Path) -> None:
    """It names the value, and MLflow is not asked."""
    before = len(few.mlflow.filters)
    ended = cases(few.environment, tmp_path, *arguments)

    assert (ended.code, ended.out, len(few.mlflow.filters)) == (3, "", before)
    assert is_one_sentence(ended.err)
    assert shown in ended.err


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({"MLFLOW_TRACKING_URI": ""}, "MLFLOW_TRACKING_URI is not set"),
        ({"MLFLOW_TRACKING_URI": "http://127.0.0.1:{port}"}, "MLflow does not answer"),
        ({"TRACE_REQUEST": "maybe"}, "TRACE_REQUEST"),
    ],
    ids=str,
)
def test_an_mlflow_that_cannot_be_asked_is_one_sentence(
    few: Served, variables: dict[str, str], shown: str, tmp_path: Path
) -> None:
    """For both commands."""
    port = free_port()
    environment = few.environment | {name: text.format(port=port) for name, text in variables.items()}
    for ended in (
        cases(environment, tmp_path, "--name", "x"),
        replayed(environment, tmp_path, "--serve-id", few.serve_ids[0]),
    ):
        assert (ended.code, ended.out) == (3, "")
        assert is_one_sentence(ended.err)
        assert shown in ended.err


def test_a_filter_that_mlflow_refuses_is_one_sentence(tmp_path: Path) -> None:
    """It names FILTER, and quotes nothing of the server's."""

    def refuse(connection: Connection) -> None:
        while connection.request():
            is_search = connection.head.startswith(b"POST /api/3.0/mlflow/traces/search ")
            connection.send(REFUSED if is_search else http_answer(EXPERIMENT))

    with serving(refuse) as server:
        ended = cases({"MLFLOW_TRACKING_URI": server.url}, tmp_path, "--name", "x", "--filter", "nonsense")

    assert ended.code == 3
    assert "FILTER" in ended.err
    assert is_one_sentence(ended.err)


def test_a_filter_goes_to_mlflow_with_the_age(few: Served, tmp_path: Path) -> None:
    """Numbers of feedback that are to be equal are quoted, as MLflow asks for it."""
    cases(
        few.environment,
        tmp_path,
        "--name",
        "x",
        "--filter",
        "feedback.helpful = 0.0 AND feedback.x > 0",
        "--since",
        "1h",
    )

    assert re.fullmatch(
        r"tags\.`mlflow\.traceName` = 'recommend' AND timestamp_ms >= \d{13} "
        r"AND feedback\.helpful = '0\.0' AND feedback\.x > 0",
        few.mlflow.filters[-1],
    )


def test_pages_are_read_to_the_end(few: Served, tmp_path: Path) -> None:
    """One trace a page, and each is a case once."""
    few.mlflow.page = 1
    try:
        ended = cases(few.environment, tmp_path, "--name", "x")
    finally:
        few.mlflow.page = 500

    assert ended.out == f"{tmp_path / 'x.jsonl'}: {len(SITUATIONS)} cases of {len(SITUATIONS)} users.\n"


def test_a_file_is_replayed_with_two_versions(few: Served, tmp_path: Path) -> None:
    """On the version that served it and another one; any verdict is a success."""
    cases(few.environment, tmp_path, "--name", "kept", "--keep-titles", "1")
    path = str(tmp_path / "kept.jsonl")
    ended = replayed({}, tmp_path, "--cases", path, "--b", "orchestrator-1")
    number = len(SITUATIONS)

    assert ended.code == 0
    assert f"{number} of {number} prompts are those that were sent, byte for byte." in ended.out
    assert ended.out.splitlines()[-1].startswith("verdict: ")
    assert few.mlflow.runs == {}
    assert json.loads((tmp_path / "out/report.json").read_text())["comparison"]["a"] == "orchestrator-2"


def test_one_tip_is_replayed(few: Served, tmp_path: Path) -> None:
    """Straight from MLflow; without a second version there is no verdict, and nothing is written beside the report."""
    ended = replayed(few.environment, tmp_path, "--serve-id", few.serve_ids[0], "--keep-titles", "1")

    assert ended.code == 0
    assert "1 of 1 prompts are those that were sent, byte for byte." in ended.out
    assert "verdict" not in ended.out
    assert [run["status"] for run in few.mlflow.runs.values()] == ["FINISHED"]
    assert list(tmp_path.glob("*.jsonl")) == []


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--cases", "a.jsonl", "--serve-id", "0" * 32),
        ("--cases", "evals/local/nowhere.jsonl"),
        ("--cases", "README.md"),
        ("--serve-id", "0" * 31),
        ("--serve-id", "0" * 32),
        ("--serve-id", "'; rm -r x"),
    ],
    ids=str,
)
def test_a_replay_of_nothing_is_one_sentence(few: Served, arguments: Sequence[str], tmp_path: Path) -> None:
    """With anything missing."""
    ended = replayed(few.environment, tmp_path, *arguments)

    assert (ended.code, ended.out) == (3, "")
    assert is_one_sentence(ended.err)


def test_a_tip_without_a_request_names_the_settings(tmp_path: Path) -> None:
    """As `make cases` does."""
    with storing_mlflow() as mlflow:
        silent = served_by(mlflow, [SITUATIONS["morning"]], TRACE_REQUEST="off")
        ended = replayed(silent.environment, tmp_path, "--serve-id", silent.serve_ids[0])

    assert ended.code == 3
    assert BOTH_SETTINGS in ended.err


def test_large_numbers_are_read_back() -> None:
    """Their recipes, wherever they stand; an object that only looks like one stays."""
    told = {"assumed": [], "tasks": [{"id": {"$number": "-9223372036854775809"}, "due": {"$number": "today"}}]}
    root = TracedSpan("recommend", "", 0, {}, {}, {"request": told})

    assert request_in(root) == {"assumed": [], "tasks": [{"id": -9223372036854775809, "due": {"$number": "today"}}]}
    assert request_in(root._replace(attributes={"request": json.dumps(told)})) == request_in(root)
    for nothing in ("no JSON", "{}", 5):
        assert request_in(root._replace(attributes={"request": nothing})) is None


def test_requests_of_several_versions_ask_for_one(few: Served, tmp_path: Path) -> None:
    """The same for a file of cases that were never served."""
    (tmp_path / "own.jsonl").write_text(case_line(SITUATIONS["morning"]))
    ended = replayed({}, tmp_path, "--cases", str(tmp_path / "own.jsonl"))

    assert ended.code == 3
    assert "A=orchestrator-2" in ended.err
