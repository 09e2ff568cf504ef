"""Requests that a real MLflow server keeps: they come back as they were, and redacted nothing of them is there."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from evals.cases.case import Case, read_cases
from evals.recording.__main__ import main
from evals.recording.replay import main as replay
from local.system import LocalSystem
from oo.bootstrap.settings import TraceSettings
from testing.mlflow_server import eventually, running
from testing.patience import patient_functions
from testing.secret_requests import SECRETS_N, comments, requests, secrets_in
from testing.served_traces import serve

PATIENCE_S = 120.0
LEFT_OUT: Sequence[tuple[str, ...]] = ((), ("now_iso",), ("timezone",), ("now_iso", "timezone"))
ODD_ROW: dict[str, Any] = {
    "id": 2**70,
    "title": "Call «Ana» \U0001f469\u200d\U0001f4bb",
    "due": {"date": "2026-03-05", "timeZone": None},
    "priority": 2**63,
    "estimate_minutes": 12.5,
    "tags": [],
    "parent_id": None,
    "": {"": [None, {}, -1.5e-300, 1e16, True]},
}


def asked(number: int) -> list[Case]:
    """Requests of invented people and hostile titles, one of them with odd values; most leave out parts."""
    usual, hostile = read_cases("core"), read_cases("adversarial")
    half = number // 2
    found = [*usual[:: len(usual) // half][:half], *hostile[:: len(hostile) // half][: number - half]]
    odd = found[0].request
    found[0] = found[0]._replace(request=odd | {"tasks": [ODD_ROW, *odd["tasks"]]})
    return [
        case._replace(request={name: part for name, part in case.request.items() if name not in LEFT_OUT[place % 4]})
        for place, case in enumerate(found)
    ]


@pytest.mark.parametrize(("protocol", "number"), [("otlp", 200), ("client", 20)])
def test_requests_make_the_prompts_that_were_sent(
    server: str, protocol: str, number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Byte for byte, by either protocol; a filter finds those with feedback."""
    environment = {
        "MLFLOW_TRACKING_URI": server,
        "MLFLOW_EXPERIMENT_NAME": f"oO/recorded-{protocol}",
        "MLFLOW_TRACE_PROTOCOL": protocol,
        "TRACE_REQUEST": "on",
    }
    settings = TraceSettings.from_environment(environment)
    serve_ids = [serve(case, settings).receipt.serve_id for case in asked(number)]
    dislike(server, serve_ids[0], "No.")

    main(["--name", "kept", "--keep-titles", "1", "--since", "1d"], environment, folder=tmp_path)
    assert f"{number} of {number} prompts are those that were sent, byte for byte." in capsys.readouterr().out
    assert {case.id for case in read_cases(str(tmp_path / "kept.jsonl"))} == set(serve_ids)

    for condition in ("feedback.dismissed > 0", "feedback.dismissed = 1.0 AND feedback.shown IS NULL"):
        main(["--name", "disliked", "--filter", condition], environment, folder=tmp_path)
        assert [case.id for case in read_cases(str(tmp_path / "disliked.jsonl"))] == serve_ids[:1]
    with pytest.raises(SystemExit):
        main(["--name", "x", "--filter", "dismissed, please"], environment, folder=tmp_path)
    assert "FILTER" in capsys.readouterr().err

    options = ["--serve-id", serve_ids[1], "--keep-titles", "1", "--b", "orchestrator-1"]
    replay([*options, "--out", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")], environment, folder=tmp_path)
    told = capsys.readouterr().out
    assert "1 of 1 prompts are those that were sent, byte for byte." in told
    assert told.splitlines()[-1].startswith("verdict: ")


def dislike(server: str, serve_id: str, comment: str) -> None:
    """Feedback as the worker sends it."""
    assessment = {
        "assessment_name": "dismissed",
        "source": {"source_type": "HUMAN", "source_id": "somebody"},
        "feedback": {"value": 1.0},
        "rationale": comment,
    }
    address = f"{server}/api/3.0/mlflow/traces/tr-{serve_id}/assessments"
    httpx.post(address, json={"assessment": assessment}, timeout=PATIENCE_S).raise_for_status()


@contextmanager
def system_beside(server: str, **variables: str) -> Iterator[tuple[LocalSystem, dict[str, str]]]:
    environment = {"MLFLOW_TRACKING_URI": server, "TRACE_REQUEST": "on", **variables}
    with LocalSystem(environment=environment | patient_functions()) as system:
        yield system, environment


def made(environment: dict[str, str], folder: Path, *arguments: str) -> int:
    """The number of cases that `make cases` makes."""
    with suppress(SystemExit):
        main(["--name", "made", *arguments], environment, folder=folder)
        return len(read_cases(str(folder / "made.jsonl")))
    return 0


def test_stored_snippets_and_the_default_zone_are_recorded(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A body with a user's id and a task makes the prompt that the running service sent."""
    variables = {"MLFLOW_EXPERIMENT_NAME": "oO/recorded-stored", "DEFAULT_TIMEZONE": "Asia/Kathmandu"}
    due = (datetime.now(UTC) + timedelta(hours=4)).isoformat()
    tasks = [{"id": "t1", "title": "Send the invoice", "due_at": due, "priority": 4, "estimate_minutes": 10}]
    with system_beside(server, **variables) as (system, environment):
        snapshot = {"user_id": "user-7", "tasks": tasks}
        system.aws.sqs.send_message(QueueUrl=system.queue_url("PrecomputeQueue"), MessageBody=json.dumps(snapshot))
        eventually(lambda: system.http.post("/recommend", json=snapshot).json()["receipt"]["snippets"], PATIENCE_S)
        eventually(lambda: has_snippets(environment, folder=tmp_path), PATIENCE_S)
        capsys.readouterr()
        number = made(environment, tmp_path, "--keep-titles", "1")
    cases = read_cases(str(tmp_path / "made.jsonl"))

    assert f"{number} of {number} prompts are those that were sent, byte for byte." in capsys.readouterr().out
    assert {case.request["timezone"] for case in cases} == {"Asia/Kathmandu"}
    assert {tuple(case.request["assumed"]) for case in cases} == {("now_iso", "timezone")}
    assert "user-7" not in (tmp_path / "made.jsonl").read_text()


def has_snippets(environment: dict[str, str], folder: Path) -> bool:
    return bool(
        made(environment, folder, "--keep-titles", "1")
        and any(case.request["agent_outputs"] for case in read_cases(str(folder / "made.jsonl")))
    )


@pytest.mark.parametrize("content", ["full", "redacted"])
def test_planted_secrets_get_no_further(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """50 in titles, ids, notes, tips and comments: none in files and logs, and redacted none in the server's store."""
    store, local = tmp_path / "store", tmp_path / "local"
    store.mkdir()
    with running(store, f"sqlite:///{store}/store.db") as server:
        with system_beside(server, TRACE_CONTENT=content) as (system, environment):
            for body, comment in zip(requests(), comments(), strict=True):
                serve_id = system.http.post("/recommend", json=body).json()["receipt"]["serve_id"]
                said = {"user_id": body["user_id"], "serve_id": serve_id, "action": "dismissed", "comment": comment}
                assert system.http.post("/feedback", json=said).status_code == 202
            eventually(lambda: disliked(server) == len(comments()), PATIENCE_S)
            log = system.log.read_text() + system.output.read_text()
        number = made(environment, local, "--filter", "feedback.dismissed > 0")
    kept = b"".join(path.read_bytes() for path in store.rglob("*") if path.is_file() and path.name != "server.log")
    files = "".join(path.read_text() for path in local.rglob("*") if path.is_file())
    printed = "".join(capsys.readouterr())

    assert secrets_in(log + files + printed) == set()
    assert (number, secrets_in(kept)) == ((5, set(range(SECRETS_N))) if content == "full" else (0, set()))
    assert ("TRACE_REQUEST=on and TRACE_CONTENT=full" in printed) is (content == "redacted")


def disliked(server: str) -> int:
    """How many tips have the feedback on them."""
    api, name = f"{server}/api", "oO/serving"
    found = httpx.get(f"{api}/2.0/mlflow/experiments/get-by-name", params={"experiment_name": name})
    if not found.is_success:
        return 0
    location = {"experiment_id": found.json()["experiment"]["experiment_id"]}
    body = {
        "locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": location}],
        "filter": "feedback.dismissed > 0",
        "max_results": 100,
    }
    return len(httpx.post(f"{api}/3.0/mlflow/traces/search", json=body, timeout=PATIENCE_S).json().get("traces", ()))
