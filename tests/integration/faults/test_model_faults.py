"""Every way in which a model or its proxy can fail, over real connections, through the whole service."""

import gzip
import json
import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from local.deployment.environment import ROOT
from testing.fake_llm import (
    BOTH,
    CANARY,
    HTML,
    TIP,
    Act,
    FakeModel,
    answers,
    cuts_its_body,
    drips_its_body,
    drips_its_headers,
    fails,
    fake_model,
    floods_with_interim_answers,
    hangs,
    never_ends,
    replies,
    resets,
    says,
)
from testing.wire import completion
from tests.integration.faults.conftest import BUDGET_S, Answered, Service

Settled = Callable[[Answered], Answered]

SLOW: dict[str, Act] = {
    "hangs": hangs,
    "drips its body": drips_its_body,
    "drips its headers": drips_its_headers,
}
WELL = says(BOTH)
TRUNCATED = '{"content": "Open the dra'
TOOL_CALL = {"id": "t", "type": "function", "function": {"name": "delete_all", "arguments": CANARY}}


@pytest.fixture(scope="module")
def slow_answers(service: Service, model: FakeModel) -> dict[str, Answered]:
    """The answers of each slow model, asked at the same time."""
    for name, act in SLOW.items():
        model.plan(name, act)
    with ThreadPoolExecutor(len(SLOW)) as pool:
        return dict(zip(SLOW, pool.map(service.recommend, SLOW), strict=True))


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_model_costs_the_budget_and_no_more(
    name: str, slow_answers: dict[str, Answered], model: FakeModel, settled: Settled
) -> None:
    """A model that drips bytes for longer than any watchdog ends as one that is silent: in one call that timed out."""
    answered = settled(slow_answers[name])

    assert answered.outcome == (503, "llm_timeout")
    assert len(model.calls(name)) == 1


def test_a_flood_of_interim_answers_ends_with_the_budget(user: str, service: Service, model: FakeModel) -> None:
    """No read of it ever waits, so the deadline alone ends it."""
    model.plan(user, floods_with_interim_answers)

    assert service.recommend(user).outcome == (503, "llm_timeout")
    assert len(model.calls(user)) == 1


def in_ten_minutes() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)


@pytest.mark.parametrize(
    ("header", "text"),
    [("retry-after", "600"), ("llm_provider-retry-after", "600"), ("retry-after", "a date")],
    ids=["seconds", "the provider's seconds", "a date"],
)
def test_a_long_wait_is_the_callers(
    header: str, text: str, user: str, service: Service, model: FakeModel, settled: Settled
) -> None:
    """A wait that does not fit is passed on at once, without a retry."""
    model.plan(user, fails(429, {header: in_ten_minutes() if text == "a date" else text}))

    answered = settled(service.recommend(user))

    assert answered.outcome == (502, "llm_rate_limited")
    assert 0 < int(answered.headers["retry-after"]) <= 600
    assert len(model.calls(user)) == 1


def test_a_short_wait_is_kept(user: str, service: Service, model: FakeModel, settled: Settled) -> None:
    """The client waits one second; the proxy makes one attempt per call, within the remaining budget."""
    model.plan(user, fails(429, {"retry-after": "1"}), WELL)

    answered = settled(service.recommend(user))

    assert answered.status == 200
    assert [call.headers["x-litellm-num-retries"] for call in model.calls(user)] == ["0", "0"]
    first, second = [int(call.headers["x-litellm-timeout"]) for call in model.calls(user)]
    assert second < first < BUDGET_S
    assert [line.get("retry_after_honoured") for line in service.log(answered)] == [None, True, None]


@pytest.mark.parametrize("word", ["no_db_connection", "invalid_request_error", "budget_exceeded"])
def test_the_proxys_own_word_is_in_the_log(
    word: str, user: str, service: Service, model: FakeModel, settled: Settled
) -> None:
    """It is one of a list; no other text of the proxy is in a line."""
    model.plan(user, fails(400, type=word))

    lines = service.log(settled(service.recommend(user)))

    assert [(line["level"], line["proxy_type"]) for line in lines] == [("WARNING", word), ("ERROR", word)]


def failing_choice(**fields: object) -> Act:
    """A completion that has no text, and an error beside its choice."""
    choice = {"index": 0, "message": {"role": "assistant", "content": ""}, "finish_reason": "stop"} | fields
    return answers(json.dumps(completion(choices=[choice])).encode())


PASSING: dict[str, list[Act]] = {
    **{f"status {status}": [fails(status)] for status in (408, 429, 500, 502, 503, 504, 529)},
    **{f"status {status} with a page": [answers(HTML, status)] for status in (520, 522, 530)},
    "JSON that its provider withheld": [
        fails(400, message=f"Failed to generate JSON. {CANARY}", code="json_validate_failed")
    ],
    "an error of the choice": [failing_choice(provider_specific_fields={"error": {"message": CANARY, "code": 502}})],
    **{f"a wait of {text}": [fails(429, {"retry-after": text})] for text in ("-5", "abc", "1e99", "NaN")},
    "reset before the first byte": [resets],
    "cut in its body": [cuts_its_body],
    "reset, then busy": [resets, fails(503)],
    "prose": [says("Call your mother.")],
    "content null": [says(None)],
    "half a reply": [says(TRUNCATED)],
    "half a reply that says so": [replies({"content": TRUNCATED}, "length")],
    "thoughts only": [replies({"content": ""}, "length")],
    "a tool call": [replies({"content": None, "tool_calls": [TOOL_CALL]}, "tool_calls")],
    "an empty list": [says([])],
    "a list of texts": [says(["a", "b"])],
    "a number": [says("7")],
    "content that is a number": [says({"content": 7})],
    "content with a link": [says({"content": "See https://evil.test"})],
}


PASSING_WITHOUT_A_PROXY: dict[str, list[Act]] = {
    "200 with HTML": [answers(HTML)],
    "200 with nothing": [answers(b"")],
    "an event stream": [answers(b"data: {}\n\n")],
    "half a body": [answers(b'{"choices": [{"mess')],
    "choices null": [answers(b'{"choices": null}')],
    "message null": [replies(None)],
    "zstd": [answers(b"(\xb5/\xfd", headers={"content-encoding": "zstd"})],
    "a limit inside a 2xx": [answers(b'{"error": {"code": 429}}')],
    "an end by error": [replies({"content": BOTH}, "error")],
    "a wait in milliseconds": [fails(429, {"retry-after-ms": "20"})],
}
"""LiteLLM makes an error of its own of each of these."""


@pytest.mark.parametrize("acts", (PASSING | PASSING_WITHOUT_A_PROXY).values(), ids=PASSING | PASSING_WITHOUT_A_PROXY)
def test_a_fault_that_passes_is_not_the_callers(
    acts: list[Act], user: str, service: Service, model: FakeModel, settled: Settled
) -> None:
    """Within three calls there is a tip."""
    model.plan(user, *acts, WELL)

    answered = settled(service.recommend(user))

    assert (answered.status, answered.body["tip"]["content"]) == (200, TIP["content"])
    assert len(model.calls(user)) == len(acts) + 1


@pytest.mark.parametrize(
    ("act", "outcome", "calls"),
    [
        pytest.param(resets, (503, "llm_unreachable"), 3, id="resets for ever"),
        pytest.param(cuts_its_body, (503, "llm_unreachable"), 3, id="cuts its body for ever"),
        pytest.param(answers(HTML, 500), (502, "llm_upstream_error"), 3, id="500 with HTML"),
        pytest.param(answers(HTML), (502, "llm_upstream_error"), 3, id="200 with HTML"),
        pytest.param(answers(HTML, headers={"content-type": ""}), (502, "llm_upstream_error"), 3, id="HTML untyped"),
        pytest.param(answers(b""), (502, "llm_upstream_error"), 3, id="200 with nothing"),
        pytest.param(answers(b"{}"), (502, "llm_upstream_error"), 3, id="no choices"),
        pytest.param(answers(b'{"choices": []}'), (502, "llm_upstream_error"), 3, id="empty choices"),
        pytest.param(answers(b'{"choices": null}'), (502, "llm_upstream_error"), 3, id="choices null"),
        pytest.param(replies(None), (502, "llm_upstream_error"), 3, id="message null"),
        pytest.param(answers(b'{"error": {"code": 429}}'), (502, "llm_rate_limited"), 3, id="a limit inside a 2xx"),
        pytest.param(fails(400, code="json_validate_failed"), (502, "llm_bad_output"), 3, id="withheld JSON"),
        pytest.param(answers(HTML, 403), (502, "llm_upstream_error"), 1, id="a page of a firewall"),
        pytest.param(fails(403, message="It requires moderation."), (502, "llm_refused"), 1, id="moderation"),
        pytest.param(fails(429, code="insufficient_quota"), (502, "llm_auth"), 1, id="quota"),
        pytest.param(fails(400), (502, "llm_upstream_error"), 1, id="400"),
        pytest.param(fails(400, type="no_db_connection"), (502, "llm_upstream_error"), 1, id="no database"),
        pytest.param(fails(400, type="invalid_request_error"), (502, "llm_upstream_error"), 1, id="unknown model"),
        pytest.param(fails(400, code="context_length_exceeded"), (502, "llm_context_length"), 1, id="too long"),
        pytest.param(fails(400, code="content_policy_violation"), (502, "llm_refused"), 1, id="policy"),
        pytest.param(fails(401), (502, "llm_auth"), 1, id="wrong key"),
        pytest.param(fails(429, type="budget_exceeded"), (502, "llm_auth"), 1, id="budget spent"),
        pytest.param(replies({"content": None, "refusal": CANARY}), (502, "llm_refused"), 1, id="refusal"),
        pytest.param(
            replies({"content": None, "provider_specific_fields": {"refusal": CANARY}}),
            (502, "llm_refused"),
            1,
            id="refusal as LiteLLM passes it on",
        ),
        pytest.param(replies({"content": ""}, "content_filter"), (502, "llm_refused"), 1, id="content filter"),
        pytest.param(says(CANARY), (502, "llm_bad_output"), 3, id="prose for ever"),
        pytest.param(says({"content": ""}), (502, "llm_bad_output"), 3, id="blank for ever"),
        pytest.param(replies({"content": TRUNCATED}, "length"), (502, "llm_bad_output"), 3, id="cut off for ever"),
        pytest.param(
            replies({"content": None, "tool_calls": [TOOL_CALL]}), (502, "llm_bad_output"), 3, id="tool calls"
        ),
    ],
)
def test_a_fault_that_lasts_has_its_answer(
    act: Act, outcome: tuple[int, str], calls: int, user: str, service: Service, model: FakeModel, settled: Settled
) -> None:
    """Its status, its code, and no more calls than may change anything."""
    model.plan(user, act)

    answered = settled(service.recommend(user))

    assert answered.outcome == outcome
    assert len(model.calls(user)) == calls


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", ""])
def test_json_under_a_wrong_name_is_a_reply(
    content_type: str, user: str, service: Service, model: FakeModel, settled: Settled
) -> None:
    """A reply that parses and fits is taken."""
    model.plan(user, says(BOTH, {"content-type": content_type}))

    assert settled(service.recommend(user)).status == 200


READ: dict[str, Act] = {
    "a list of parts": replies({"content": [{"type": "text", "text": BOTH}]}),
    "thoughts that are the answer": replies({"content": None, "reasoning_content": BOTH}),
    "JSON labelled gzip": says(BOTH, {"content-encoding": "gzip"}),
    "JSON labelled by its characters": says(BOTH, {"content-encoding": "UTF-8"}),
    "gzip": answers(gzip.compress(json.dumps(completion(BOTH)).encode()), headers={"content-encoding": "GZip"}),
    "tokens as floats": answers(
        json.dumps(completion(BOTH, usage={"prompt_tokens": 11.0, "completion_tokens": 7.0})).encode()
    ),
    "a cost beyond numbers": says(BOTH, {"x-litellm-response-cost": "1e308", "x-litellm-classifier-cost": "1e308"}),
}


@pytest.mark.parametrize("path", ["/recommend", "/generate"])
@pytest.mark.parametrize("act", READ.values(), ids=READ)
def test_a_good_reply_is_read_in_one_call(act: Act, path: str, user: str, service: Service, model: FakeModel) -> None:
    """Its meaning is clear, so nothing is paid twice."""
    model.plan(user, act)
    own = {"agent_outputs": []} if path == "/recommend" else {"context": {}, "n": 1}

    assert service.post(path, {"user_id": user} | own).status == 200
    assert len(model.calls(user)) == 1


def test_what_a_reply_holds_beside_its_tip_is_dropped(
    user: str, service: Service, model: FakeModel, settled: Settled
) -> None:
    """Unknown fields, and the reply's own status, source and usage, do not reach the caller."""
    reply = TIP | {"source": "admin", "status": 500, "extra": CANARY, "kind": "system", "id": "x\ny", "rationale": [1]}
    whole = completion(json.dumps(reply), usage={"prompt_tokens": "7", "completion_tokens": -1}, extra=CANARY)
    model.plan(user, answers(json.dumps(whole).encode(), headers={"x-litellm-model-name": "another/model"}))

    body = settled(service.recommend(user)).body

    assert set(body) == {"tip", "model", "prompt_tokens", "completion_tokens", "receipt", "reading"}
    assert body["tip"] == {
        "id": f"tip-{user[:8]}",
        "content": TIP["content"],
        "source": "llm",
        "kind": "advice",
        "rationale": None,
    }
    assert (body["model"], body["prompt_tokens"], body["completion_tokens"]) == ("another/model", 0, 0)


@pytest.mark.parametrize("act", [says("x" * 8_000_000), never_ends], ids=["8 MB", "endless"])
def test_a_huge_answer_is_not_kept(act: Act, user: str, service: Service, model: FakeModel, settled: Settled) -> None:
    """Reading stops at a quarter of a megabyte, so the function's memory does not grow with the response."""
    pids = pids_of("recommend", service)
    before_mb = max(map(memory_mb, pids))
    model.plan(user, act)

    for _ in range(3):
        answered = settled(service.recommend(user))
        assert answered.outcome == (502, "llm_oversize")
        assert len(answered.text) < 1_000

    assert len(model.calls(user)) == 6
    assert max(map(memory_mb, pids)) - before_mb < 20


def test_a_redirect_is_not_followed(user: str, service: Service, model: FakeModel, settled: Settled) -> None:
    """The key never gets to the other host."""
    with fake_model() as other:
        model.plan(user, answers(b"", 302, {"location": f"{other.url}/chat/completions"}))

        assert settled(service.recommend(user)).outcome == (502, "llm_upstream_error")
        assert other.hits == 0


def test_a_long_bad_reply_goes_back_short(user: str, service: Service, model: FakeModel, settled: Settled) -> None:
    """A correction carries at most 2,000 characters of it, and an oversize one none."""
    model.plan(user, says("x" * 1_000_000), says("word " * 40_000), WELL)

    assert settled(service.recommend(user)).status == 200
    first, second, third = [call.messages for call in model.calls(user)]
    assert (len(first), len(second), len(third)) == (2, 4, 6)
    assert second[2]["content"] == "(reply too long to be repeated)"
    assert len(third[4]["content"]) == 2_000


def test_every_failed_call_is_counted_by_its_code(service: Service) -> None:
    """A line of the log and a metric each; alarms watch the metric."""
    lines = [line.partition(" | ")[2] for line in service.system.log.read_text(errors="replace").splitlines()]
    written = [json.loads(line) for line in lines if '"LLMErrors"' in line or '"llm_attempt_failed"' in line]
    counted = Counter(line["kind"] for line in written if "LLMErrors" in line)
    logged = Counter(line["code"] for line in written if "LLMErrors" not in line)

    assert counted == logged
    assert counted.keys() >= {"llm_timeout", "llm_unreachable", "llm_rate_limited", "llm_auth", "llm_context_length"}


def test_no_answer_of_the_model_restarts_a_function(service: Service) -> None:
    """The processes that were there at the beginning are there at the end."""
    log = service.system.log.read_text(errors="replace")

    assert "died during a call" not in log
    assert "Task timed out" not in log


def pids_of(function: str, service: Service) -> list[int]:
    folder = ROOT / "functions" / function
    running = service.system.processes(containing="awslambdaric")
    return [process.pid for process in running if Path(f"/proc/{process.pid}/cwd").resolve() == folder]


def memory_mb(pid: int) -> float:
    """The memory of the process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
