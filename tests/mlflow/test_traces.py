"""Tips and snippets as a real MLflow server shows them."""

import json
from typing import TYPE_CHECKING

import pytest

from local.deployment.environment import ROOT
from oo.contract.shown_ids import hashed
from testing.fake_llm import TIP, FakeModel, fails, says
from testing.mlflow_server import eventually, mlflow_client
from tests.mlflow.conftest import Service
from tests.mlflow.fixtures import COSTS, SNIPPET, TASKS, USER, precomputed, send, span_of, tree

if TYPE_CHECKING:
    from mlflow.entities import Trace, TraceInfo


def test_tokens_and_cost_of_a_trace_are_those_of_all_its_attempts(service: Service, model: FakeModel) -> None:
    """A correction counts: usage and cost are the sums over both attempts, the failed one included."""
    model.plan(USER, says("no JSON", COSTS), says(TIP, COSTS))
    sent = send(service, "/recommend", agent_outputs=[SNIPPET], tasks=TASKS, hour_of_day=9)
    (trace,) = service.traces(sent.caller_trace_id, 1)

    assert sent.status == 200
    assert trace.info.token_usage == {
        "input_tokens": sent.body["prompt_tokens"],
        "output_tokens": sent.body["completion_tokens"],
        "total_tokens": sent.body["prompt_tokens"] + sent.body["completion_tokens"],
    }
    cost = json.loads(trace.info.trace_metadata["mlflow.trace.cost"])
    assert cost["total_cost"] == pytest.approx(0.008) == sent.body["receipt"]["cost_usd"]


def test_a_tips_trace_is_found_by_whom_and_what_it_was_for(service: Service, model: FakeModel) -> None:
    """The user is hashed, and the receipt's ids are tags."""
    model.plan(USER, says(TIP))
    sent = send(service, "/recommend", agent_outputs=[SNIPPET])
    (trace,) = service.traces(sent.caller_trace_id, 1)

    assert trace.info.trace_metadata["mlflow.trace.user"] == hashed(USER)
    receipt = sent.body["receipt"]
    expected = {
        "serve_id": receipt["serve_id"],
        "caller.trace_id": receipt["trace_id"],
        "prompt.version": receipt["prompt_version"],
        "mlflow.traceName": "recommend",
    }
    assert expected.items() <= trace.info.tags.items()
    root = span_of(trace, "recommend")
    assert root.inputs["agent_ids"] == ["mine"]
    assert root.outputs == {
        "tip_id": sent.body["tip"]["id"],
        "content": sent.body["tip"]["content"],
        "rationale": sent.body["tip"]["rationale"],
    }
    assert root.attributes["agent_count"] == 1
    assert [message["role"] for message in span_of(trace, "llm_orchestrator").inputs["messages"]] == ["system", "user"]


@pytest.mark.parametrize("path", ["/recommend", "/generate"])
def test_the_trace_is_opened_by_the_serve_id(service: Service, model: FakeModel, path: str) -> None:
    """Although the caller's own trace id is another one, which MLflow does not know."""
    model.plan(USER, says(TIP))
    sent = send(service, path)
    service.traces(sent.caller_trace_id, 1)
    serve_id = sent.body["receipt"]["serve_id"] if path == "/recommend" else sent.body["serve_id"]
    trace = mlflow_client(service.server).get_trace(f"tr-{serve_id}")

    assert trace.info.tags["serve_id"] == serve_id != sent.caller_trace_id
    assert trace.info.tags["caller.trace_id"] == sent.caller_trace_id
    with pytest.raises(Exception, match=sent.caller_trace_id):
        mlflow_client(service.server).get_trace(f"tr-{sent.caller_trace_id}")


def test_a_list_shows_a_tip_by_its_version_its_numbers_and_its_words(service: Service, model: FakeModel) -> None:
    """One line of the request, with band and kind, and one of the tip, in both places where a list may look."""
    model.plan(USER, says(TIP))
    sent = send(service, "/recommend", agent_outputs=[SNIPPET], tasks=TASKS, prompt_version="orchestrator-1")
    (trace,) = service.traces(sent.caller_trace_id, 1)
    asked = "orchestrator-1, balanced (50), advice: 1 task, 1 snippet"
    lines = {"mlflow.traceInputs": asked, "mlflow.traceOutputs": TIP["content"]}

    eventually(lambda: lines.items() <= traced(service, trace).trace_metadata.items())
    info = traced(service, trace)
    assert [info.request_preview, info.response_preview] == list(lines.values())
    assert span_of(trace, "recommend").inputs["user_id"] == USER
    assert info.state.value == "OK"
    assert info.token_usage == {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18}


@pytest.mark.parametrize("path", ["/generate", "/agents/deadline-pressure/compute", "/agents/peak-hours/infer"])
def test_no_list_shows_a_users_id(service: Service, model: FakeModel, path: str) -> None:
    """The rule holds for every operation."""
    model.plan(USER, says(TIP))
    (trace,) = service.traces(send(service, path).caller_trace_id, 1)

    eventually(lambda: "user_id" not in str(traced(service, trace).request_preview))
    info = traced(service, trace)
    shown = [info.request_preview, info.response_preview, info.trace_metadata, info.tags]
    assert USER not in str(shown)
    assert info.request_preview


def test_the_span_of_a_snippet_says_whether_the_prompt_had_it(service: Service, model: FakeModel) -> None:
    """And the reason where it had not."""
    model.plan(USER, says(TIP))
    old = SNIPPET | {"agent_id": "old", "expires_at": "2026-03-12T08:00:00Z"}
    sent = send(service, "/recommend", agent_outputs=[SNIPPET, old], now_iso="2026-03-12T09:00:00Z")
    (trace,) = service.traces(sent.caller_trace_id, 1)
    told = [span_of(trace, f"agent:{name}").attributes for name in ("mine", "old")]

    assert [(each["used"], each.get("reason")) for each in told] == [(True, None), (False, "expired")]


@pytest.mark.parametrize(
    ("path", "name", "shown"),
    [
        ("/recommend", "recommend", "trace.name = 'recommend'"),
        ("/recommend", "recommend", "trace.name = 'recommend' AND tags.`prompt.version` = 'orchestrator-2'"),
        ("/generate", "generate", "trace.name = 'generate'"),
    ],
)
def test_the_pages_filters_show_tips_without_precompute(
    service: Service, model: FakeModel, path: str, name: str, shown: str
) -> None:
    """docs/prompts.md gives the filters; each snapshot leaves several traces in the same experiment."""
    assert shown in (ROOT / "docs/prompts.md").read_text(encoding="utf-8")
    version = {"prompt_version": "orchestrator-2"} if name == "recommend" else {}
    model.plan(USER, says(TIP))
    (tip,) = service.traces(send(service, path, **version).caller_trace_id, 1)
    precomputed(service, f"{USER}-filtered-{service.protocol}-{len(shown)}")
    found = service.search(shown)

    assert tip.info.trace_id in {trace.info.trace_id for trace in found}
    assert {trace.info.tags["mlflow.traceName"] for trace in found} == {name}


def traced(service: Service, trace: "Trace") -> "TraceInfo":
    """The server's account of it now; the client's lines are replaced after its spans have landed."""
    info: TraceInfo = mlflow_client(service.server).get_trace(trace.info.trace_id).info
    return info


def test_a_failed_request_leaves_its_trace(service: Service, model: FakeModel) -> None:
    model.plan(USER, fails(400))
    sent = send(service, "/recommend", agent_outputs=[SNIPPET])
    (trace,) = service.traces(sent.caller_trace_id, 1)

    assert (sent.status, trace.info.state.value) == (502, "ERROR")
    assert {name: status for name, _, _, status in tree(trace)} == {
        "recommend": "ERROR",
        "agent:mine": "OK",
        "build_context": "OK",
        "llm_orchestrator": "ERROR",
        "attempt": "ERROR",
    }
    assert span_of(trace, "recommend").status.description == "LLMUpstreamError"


def test_candidates_that_do_not_come_leave_a_failed_trace(service: Service, model: FakeModel) -> None:
    """With every attempt in it, and the tokens that they took."""
    model.plan(USER, says("no JSON"))
    sent = send(service, "/generate", n=1)
    (trace,) = service.traces(sent.caller_trace_id, 1)

    assert (sent.status, trace.info.state.value) == (502, "ERROR")
    assert tree(trace) == [
        ("generate", None, "CHAIN", "ERROR"),
        ("build_context", "generate", "TOOL", "OK"),
        ("llm_generate", "generate", "LLM", "ERROR"),
        *[("attempt", "llm_generate", "LLM", "ERROR")] * 3,
    ]
    assert span_of(trace, "generate").status.description == "LLMBadOutput"
    assert trace.info.token_usage == {"input_tokens": 33, "output_tokens": 21, "total_tokens": 54}
    assert trace.info.trace_metadata["mlflow.trace.user"] == hashed(USER)


def test_a_tip_links_to_the_trace_that_computed_its_snippet(service: Service, model: FakeModel) -> None:
    """From the tip one can open the run that said so, spans and all."""
    user = f"{USER}-linked-{service.protocol}"
    *_, compute = precomputed(service, user)
    model.plan(user, says(TIP))
    sent = send(service, "/recommend", user_id=user, tasks=TASKS, now_iso="2026-03-12T10:00:00Z")
    (trace,) = service.traces(sent.caller_trace_id, 1)

    (link,) = span_of(trace, "agent:deadline-pressure").links
    assert (link.trace_id, link.span_id) == (compute.info.trace_id, compute.data.spans[0].span_id)
