"""A real MLflow server gets the traces of functions as they are built: nothing that either protocol needs is cut."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from testing.emulator import Emulator
from testing.fake_llm import TIP, FakeModel, fails, says
from testing.http_events import http_event
from testing.mlflow_server import eventually, mlflow_client, running
from testing.sample_events import sample_event

if TYPE_CHECKING:
    from mlflow.entities import Trace

Sandbox = Callable[..., Emulator]

SLOW_IMPORT_S = 4.0
"""More than an export may take."""

TIP_TREE = ["recommend", "build_context", "llm_orchestrator", "attempt"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with an empty store."""
    folder = tmp_path_factory.mktemp("mlflow")
    with running(folder, f"sqlite:///{folder}/store.db") as address:
        yield address


def settings(server: str, protocol: str, experiment: str) -> dict[str, str]:
    """The variables that make a sandbox send its traces there; it can write to no file meanwhile, as in Lambda."""
    return {
        "MLFLOW_TRACKING_URI": server,
        "MLFLOW_TRACE_PROTOCOL": protocol,
        "MLFLOW_EXPERIMENT_NAME": experiment,
        "READ_ONLY_DISK": "1",
    }


def traces(server: str, experiment: str, number: int) -> "list[Trace]":
    """All of an experiment's traces, once there are that many, the oldest first."""
    client, found = mlflow_client(server), list["Trace"]()

    def arrived() -> bool:
        made = client.get_experiment_by_name(experiment)
        found[:] = client.search_traces(locations=[made.experiment_id]) if made else []
        return len(found) >= number

    eventually(arrived)
    return sorted(found, key=lambda trace: trace.info.request_time)


def spans(trace: "Trace") -> list[str]:
    """Their names, in the order in which they began."""
    return [span.name for span in sorted(trace.data.spans, key=lambda span: span.start_time_ns)]


def tip_event(user_id: str) -> dict[str, Any]:
    return http_event("POST", "/recommend", {"user_id": user_id, "agent_outputs": []})


@pytest.mark.parametrize("protocol", ["otlp", "client"])
def test_each_tip_leaves_its_trace_from_the_first_on(
    sandbox: Sandbox, model: FakeModel, server: str, protocol: str
) -> None:
    """Under the id that the answer names, with spans, times, tags, tokens and the state that it ended in."""
    model.plan("lucky", says(TIP))
    model.plan("unlucky", fails(400))
    variables = settings(server, protocol, f"tips/{protocol}") | {"LITELLM_URL": model.url}
    emulator = sandbox("RecommendFunction", variables, hooked=True)

    answers = [emulator.invoke(tip_event(user_id)) for user_id in ("lucky", "lucky", "unlucky")]

    found = traces(server, f"tips/{protocol}", 3)
    assert [trace.info.trace_id for trace in found] == [f"tr-{answer['headers']['x-trace-id']}" for answer in answers]
    assert [trace.info.state.value for trace in found] == ["OK", "OK", "ERROR"]
    assert [spans(trace) for trace in found] == [TIP_TREE] * 3
    assert found[0].info.token_usage == {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18}
    assert found[0].info.tags["mlflow.traceName"] == "recommend"
    assert emulator.counted("TraceDropped") == 0


@pytest.mark.parametrize("protocol", ["otlp", "client"])
def test_a_job_leaves_both_of_its_traces(sandbox: Sandbox, server: str, protocol: str) -> None:
    """Beside the clients of AWS, which share packages with MLflow's."""
    variables = settings(server, protocol, f"jobs/{protocol}")
    emulator = sandbox("ComputeWorkerFunction", variables, hooked=True)

    emulator.invoke(sample_event("compute-worker"))

    found = traces(server, f"jobs/{protocol}", 2)
    assert [spans(trace)[0].partition(":")[0] for trace in found] == ["infer", "compute"]
    assert emulator.counted("TraceDropped") == 0


def test_an_import_that_outlasts_the_ceiling_costs_no_trace_and_no_answer(
    sandbox: Sandbox, model: FakeModel, server: str
) -> None:
    """With the least memory MLflow's client takes longer to import than an export may take: the sandbox is kept."""
    variables = settings(server, "client", "slow") | {"LITELLM_URL": model.url, "SLOW_IMPORT_S": str(SLOW_IMPORT_S)}
    emulator = sandbox("RecommendFunction", variables, hooked=True)

    first, second = (emulator.timed(tip_event("user")) for _ in range(2))

    assert len(traces(server, "slow", 2)) == 2
    assert first.held_s > SLOW_IMPORT_S > second.held_s
    assert max(first.took_s, second.took_s) < 1
    assert emulator.counted("TraceDropped") == 0
