"""A question's calls: the failures that are retried, their parameters and limits, and the reported failure."""

import json
from contextlib import suppress
from itertools import product
from typing import Any

import httpx
import pytest

from oo.deadline import Deadline
from oo.errors import (
    LLMAuthRejected,
    LLMBadOutput,
    LLMContextLength,
    LLMError,
    LLMParameterRefused,
    LLMRateLimited,
    LLMRefused,
    LLMReplyWithheld,
    LLMTimeout,
    LLMUpstreamError,
)
from oo.llm.parameters import Parameters
from oo.llm.question import Question, Spent
from oo.llm.retry import Attempts
from oo.llm.turns import Turns
from testing.for_each import for_each
from testing.wire import PURPOSE, choice, completion, problem
from tests.unit.tips.fixtures import HIDDEN, TIP, Scene, failed, replied

THINKING_CUT = replied("<think>Maybe this. No, that would be", finish_reason="length")


def said(status: int, **fields: Any) -> httpx.Response:
    return httpx.Response(status, content=problem(**({"message": HIDDEN} | fields)))


def whole(**fields: Any) -> httpx.Response:
    return httpx.Response(200, json=fields)


def choosing(**fields: Any) -> httpx.Response:
    """A completion without a usable text whose choice has further fields."""
    return whole(choices=[{"message": {"content": ""}, "finish_reason": "stop"} | fields])


PASSING: dict[str, tuple[httpx.Response, type[LLMError]]] = {
    "520": (httpx.Response(520, html="<html>"), LLMUpstreamError),
    "522": (httpx.Response(522, html="<html>"), LLMUpstreamError),
    "530": (httpx.Response(530, html="<html>"), LLMUpstreamError),
    "JSON that its provider withheld": (said(400, code="json_validate_failed"), LLMReplyWithheld),
    "the same in words": (said(400, message="GroqException - json_validate_failed"), LLMReplyWithheld),
    "nothing": (httpx.Response(200), LLMUpstreamError),
    "HTML": (httpx.Response(200, html="<html>"), LLMUpstreamError),
    "no JSON": (httpx.Response(200, text="upstream connect error"), LLMUpstreamError),
    "an event stream": (httpx.Response(200, text="data: {}"), LLMUpstreamError),
    "half a body": (httpx.Response(200, text='{"choi'), LLMUpstreamError),
    "zstd": (httpx.Response(200, content=b"(", headers={"content-encoding": "zstd"}), LLMUpstreamError),
    "an error": (whole(error={"message": HIDDEN}), LLMUpstreamError),
    "an error that is text": (whole(error=HIDDEN), LLMUpstreamError),
    "a limit inside": (whole(error={"code": 429}), LLMRateLimited),
    "a limit inside as text": (whole(error={"code": "429"}), LLMRateLimited),
    "choices null": (whole(choices=None), LLMUpstreamError),
    "no choices": (whole(), LLMUpstreamError),
    "no message": (whole(choices=[{"finish_reason": "stop"}]), LLMUpstreamError),
    "an error of the choice": (choosing(error={"code": 502}), LLMUpstreamError),
    "an error of its provider": (choosing(provider_specific_fields={"error": {"code": 502}}), LLMUpstreamError),
    "an end by error": (replied(TIP, finish_reason="error"), LLMUpstreamError),
}


@for_each("name", PASSING)
def test_a_fault_that_passes_is_asked_again_with_the_same_messages(name: str) -> None:
    """Once, there is a tip in the second call; for ever, the error comes after three."""
    reply, error = PASSING[name]
    once, forever = Scene(reply, replied(TIP)), Scene(reply)

    assert once.recommend().receipt.attempts == 2
    with pytest.raises(error):
        forever.recommend()
    for scene, calls in ((once, 2), (forever, 3)):
        assert [len(messages) for messages in scene.conversations] == [2] * calls
        assert HIDDEN not in scene.log.getvalue()


FINAL: dict[str, tuple[httpx.Response, type[LLMError]]] = {
    "moderation": (said(403, message="requires moderation and your input was flagged"), LLMRefused),
    "quota": (said(429, code="insufficient_quota"), LLMAuthRejected),
    "credit": (said(400, message="Your credit balance is too low"), LLMAuthRejected),
    "context": (whole(error={"code": 400, "message": "prompt is too long"}), LLMContextLength),
    "a page of a firewall": (httpx.Response(403, html="<html>Blocked"), LLMUpstreamError),
    "SAFETY": (replied("", finish_reason="SAFETY"), LLMRefused),
    "a refusal that is a part": (whole(**choice({"content": [{"type": "refusal", "refusal": "No."}]})), LLMRefused),
}


@for_each("name", FINAL)
def test_a_failure_with_a_final_meaning_is_asked_once(name: str) -> None:
    reply, error = FINAL[name]
    scene = Scene(reply)

    with pytest.raises(error):
        scene.recommend()
    assert len(scene.requests) == 1


def test_every_failed_attempt_on_a_2xx_has_a_reason() -> None:
    """A status of 200 says nothing of a failure."""
    for reply, _ in [*PASSING.values(), *FINAL.values()]:
        scene = Scene(reply, replied(TIP))
        with suppress(LLMError):
            scene.recommend()
        line = scene.event("llm_attempt_failed")

        assert ("reason" in line) is (line["status"] == 200), line


def test_identifiers_of_an_error_are_in_the_log() -> None:
    """They say which parameter a model does not take."""
    scene = Scene(said(400, param="seed", code="unsupported_value"))

    with pytest.raises(LLMUpstreamError):
        scene.recommend()
    line = scene.event("llm_attempt_failed")
    assert (line["proxy_param"], line["proxy_code"]) == ("seed", "unsupported_value")


@for_each(
    ("replies", "error"),
    [
        ([failed(500), failed(429), failed(429)], LLMUpstreamError),
        ([failed(429), failed(500)], LLMRateLimited),
        ([httpx.ReadTimeout("x"), failed(429)], LLMTimeout),
        ([replied("no"), failed(500)], LLMBadOutput),
        ([failed(500), failed(401)], LLMUpstreamError),
        ([said(400, param="temperature"), failed(429)], LLMRateLimited),
    ],
)
def test_the_first_failure_is_the_one_that_is_told(replies: list[Any], error: type[LLMError]) -> None:
    """Later ones may be its consequences; one that was mended does not count."""
    with pytest.raises(error):
        Scene(*replies).recommend()


def test_a_key_that_was_mended_is_no_failure_of_the_request() -> None:
    """An operator is not called for it."""
    with pytest.raises(LLMUpstreamError) as caught:
        Scene(failed(401), failed(500), keys=("sk-old", "sk-new")).recommend()

    assert caught.value.code == "llm_upstream_error"


PARAMETERS = {
    "temperature": said(400, param="temperature", code="unsupported_value"),
    "response_format": said(400, message="This response_format type is unavailable now"),
    "max_tokens": said(422, message="Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
    "user": said(500, param="user"),
}


@for_each("name", PARAMETERS)
def test_a_parameter_that_is_refused_is_left_out_from_then_on(name: str) -> None:
    """The sandbox remembers it: the next request asks once."""
    scene = Scene(PARAMETERS[name], replied(TIP))
    scene.recommend()
    scene.recommend()

    assert [name in body for body in scene.bodies] == [True, False, False]
    assert [body.get("max_completion_tokens") for body in scene.bodies[1:]] == [
        400 if name == "max_tokens" else None
    ] * 2
    line = scene.event("llm_parameter_dropped")
    assert (line["level"], line["parameter"]) == ("WARNING", name)


def test_several_parameters_may_be_refused_one_after_the_other() -> None:
    """These calls count among the three."""
    scene = Scene(PARAMETERS["temperature"], PARAMETERS["response_format"], replied(TIP))

    assert scene.recommend().receipt.attempts == 3


@for_each("status", [400, 422, 500])
def test_a_second_refusal_of_the_same_parameter_is_final(status: int) -> None:
    """It was not sent any more."""
    scene = Scene(said(status, param="temperature"))

    with pytest.raises(LLMParameterRefused) as caught:
        scene.recommend()
    assert (len(scene.requests), caught.value.code) == (2, "llm_upstream_error")


def test_a_temperature_that_is_off_is_not_sent() -> None:
    """The span says so as well."""
    scene = Scene(replied(TIP), parameters=Parameters(temperature=None))
    scene.recommend()

    assert "temperature" not in scene.bodies[0]
    assert scene.spans("attempt")[0].inputs["temperature"] is None


@for_each("reply", [THINKING_CUT, replied("", finish_reason="length"), replied("[", "MAX_TOKENS")])
def test_a_reply_that_is_cut_off_is_asked_for_with_twice_the_limit(reply: httpx.Response) -> None:
    """Then with four times."""
    scene = Scene(reply)

    with pytest.raises(LLMBadOutput):
        scene.recommend()
    assert [body["max_tokens"] for body in scene.bodies] == [400, 800, 1_600]
    assert [line["reason"] for line in scene.events if "reason" in line] == [
        "it was cut off at the length limit; a shorter one is needed"
    ] * 3


def test_the_limit_of_candidates_doubles_as_well() -> None:
    """It begins with their own."""
    scene = Scene(THINKING_CUT)

    with pytest.raises(LLMBadOutput):
        scene.generate(n=5)
    assert [body["max_tokens"] for body in scene.bodies] == [750, 1_500, 3_000]


def test_a_limit_once_doubled_stays() -> None:
    """A bad reply after it may be as long."""
    scene = Scene(THINKING_CUT, replied("no"), replied(TIP))
    scene.recommend()

    assert [body["max_tokens"] for body in scene.bodies] == [400, 800, 800]


def test_a_whole_reply_was_not_cut_off() -> None:
    """Reasoning models count their reasoning; the correction names the real fault."""
    advice = '{"advice": "Send it."}'
    texts = (advice, f"```json\n{advice}\n```", f"<think>Hm.</think>{advice}")
    for finish_reason, text in product(("stop", "length"), texts):
        usage = {"prompt_tokens": 11, "completion_tokens": 1_500}
        bad = choice({"content": text}, finish_reason) | {"usage": usage}
        scene = Scene(httpx.Response(200, json=bad), replied(TIP))
        scene.recommend()

        assert '"content"' in scene.conversations[1][3]["content"]
        assert "cut off" not in scene.conversations[1][3]["content"]
        assert scene.bodies[1]["max_tokens"] == 400


@for_each(("tokens", "limits"), [(399, [400, 400]), (400, [400, 800]), (1_500, [400, 800])])
def test_json_that_ends_in_the_middle_was_cut_off_where_it_used_all_tokens(tokens: int, limits: list[int]) -> None:
    """Some providers say "stop" where they ran out."""
    usage = {"prompt_tokens": 11, "completion_tokens": tokens}
    scene = Scene(httpx.Response(200, json=completion("{", usage=usage)), replied(TIP))

    ask(scene)

    assert [body["max_tokens"] for body in scene.bodies] == limits


class _Text(str):
    __slots__ = ()

    def shown(self) -> dict[str, Any]:
        return {"content": str(self)}


def _read_json(text: str, *, is_cut: bool) -> _Text:
    try:
        json.loads(text)
    except ValueError:
        raise LLMBadOutput("no JSON", ends_early=not is_cut) from None
    return _Text(text)


def ask(scene: Scene) -> _Text:
    """Ask a question whose reply may be any JSON."""
    question = Question("q", [{"role": "user", "content": "?"}], 400, {}, PURPOSE, _read_json)
    attempts = Attempts(Deadline.after(25, scene.clock), sleep=scene.clock.sleep)
    return Turns(scene.client, scene.logger, question, attempts, Spent()).until_usable()


def test_the_answer_may_stand_in_the_thoughts() -> None:
    """Where there is no text, the reply has ended, and the thoughts are nothing but the answer."""
    for name in ("reasoning_content", "reasoning"):
        scene = Scene(whole(**choice({"content": None, name: json.dumps(TIP)})))

        assert scene.recommend().tip.content == TIP["content"]
        assert len(scene.requests) == 1


@for_each(
    ("message", "finish_reason"),
    [
        ({"content": "", "reasoning_content": f"Here: {json.dumps(TIP)}"}, "stop"),
        ({"content": "", "reasoning_content": f"{json.dumps(TIP)} Hm."}, "stop"),
        ({"content": "", "reasoning_content": json.dumps(TIP)}, "length"),
        ({"content": "", "reasoning_content": '{"advice": "no"}'}, "stop"),
        ({"content": "no", "reasoning_content": json.dumps(TIP)}, "stop"),
    ],
)
def test_other_thoughts_are_no_answer(message: dict[str, str], finish_reason: str) -> None:
    """The reply is corrected as the text that it has."""
    scene = Scene(whole(**choice(message, finish_reason)), replied(TIP))

    assert scene.recommend().receipt.attempts == 2
    assert scene.conversations[1][2]["content"] == (message["content"] or "(empty reply)")


def test_a_key_that_cleaning_would_put_together_is_no_answer() -> None:
    """Neither the answer nor the log has it: markup inside it is taken off, and full-width letters read the same."""
    key = "sk-0123456789abcdef"
    full_width = key.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    for copy in ("sk-0123<b></b>456789abcdef", "sk-0123**45**6789abcdef", full_width):
        scene = Scene(replied(TIP | {"content": f"Use {copy} now."}), keys=(key,))

        with pytest.raises(LLMUpstreamError) as caught:
            scene.recommend()
        assert (caught.value.reason, len(scene.requests)) == ("repeated key", 1), copy
        assert key not in scene.log.getvalue()


def test_costs_that_add_up_to_no_number_are_unknown() -> None:
    """Neither the receipt nor a line has an infinity."""
    dear = {"x-litellm-response-cost": "1e308"}
    scene = Scene(replied("no", headers=dear), replied(TIP, headers=dear))

    assert scene.recommend().receipt.cost_usd is None
    assert "Infinity" not in scene.log.getvalue()
