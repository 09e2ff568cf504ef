"""Each operation once, by each protocol: one trace with its tree, times, facts, user, tags and tokens."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

import pytest

from oo.contract.shown_ids import hashed
from testing.fake_llm import TIP, Asked, FakeModel, says
from testing.raw_server import Connection
from tests.mlflow.conftest import Service
from tests.mlflow.fixtures import AGENT, COSTS, SNIPPET, TASKS, USER, assert_well_timed, queue, send, tree

if TYPE_CHECKING:
    from mlflow.entities import Trace

MODEL_S = 0.2
USAGE = {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18}
CANDIDATE = {name: TIP[name] for name in ("id", "content", "kind", "rationale")} | {"source": "llm", "task_id": None}
ASKED = {"messages": ANY, "model": "tip-generator", "temperature": 0.7}
COUNTS = {"prompt_tokens": 11, "completion_tokens": 7, "model": "openai/gpt-4o", "attempts": 1}
ATTEMPT = {
    "call_id": ANY,
    "mlflow.llm.model": "openai/gpt-4o",
    "mlflow.chat.tokenUsage": USAGE,
    "mlflow.llm.cost": {"input_cost": 0.003, "output_cost": 0.001, "total_cost": 0.004},
}

Facts = dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]
"""Inputs, outputs and attributes, by the span's name; of the attributes, those that are not MLflow's own."""


@dataclass(frozen=True)
class Operation:
    """The required content of one operation's trace; `tags` are those beside its name and the caller's trace id."""

    tree: list[tuple[str, str | None, str, str]]
    facts: Facts
    tags: dict[str, Any]
    usage: dict[str, int] | None = None


RECOMMEND = Operation(
    [
        ("recommend", None, "CHAIN", "OK"),
        ("agent:mine", "recommend", "AGENT", "OK"),
        ("build_context", "recommend", "TOOL", "OK"),
        ("llm_orchestrator", "recommend", "LLM", "OK"),
        ("attempt", "llm_orchestrator", "LLM", "OK"),
    ],
    {
        "recommend": (
            {"user_id": USER, "agent_ids": ["mine"], "hour_of_day": 9, "day_of_week": 3, "science_destiny": 80},
            {"tip_id": TIP["id"], "content": TIP["content"], "rationale": TIP["rationale"]},
            {"latency_ms": ANY, "agent_count": 1},
        ),
        "agent:mine": ({"agent_id": "mine"}, {"prompt_text": SNIPPET["prompt_text"]}, {"state": "unknown"}),
        "build_context": ({"agent_count": 1, "task_count": 1, "science_destiny": 80}, {"message_count": 2}, {}),
        "llm_orchestrator": (ASKED, {"content": TIP["content"], "rationale": TIP["rationale"]}, COUNTS),
        "attempt": (ASKED, {"text": ANY}, ATTEMPT),
    },
    {"serve_id": ANY, "prompt.version": ANY},
    USAGE,
)
GENERATE = Operation(
    [
        ("generate", None, "CHAIN", "OK"),
        ("build_context", "generate", "TOOL", "OK"),
        ("llm_generate", "generate", "LLM", "OK"),
        ("attempt", "llm_generate", "LLM", "OK"),
    ],
    {
        "generate": (
            {"user_id": USER, "n": 1, "prompt_version": "v2-grounded"},
            {"candidates": [CANDIDATE]},
            {"latency_ms": ANY},
        ),
        "build_context": ({"agent_count": 0, "task_count": 1, "science_destiny": None}, {"message_count": 2}, {}),
        "llm_generate": (ASKED, {"content": ANY, "rationale": ANY}, COUNTS),
        "attempt": (ASKED, {"text": ANY}, ATTEMPT),
    },
    {"serve_id": ANY, "prompt.version": "v2-grounded"},
    USAGE,
)
COMPUTE = Operation(
    [(f"compute:{AGENT}", None, "AGENT", "OK")],
    {
        f"compute:{AGENT}": (
            {"user_id": USER, "agent_id": AGENT, "task_count": 1, "feedback_count": 0},
            {"prompt_text": ANY, "signals_snapshot": ANY},
            {"agent_version": ANY, "expires_at": "2026-03-12T09:30:00+00:00"},
        )
    },
    {},
)
INFER = Operation(
    [(f"infer:{AGENT}", None, "CHAIN", "OK")],
    {
        f"infer:{AGENT}": (
            {"user_id": USER, "agent_id": AGENT, "history_len": 0, "completion_count": 0},
            {"inferred_prefs": {}},
            {"latency_ms": ANY, "n_params": 0},
        )
    },
    {},
)
PRECOMPUTE = Operation(
    [("precompute", None, "CHAIN", "OK"), ("enqueue", "precompute", "TOOL", "OK")],
    {
        "precompute": (
            {"user_id": USER, "agent_ids": [AGENT], "task_count": 1, "feedback_count": 0, "completion_count": 0},
            {"compute_count": 1, "withdraw_count": 0},
            {},
        ),
        "enqueue": ({"job_count": 1}, {"sent_bytes": ANY}, {}),
    },
    {},
)
OPERATIONS = {
    "recommend": RECOMMEND,
    "generate": GENERATE,
    "compute": COMPUTE,
    "infer": INFER,
    "precompute": PRECOMPUTE,
    "the job's inference": INFER,
    "the job's computation": COMPUTE,
}
REQUESTS: dict[str, tuple[str, dict[str, Any]]] = {
    "recommend": (
        "/recommend",
        {
            "agent_outputs": [SNIPPET],
            "tasks": TASKS,
            "hour_of_day": 9,
            "day_of_week": 3,
            "science_destiny": 80,
        },
    ),
    "generate": ("/generate", {"n": 1, "context": {"tasks": TASKS}}),
    "compute": (f"/agents/{AGENT}/compute", {"tasks": TASKS, "now_iso": "2026-03-12T09:00:00Z"}),
    "infer": (f"/agents/{AGENT}/infer", {}),
}
QUEUED = ["precompute", "the job's inference", "the job's computation"]


@dataclass(frozen=True)
class Run:
    """One operation's trace, and when the operation was asked for and known to be over, in nanoseconds since 1970."""

    operation: Operation
    trace: "Trace"
    caller_trace_id: str
    asked_ns: int
    over_ns: int


Runs = dict[str, Run]


@pytest.fixture(scope="session")
def runs(service: Service, model: FakeModel) -> Runs:
    """Every operation, carried out once."""
    model.plan(USER, takes_its_time)
    found: Runs = {}
    for name, (path, body) in REQUESTS.items():
        asked_ns = time.time_ns()
        sent = send(service, path, **body)
        over_ns = time.time_ns()
        (trace,) = service.traces(sent.caller_trace_id, 1)
        found[name] = Run(OPERATIONS[name], trace, sent.caller_trace_id, asked_ns, over_ns)
    asked_ns = time.time_ns()
    caller = queue(service, USER)
    traces = service.traces(caller, 3)
    over_ns = time.time_ns()
    for name, trace in zip(QUEUED, traces, strict=True):
        found[name] = Run(OPERATIONS[name], trace, caller, asked_ns, over_ns)
    return found


def takes_its_time(connection: Connection, asked: Asked) -> None:
    connection.wait(MODEL_S)
    says(TIP | {"candidates": [TIP]}, COSTS)(connection, asked)


each_operation = pytest.mark.parametrize("name", OPERATIONS)


@each_operation
def test_there_is_no_other_trace_of_it(service: Service, runs: Runs, name: str) -> None:
    """Not even when all others have arrived: one a request, and of a snapshot one and two a job."""
    found = service.traces(runs[name].caller_trace_id, 1)

    assert len(found) == (len(QUEUED) if name in QUEUED else 1)
    assert runs[name].trace.info.trace_id in {trace.info.trace_id for trace in found}


@each_operation
def test_the_tree_is_the_contracts(runs: Runs, name: str) -> None:
    """Names, parents, types and status of every span; the trace is as good as its root."""
    run = runs[name]

    assert tree(run.trace) == run.operation.tree
    assert run.trace.info.state.value == "OK"


@each_operation
def test_times_are_those_of_the_work(runs: Runs, name: str) -> None:
    """Between asking and the answer, each span inside of its parent, and the model's time in the attempt alone."""
    run = runs[name]
    spans = run.trace.data.spans

    assert_well_timed(run.trace)
    assert all(run.asked_ns <= span.start_time_ns <= (span.end_time_ns or 0) <= run.over_ns for span in spans)
    lengths_s = {span.name: ((span.end_time_ns or 0) - span.start_time_ns) / 1e9 for span in spans}
    waiting = {"recommend", "generate", "llm_orchestrator", "llm_generate", "attempt"}
    assert {name for name, length_s in lengths_s.items() if length_s >= MODEL_S} == waiting & lengths_s.keys()


@each_operation
def test_each_span_names_its_facts(runs: Runs, name: str) -> None:
    """Inputs, outputs and attributes are there with their values."""
    run = runs[name]

    for span in run.trace.data.spans:
        inputs, outputs, attributes = run.operation.facts[span.name]
        assert (inputs, outputs) == (span.inputs, span.outputs)
        assert attributes == {fact: span.attributes[fact] for fact in attributes}


@each_operation
def test_the_trace_is_found_by_its_user_and_its_callers_id(runs: Runs, name: str) -> None:
    """The user is a pseudonym; the only other tags are the stage and MLflow's own."""
    run = runs[name]
    info = run.trace.info

    assert info.trace_metadata["mlflow.trace.user"] == hashed(USER)
    expected_tags = {
        "mlflow.traceName": run.operation.tree[0][0],
        "caller.trace_id": run.caller_trace_id,
        "stage": "local",
        **run.operation.tags,
    }
    own = {tag: text for tag, text in info.tags.items() if tag in expected_tags or not tag.startswith("mlflow.")}
    assert {tag: text for tag, text in own.items() if tag != "service.name"} == expected_tags


@each_operation
def test_tokens_are_those_that_the_model_told(runs: Runs, name: str) -> None:
    """Counted once, although every span above the attempt knows of them; without a model there are none."""
    run = runs[name]

    assert run.trace.info.token_usage == run.operation.usage


def test_what_the_agents_said_is_in_the_trace(runs: Runs) -> None:
    """The job's computation and the request's say the same of the same moment."""
    texts = [runs[name].trace.data.spans[0].outputs["prompt_text"] for name in ("compute", "the job's computation")]

    assert texts[0] == texts[1]
    assert "Send the invoice" in texts[0]
