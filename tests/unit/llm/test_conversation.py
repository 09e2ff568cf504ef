from typing import Any

import httpx
import pytest

from oo.errors import (
    DeadlineExceeded,
    LLMAuthRejected,
    LLMBadOutput,
    LLMContextLength,
    LLMError,
    LLMOversize,
    LLMRateLimited,
    LLMRefused,
    LLMTimeout,
    LLMUnreachable,
    LLMUpstreamError,
)
from oo.llm.client import LARGEST_ANSWER_BYTES
from oo.llm.turns import LONGEST_ECHO
from testing.for_each import for_each
from testing.wire import choice, completion
from tests.unit.tips.fixtures import HIDDEN, TIP, Scene, failed, replied

REFUSAL = httpx.Response(200, json=choice({"content": None, "refusal": "I cannot."}))
TOOL_CALL = httpx.Response(200, json=choice({"content": None, "tool_calls": [{"id": "t"}]}, "tool_calls"))
CUT_OFF = replied('{"content": "Open the dra', finish_reason="length")
OVERSIZE = httpx.Response(200, content=b"x" * (LARGEST_ANSWER_BYTES + 1))


def attempts_until(error: type[LLMError], *replies: Any, seconds: float = 25.0) -> tuple[Scene, LLMError]:
    """A scene that ends in exactly that error."""
    scene = Scene(*replies)
    with pytest.raises(error) as caught:
        scene.recommend(seconds=seconds)
    assert type(caught.value) is error
    return scene, caught.value


@for_each("status", [408, 429, 500, 502, 503, 504, 529])
def test_a_failure_that_passes_is_not_the_callers(status: int) -> None:
    """The second call's tokens are the only ones there are."""
    scene = Scene(failed(status), replied(TIP))

    response = scene.recommend()

    assert (response.receipt.attempts, len(scene.requests), response.prompt_tokens) == (2, 2, 11)


@for_each(
    ("reply", "error", "calls"),
    [
        (httpx.ConnectError("x"), LLMUnreachable, 3),
        (httpx.RemoteProtocolError("x"), LLMUnreachable, 3),
        (httpx.ReadTimeout("x"), LLMTimeout, 3),
        (failed(500), LLMUpstreamError, 3),
        (failed(429), LLMRateLimited, 3),
        (httpx.Response(429, json={"error": {"type": "internal_server_error"}}), LLMUpstreamError, 3),
        (failed(400), LLMUpstreamError, 1),
        (failed(401), LLMAuthRejected, 1),
        (failed(403), LLMAuthRejected, 1),
        (failed(404), LLMUpstreamError, 1),
        (failed(422), LLMUpstreamError, 1),
        (httpx.Response(400, json={"error": {"code": "context_length_exceeded"}}), LLMContextLength, 1),
        (httpx.Response(302, headers={"location": "https://other.test"}), LLMUpstreamError, 1),
        (httpx.Response(200, html="<html>"), LLMUpstreamError, 3),
        (httpx.Response(200, json=completion(choices=[])), LLMUpstreamError, 3),
        (REFUSAL, LLMRefused, 1),
        (replied("", finish_reason="content_filter"), LLMRefused, 1),
        (TOOL_CALL, LLMBadOutput, 3),
        (replied(None), LLMBadOutput, 3),
        (replied("Call your mother."), LLMBadOutput, 3),
        (replied([]), LLMBadOutput, 3),
        (replied(["a", "b"]), LLMBadOutput, 3),
        (replied("7"), LLMBadOutput, 3),
        (replied({"content": 7}), LLMBadOutput, 3),
        (replied({"content": " "}), LLMBadOutput, 3),
        (CUT_OFF, LLMBadOutput, 3),
        (OVERSIZE, LLMOversize, 2),
    ],
)
def test_a_lasting_fault_has_its_error_and_its_number_of_calls(reply: Any, error: type[LLMError], calls: int) -> None:
    """Never more than three, and one where asking again changes nothing."""
    scene, _ = attempts_until(error, reply)

    assert len(scene.requests) == calls


def test_a_bad_reply_is_corrected_in_the_same_conversation() -> None:
    """The model gets its own reply and the fault in it."""
    scene = Scene(replied("Call your mother."), replied(TIP))

    assert scene.recommend().tip.content == TIP["content"]
    first, second = scene.conversations
    assert second[:2] == first
    assert second[2] == {"role": "assistant", "content": "Call your mother."}
    assert second[3]["role"] == "user"
    assert "it was not valid JSON" in second[3]["content"]


@for_each("content", ["", None, " \n"])
def test_an_empty_reply_has_a_name(content: str | None) -> None:
    """A provider may refuse a message without text."""
    scene = Scene(replied(content), replied(TIP))
    scene.recommend()

    assert scene.conversations[1][2] == {"role": "assistant", "content": "(empty reply)"}


def test_a_reply_that_was_cut_off_is_asked_for_shorter() -> None:
    """Nothing is guessed to close it."""
    scene = Scene(CUT_OFF, replied(TIP))

    assert scene.recommend().receipt.attempts == 2
    assert "shorter" in scene.conversations[1][3]["content"]


def test_a_complete_reply_at_the_limit_is_taken() -> None:
    """A readable reply is not asked for again."""
    scene = Scene(replied(TIP, finish_reason="length"))

    assert scene.recommend().receipt.attempts == 1


def test_a_long_bad_reply_is_not_sent_back_whole() -> None:
    """A correction costs a bounded number of tokens."""
    scene = Scene(replied("word " * 40_000), replied(TIP))
    scene.recommend()

    assert len(scene.conversations[1][2]["content"]) == LONGEST_ECHO


def test_an_oversize_answer_is_asked_for_again_once() -> None:
    """A reply that was too long to read is too long to repeat."""
    scene = Scene(OVERSIZE, replied(TIP))

    assert scene.recommend().receipt.attempts == 2
    assert scene.conversations[1][2]["content"] == "(reply too long to be repeated)"


def test_retries_and_corrections_share_the_calls() -> None:
    """One of each leaves one; the answer carries the first failure."""
    scene, _ = attempts_until(LLMUpstreamError, failed(500), replied("no"), replied("still no"), replied(TIP))

    assert len(scene.requests) == 3


def test_tokens_and_cost_are_summed_over_every_attempt() -> None:
    """A bad reply was paid for as well."""
    headers = {"x-litellm-response-cost": "0.25", "x-litellm-model-name": "gpt-5-mini"}
    scene = Scene(replied("no", headers=headers), failed(500), replied(TIP, headers=headers))

    response = scene.recommend()

    assert (response.prompt_tokens, response.completion_tokens, response.model) == (22, 14, "gpt-5-mini")
    assert response.receipt.cost_usd == 0.5


def test_a_cost_that_is_partly_unknown_is_unknown() -> None:
    """A sum that leaves a call out would be wrong."""
    scene = Scene(replied("no"), replied(TIP, headers={"x-litellm-response-cost": "0.25"}))

    assert scene.recommend().receipt.cost_usd is None


def test_a_hint_that_fits_is_waited_for() -> None:
    """A provider that asks for a second gets it."""
    scene = Scene(failed(429, {"retry-after": "1"}), replied(TIP))

    assert scene.recommend().receipt.attempts == 2
    assert scene.clock.slept == [1.0]
    assert scene.event("llm_retry_after_kept")["retry_after_honoured"] is True


@pytest.mark.parametrize("header", ["retry-after", "llm_provider-retry-after"])
def test_a_hint_that_does_not_fit_is_passed_on(header: str) -> None:
    """The caller gets the time to wait at once."""
    scene, error = attempts_until(LLMRateLimited, failed(429, {header: "600"}))

    assert (len(scene.requests), scene.clock.slept) == (1, [])
    assert getattr(error, "retry_after_s", None) == 600.0


def test_a_rate_limit_without_a_hint_still_has_one() -> None:
    """The contract promises a Retry-After with that code."""
    _, error = attempts_until(LLMRateLimited, failed(429))

    assert getattr(error, "retry_after_s", None) == 10.0


def test_without_time_nobody_is_asked() -> None:
    """A call that cannot be answered in time is not made."""
    scene, _ = attempts_until(DeadlineExceeded, replied(TIP), seconds=0.5)

    assert scene.requests == []


def test_a_rotated_key_is_fetched_once() -> None:
    """The call succeeds with the new key, without an error for the caller."""
    scene = Scene(failed(401), replied(TIP), keys=("sk-old", "sk-new"))

    assert scene.recommend().receipt.attempts == 2
    assert [request.headers["authorization"] for request in scene.requests] == ["Bearer sk-old", "Bearer sk-new"]
    assert scene.event("secret_refreshed")


def test_a_key_that_stays_wrong_is_not_fetched_again() -> None:
    """One refresh, one retry, then an operator has to look."""
    scene = Scene(failed(401), keys=("sk-1", "sk-2", "sk-3"))

    with pytest.raises(LLMAuthRejected):
        scene.recommend()
    assert len(scene.requests) == 2
    assert "sk-" not in scene.log.getvalue()


def test_every_call_is_an_attempt_span() -> None:
    """Usage, cost and model lie on the attempts under MLflow's names, so that MLflow sums them once."""
    scene = Scene(failed(500), replied(TIP, headers={"x-litellm-response-cost": "0.25", "x-litellm-call-id": "p-1"}))
    scene.recommend()

    (llm,) = scene.spans("llm_orchestrator")
    first, second = scene.spans("attempt")
    assert {first.parent_id, second.parent_id} == {llm.span_id}
    assert (first.error_type, second.error_type) == ("LLMUpstreamError", None)
    assert second.attributes["call_id"] == "p-1"
    assert second.attributes["mlflow.chat.tokenUsage"] == {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18}
    assert second.attributes["mlflow.llm.cost"] == {"total_cost": 0.25}
    assert llm.attributes == {"prompt_tokens": 11, "completion_tokens": 7, "model": "tip-generator", "attempts": 2}
    assert not any(name.startswith("mlflow.") for name in llm.attributes)


def test_the_attempt_carries_its_own_span_to_the_proxy() -> None:
    """The proxy's telemetry can be hung below it."""
    scene = Scene(replied(TIP))
    scene.recommend()

    (attempt,) = scene.spans("attempt")
    header = scene.requests[0].headers["traceparent"]
    assert header == f"00-{scene.trace.correlation_id}-{attempt.span_id}-01"


def test_a_failed_question_ends_its_spans_with_what_it_cost() -> None:
    """Tokens of replies that could not be used are not lost."""
    scene, _ = attempts_until(LLMBadOutput, replied(HIDDEN))

    (llm,) = scene.spans("llm_orchestrator")
    assert (llm.error_type, llm.attributes["attempts"], llm.attributes["prompt_tokens"]) == ("LLMBadOutput", 3, 33)


def test_a_failed_attempt_is_logged_without_any_text() -> None:
    """Type, code, status and call id are enough to find it."""
    scene, _ = attempts_until(LLMUpstreamError, failed(400, {"x-litellm-call-id": "p-1"}))

    line = scene.event("llm_attempt_failed")
    assert (line["level"], line["code"], line["status"], line["call_id"]) == (
        "WARNING",
        "llm_upstream_error",
        400,
        "p-1",
    )
    assert HIDDEN not in scene.log.getvalue()


def test_failed_attempts_are_counted_by_their_code(capsys: pytest.CaptureFixture[str]) -> None:
    """An alarm can tell a wrong key from a busy provider."""
    attempts_until(LLMAuthRejected, failed(401))

    assert '"kind":"llm_auth"' in capsys.readouterr().out


def test_counts_of_tokens_that_are_missing_are_logged() -> None:
    """The counts are zero, and a warning marks them as unknown."""
    scene = Scene(httpx.Response(200, json=completion('{"content": "Call"}', usage=None)))

    assert scene.recommend().prompt_tokens == 0
    assert scene.event("llm_usage_unknown")["level"] == "WARNING"
