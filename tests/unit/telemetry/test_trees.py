"""The spans of each operation: names, kinds, parents and attributes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from oo.agent_runs import AgentRuns
from oo.contract.agents import ComputeRequest, InferRequest
from oo.contract.tips import StoredSnippet
from oo.deadline import Deadline
from oo.request_context import RequestContext
from oo.telemetry.logs import make_metrics
from oo.telemetry.spans import Link, Trace, recording
from testing.for_each import for_each
from tests.unit.precompute.test_fan_out import Dispatch
from tests.unit.telemetry.fixtures import Log
from tests.unit.tips.fixtures import NOW, TIP, Scene, replied

Tree = dict[tuple[str, ...], tuple[str, set[str], set[str], set[str]]]
"""By the path of names from the root: kind, and the names of inputs, outputs and attributes."""

BAD_THEN_GOOD = (replied("no JSON"), replied(TIP, headers={"x-litellm-response-cost": "0.002"}))
SNIPPET = {"agent_id": "quick-win", "prompt_text": "Mornings suit you."}
ASKED = {"messages", "model", "temperature"}
USED = {"prompt_tokens", "completion_tokens", "model", "attempts"}
CALLED = {"call_id", "finish_reason", "mlflow.llm.model", "mlflow.chat.tokenUsage"}
CONTEXT = ("TOOL", {"agent_count", "task_count", "science_destiny"}, {"message_count"}, set[str]())


def recommend() -> Trace:
    scene = Scene(*BAD_THEN_GOOD)
    scene.recommend(agent_outputs=[SNIPPET])
    return scene.trace


def generate() -> Trace:
    scene = Scene(replied({"candidates": [TIP]}))
    scene.generate()
    return scene.trace


def compute() -> Trace:
    return _recorded(lambda call: _runs().compute(ComputeRequest(user_id="u"), call, "quick-win"))


def infer() -> Trace:
    return _recorded(lambda call: _runs().infer(InferRequest(user_id="u"), call, "quick-win"))


def precompute() -> Trace:
    dispatch = Dispatch()
    dispatch.run()
    return dispatch.trace


def _runs() -> AgentRuns:
    return AgentRuns(Log().logger, make_metrics())


def _recorded(operation: Callable[[RequestContext], object]) -> Trace:
    with recording(Trace.begin()) as trace:
        operation(RequestContext(NOW, Deadline.after(10), trace))
        return trace


TREES: list[tuple[Callable[[], Trace], Tree]] = [
    (
        recommend,
        {
            ("recommend",): (
                "CHAIN",
                {"user_id", "agent_ids", "hour_of_day", "day_of_week", "science_destiny"},
                {"tip_id", "content", "rationale"},
                {"latency_ms", "agent_count"},
            ),
            ("recommend", "agent:quick-win"): (
                "AGENT",
                {"agent_id"},
                {"prompt_text"},
                {"state", "used", "reason", "agent_version", "age_s"},
            ),
            ("recommend", "build_context"): CONTEXT,
            ("recommend", "llm_orchestrator"): ("LLM", ASKED, {"content", "rationale"}, USED),
            ("recommend", "llm_orchestrator", "attempt"): ("LLM", ASKED, {"text"}, CALLED),
            ("recommend", "llm_orchestrator", "attempt", "2"): ("LLM", ASKED, {"text"}, CALLED | {"mlflow.llm.cost"}),
        },
    ),
    (
        generate,
        {
            ("generate",): ("CHAIN", {"user_id", "n", "prompt_version"}, {"candidates"}, {"latency_ms"}),
            ("generate", "build_context"): CONTEXT,
            ("generate", "llm_generate"): ("LLM", ASKED, {"content", "rationale"}, USED),
            ("generate", "llm_generate", "attempt"): ("LLM", ASKED, {"text"}, CALLED),
        },
    ),
    (
        compute,
        {
            ("compute:quick-win",): (
                "AGENT",
                {"user_id", "agent_id", "task_count", "feedback_count"},
                {"prompt_text", "signals_snapshot"},
                {"agent_version", "expires_at"},
            )
        },
    ),
    (
        infer,
        {
            ("infer:quick-win",): (
                "CHAIN",
                {"user_id", "agent_id", "history_len", "completion_count"},
                {"inferred_prefs"},
                {"latency_ms", "n_params"},
            )
        },
    ),
    (
        precompute,
        {
            ("precompute",): (
                "CHAIN",
                {"user_id", "agent_ids", "task_count", "feedback_count", "completion_count"},
                {"compute_count", "withdraw_count"},
                set(),
            ),
            ("precompute", "enqueue"): ("TOOL", {"job_count"}, {"sent_bytes"}, set()),
        },
    ),
]


def tree_of(trace: Trace) -> Tree:
    """The trace's spans; of siblings with one name the second is called 2."""
    paths: dict[str | None, tuple[str, ...]] = {None: ()}
    tree: Tree = {}
    for span in trace.spans:
        path = (*paths[span.parent_id], span.name)
        path = (*path, "2") if path in tree else path
        paths[span.span_id] = path
        tree[path] = (span.kind.value, set(span.inputs), set(span.outputs), set(span.attributes))
    return tree


@pytest.mark.parametrize(("operation", "expected"), TREES, ids=lambda part: getattr(part, "__name__", ""))
def test_an_operation_leaves_the_contracts_tree(operation: Callable[[], Trace], expected: Tree) -> None:
    """Every span of the contract is there with its facts, has ended well, and lies inside of its parent."""
    trace = operation()

    assert tree_of(trace) == expected
    by_id = {span.span_id: span for span in trace.spans}
    for span in trace.spans:
        parent = by_id.get(span.parent_id or "", span)
        assert parent.start_ns <= span.start_ns <= (span.end_ns or 0) <= (parent.end_ns or 0)
    failed = [span.name for span in trace.spans if span.error_type]
    assert failed == (["attempt"] if operation is recommend else [])


def stored(**changes: Any) -> StoredSnippet:
    fields: dict[str, Any] = SNIPPET | {
        "computed_at": NOW,
        "expires_at": NOW + timedelta(hours=1),
        "agent_version": "1.0.0",
        "trace_id": "ab" * 16,
        "span_id": "cd" * 8,
    }
    return StoredSnippet.model_validate(fields | changes)


class Stored:
    """A store with one snippet."""

    def __init__(self, snippet: StoredSnippet) -> None:
        self._snippet = snippet

    def read(self, user_id: str) -> list[StoredSnippet]:
        return [self._snippet]


def test_a_stored_snippet_links_to_the_span_that_computed_it() -> None:
    scene = Scene(replied(TIP))
    scene.recommend(Stored(stored()))

    (agent,) = scene.spans("agent:quick-win")
    assert agent.links == [Link("ab" * 16, "cd" * 8)]
    assert agent.attributes["computed_in_trace"] == "ab" * 16


@for_each("trace_id", [None, "0" * 32, "the report is late"])
def test_what_is_no_trace_is_not_linked_to(trace_id: str | None) -> None:
    """A caller may send any text for an id."""
    scene = Scene(replied(TIP))
    scene.recommend(agent_outputs=[SNIPPET | {"trace_id": trace_id, "span_id": "cd" * 8}])

    (agent,) = scene.spans("agent:quick-win")
    assert (agent.links, "computed_in_trace" in agent.attributes) == ([], False)


def test_the_trace_says_which_prompt_and_why_it_did_without_the_model() -> None:
    scene = Scene(replied("no JSON"))
    response = scene.recommend(template_fallback=True)

    assert scene.trace.tags == {
        "serve_id": response.receipt.serve_id,
        "prompt.version": response.receipt.prompt_version,
        "degraded": "llm_bad_output",
    }


def test_ages_of_snippets_that_were_used_are_measured() -> None:
    """In seconds, without a dimension."""
    scene = Scene(replied(TIP))
    scene.metrics.clear_metrics()
    scene.recommend(Stored(stored(computed_at=NOW - timedelta(minutes=5))))

    assert scene.metrics.metric_set["SnippetAgeSeconds"]["Value"] == [300.0]
