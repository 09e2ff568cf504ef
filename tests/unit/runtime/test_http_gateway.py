import base64
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta, tzinfo
from typing import Any, NoReturn, cast
from zoneinfo import ZoneInfo

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from oo import errors
from oo.contract.agents import ComputeRequest
from oo.contract.fields import Body
from oo.contract.limits import MAX_BODY_BYTES
from oo.contract.routes import COMPUTE, RECOMMEND, Route
from oo.contract.tips import RecommendRequest
from oo.deadline import budget_s
from oo.request_context import RequestContext
from oo.runtime.http_gateway import STATUS, Endpoint, HttpGateway, Operation
from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.instrumentation import Shim
from oo.telemetry.logs import make_logger, make_metrics
from testing.for_each import for_each
from testing.http_events import http_event
from testing.lambda_context import FakeContext

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


class Echo(Body):
    user_id: str
    remaining_s: float = 0


def answering(
    operation: Operation, log: io.StringIO | None = None, *, route: Route = RECOMMEND, **options: Any
) -> HttpGateway:
    """A gateway whose operation is called as `operation(request, context, **path)`."""
    logger = make_logger(log or io.StringIO(), f"gateway-{id(log)}")
    shim = Shim(logger=logger, metrics=make_metrics(), after_response=AfterResponse(ExportWorker([], logger), logger))
    request_type = RecommendRequest if route is RECOMMEND else ComputeRequest
    endpoint = Endpoint(route, request_type, Echo, "Echo the user.")
    return HttpGateway(shim, endpoint, operation, llm_budget_s=25, **options)


def call(gateway: HttpGateway, event: Any, **context: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
    answer = gateway.handler(event, cast("LambdaContext", FakeContext(**context)))
    return answer["statusCode"], json.loads(answer["body"]), answer["headers"]


def recommending(answer: Callable[[RecommendRequest], Echo] | None = None, **options: Any) -> HttpGateway:
    def recommend(request: RecommendRequest, _context: RequestContext) -> Echo:
        return answer(request) if answer else Echo(user_id=request.user_id)

    return answering(recommend, **options)


def remaining(request: RecommendRequest, context: RequestContext) -> Echo:
    return Echo(user_id=request.user_id, remaining_s=context.deadline.remaining())


def failing(error: Exception, log: io.StringIO | None = None) -> HttpGateway:
    def recommend(_request: RecommendRequest, _context: RequestContext) -> NoReturn:
        raise error

    return answering(recommend, log)


def post(body: object = None, **kwargs: Any) -> dict[str, Any]:
    return http_event("POST", "/recommend", body, **kwargs)


def test_a_body_becomes_the_contract_type_and_the_answer_json() -> None:
    status, body, headers = call(recommending(), post({"user_id": "u", "unknown": 1}))

    assert (status, body) == (200, {"user_id": "u", "remaining_s": 0})
    assert headers["Content-Type"] == "application/json"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("event", "loc", "kind"),
    [
        pytest.param(post(), ["body"], "missing", id="empty"),
        pytest.param(post(raw_body=""), ["body"], "missing", id="blank"),
        pytest.param(post(raw_body="{"), ["body"], "json_invalid", id="no JSON"),
        pytest.param(post(raw_body="null"), ["body"], "dict_type", id="null"),
        pytest.param(post(raw_body="[1]"), ["body"], "dict_type", id="a list"),
        pytest.param(post(raw_body='"text"'), ["body"], "dict_type", id="a text"),
        pytest.param(post({}), ["body", "user_id"], "missing", id="no user"),
        pytest.param(post({"user_id": ""}), ["body", "user_id"], "string_too_short", id="empty user"),
        pytest.param(post({"user_id": "u" * 257}), ["body", "user_id"], "string_too_long", id="long user"),
        pytest.param(post({"user_id": 7.5}), ["body", "user_id"], "string_type", id="user is a number"),
        pytest.param(post({"user_id": None}), ["body", "user_id"], "string_type", id="user is null"),
        pytest.param(
            post({"user_id": "u", "hour_of_day": 24}), ["body", "hour_of_day"], "less_than_equal", id="hour 24"
        ),
        pytest.param(
            post({"user_id": "u", "day_of_week": 7}), ["body", "day_of_week"], "less_than_equal", id="weekday 7"
        ),
        pytest.param(
            post({"user_id": "u", "science_destiny": -1}),
            ["body", "science_destiny"],
            "greater_than_equal",
            id="slider -1",
        ),
        pytest.param(
            post({"user_id": "u", "science_destiny": 1e9}),
            ["body", "science_destiny"],
            "less_than_equal",
            id="slider a billion",
        ),
        pytest.param(post({"user_id": "u", "tasks": [{}] * 2001}), ["body", "tasks"], "too_long", id="2,001 tasks"),
        pytest.param(post({"user_id": "u", "tasks": [1] * 2001}), ["body", "tasks"], "too_long", id="2,001 numbers"),
        pytest.param(post({"user_id": "u", "tasks": "no"}), ["body", "tasks"], "list_type", id="tasks are a text"),
        pytest.param(
            post({"user_id": "u", "now_iso": "yesterday"}), ["body", "now_iso"], "datetime_iso", id="no moment"
        ),
        pytest.param(
            post({"user_id": "u", "now_iso": "1999-12-31T00:00:00Z"}),
            ["body", "now_iso"],
            "datetime_range",
            id="last century",
        ),
        pytest.param(post(raw_body='{"user_id": NaN}'), ["body"], "finite_number", id="NaN"),
        pytest.param(
            post(raw_body='{"user_id":"u","tasks":[{"title":"\\ud800"}]}'), ["body"], "string_unicode", id="surrogate"
        ),
        pytest.param(post(raw_body="[" * 100_000), ["body"], "json_depth", id="deep"),
        pytest.param(post(raw_body="%%%", is_base64=True), ["body"], "base64", id="no base64"),
        pytest.param(
            post(raw_body=base64.b64encode(b"\xff").decode(), is_base64=True), ["body"], "base64", id="no UTF-8"
        ),
    ],
)
def test_an_unusable_body_is_a_422_that_says_where_and_what(event: dict[str, Any], loc: list[Any], kind: str) -> None:
    """Every kind of bad body is answered by one problem with its type, its place and a message."""
    status, body, _ = call(recommending(), event)

    assert (status, body["code"]) == (422, "invalid_request")
    assert [(problem["loc"], problem["type"]) for problem in body["detail"]] == [(loc, kind)]
    assert set(body["detail"][0]) == {"type", "loc", "msg"}


def test_an_error_never_echoes_what_was_sent() -> None:
    """Neither values nor keys of the caller's own come back."""
    planted = "planted-text"
    event = post({"user_id": planted * 30, "hour_of_day": planted, "tasks": planted, "timezone": planted})

    assert planted not in json.dumps(call(recommending(), event))


def test_the_operation_is_told_the_default_zone() -> None:
    """None where the service assumes none."""
    found: list[tzinfo | None] = []

    def recommend(request: RecommendRequest, context: RequestContext) -> Echo:
        found.append(context.default_zone)
        return Echo(user_id=request.user_id)

    for zone in (ZoneInfo("Europe/Berlin"), None):
        call(answering(recommend, default_zone=zone), post({"user_id": "u"}))

    assert found == [ZoneInfo("Europe/Berlin"), None]


def test_base64_is_read_as_the_text_it_holds() -> None:
    body = base64.b64encode(json.dumps({"user_id": "ü"}, ensure_ascii=False).encode()).decode()

    assert call(recommending(), post(raw_body=body, is_base64=True))[:2] == (200, {"user_id": "ü", "remaining_s": 0})


def test_a_body_at_the_limit_passes_and_one_byte_more_does_not() -> None:
    head, tail = '{"user_id":"u","pad":"', '"}'
    at_limit = head + "x" * (MAX_BODY_BYTES - len(head) - len(tail)) + tail

    assert call(recommending(), post(raw_body=at_limit))[0] == 200
    status, body, _ = call(recommending(), post(raw_body=at_limit + " "))
    assert (status, body["code"]) == (413, "payload_too_large")


@for_each("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
def test_a_body_that_is_not_json_by_its_type_is_a_415(content_type: str) -> None:
    status, body, _ = call(recommending(), post({"user_id": "u"}, headers={"content-type": content_type}))

    assert (status, body["code"], type(body["detail"])) == (415, "unsupported_media_type", str)


@for_each("content_type", ["application/json", "APPLICATION/JSON", "application/json; charset=utf-8"])
def test_json_is_recognised_however_it_is_written(content_type: str) -> None:
    assert call(recommending(), post({"user_id": "u"}, headers={"content-type": content_type}))[0] == 200


@for_each("encoding", ["gzip", "GZIP", "br", "identity, gzip"])
def test_a_compressed_body_is_a_415_that_names_the_encoding(encoding: str) -> None:
    status, body, _ = call(recommending(), post({"user_id": "u"}, headers={"content-encoding": encoding}))

    assert (status, body["code"]) == (415, "unsupported_media_type")
    assert encoding in body["detail"]


@for_each("encoding", ["identity", "Identity", ""])
def test_a_body_that_says_it_is_not_compressed_is_read(encoding: str) -> None:
    assert call(recommending(), post({"user_id": "u"}, headers={"content-encoding": encoding}))[0] == 200


def test_a_422_lists_twenty_problems_and_counts_the_others() -> None:
    """100 snippets without an agent are 20 problems and one that says how many more there are."""
    status, body, _ = call(recommending(), post({"user_id": "u", "agent_outputs": [{}] * 100}))

    assert (status, len(body["detail"])) == (422, 21)
    assert body["detail"][19]["loc"] == ["body", "agent_outputs", 19, "agent_id"]
    assert body["detail"][20] == {"type": "too_many_problems", "loc": ["body"], "msg": "80 more problems"}


def test_an_answer_over_a_megabyte_is_refused() -> None:
    """Lambda would refuse it with an error of its own; the caller learns that the input comes back too long."""
    status, body, _ = call(recommending(lambda _: Echo(user_id="u" * 1_000_001)), post({"user_id": "u"}))

    assert (status, body["code"], body["detail"][0]["type"]) == (422, "invalid_request", "too_long")


def test_paths_and_verbs_the_service_does_not_have() -> None:
    """An unknown path is a 404, a known path's wrong verb a 405 with the right one, in every function."""
    gateway = recommending()

    status, body, _ = call(gateway, http_event("GET", "/nowhere"))
    assert (status, body) == (404, {"detail": "No such path", "code": "not_found"})
    status, body, headers = call(gateway, http_event("GET", "/recommend"))
    assert (status, body["code"], headers["Allow"]) == (405, "method_not_allowed", "POST")
    status, body, headers = call(gateway, http_event("DELETE", "/agents/x/compute"))
    assert (status, body["code"], headers["Allow"]) == (405, "method_not_allowed", "POST")


def test_an_agent_id_that_is_no_word_is_an_unknown_agent() -> None:
    """Characters that no agent's id has make the agent unknown, not the path."""

    def compute(_request: ComputeRequest, _context: RequestContext, agent_id: str) -> NoReturn:
        raise errors.UnknownAgent(agent_id)

    gateway = answering(compute, route=COMPUTE)
    for agent_id in ("__class__", 'quo"te', "🎈", "x" * 10_240):
        status, body, _ = call(gateway, http_event("POST", f"/agents/{agent_id}/compute", {"user_id": "u"}))
        assert (status, body) == (404, {"detail": f"Unknown agent: '{agent_id[:64]}'", "code": "unknown_agent"})


@for_each(
    ("error", "status", "code", "detail"),
    [
        (errors.UnknownAgent("x"), 404, "unknown_agent", "Unknown agent: 'x'"),
        (errors.UnknownPromptVersion("v9"), 422, "unknown_prompt_version", "Unknown prompt_version: v9"),
        (errors.AgentFailed(KeyError("title")), 500, "agent_failed", "Agent compute failed: KeyError"),
        (errors.LLMUpstreamError(500, "c1"), 502, "llm_upstream_error", "LiteLLM error: status 500, call c1"),
        (errors.LLMRateLimited(429, "c1"), 502, "llm_rate_limited", "LiteLLM error: status 429, call c1"),
        (errors.LLMContextLength(400, "c1"), 502, "llm_context_length", "LiteLLM error: status 400, call c1"),
        (errors.LLMAuthRejected(401, "c1"), 502, "llm_auth", "LiteLLM error: status 401, call c1"),
        (errors.LLMRefused(200, "c1"), 502, "llm_refused", "LiteLLM error: status 200, call c1"),
        (errors.LLMUnreachable(), 503, "llm_unreachable", "LiteLLM unreachable: the proxy cannot be reached"),
        (errors.LLMTimeout(), 503, "llm_timeout", "LiteLLM unreachable: no answer in time"),
        (errors.CircuitOpen(), 503, "circuit_open", "LiteLLM unreachable: the circuit is open after repeated failures"),
        (errors.DeadlineExceeded(), 503, "deadline", "LiteLLM unreachable: too little time is left to ask"),
        (errors.LLMBadOutput("why"), 502, "llm_bad_output", "LLM returned invalid JSON after 2 retries: why"),
        (errors.LLMOversize("why"), 502, "llm_oversize", "LLM returned invalid JSON after 2 retries: why"),
        (errors.LLMPromptLeak("why"), 502, "llm_prompt_leak", "LLM returned invalid JSON after 2 retries: why"),
        (errors.ConfigError("LITELLM_URL is not set"), 503, "config_error", "LITELLM_URL is not set"),
        (RuntimeError("a title"), 500, "internal_error", "Internal error"),
    ],
)
def test_every_error_has_one_answer(error: Exception, status: int, code: str, detail: str) -> None:
    assert call(failing(error), post({"user_id": "u"}))[:2] == (status, {"detail": detail, "code": code})


def test_every_leaf_of_the_error_tree_has_a_status() -> None:
    """Errors that a caller may see are in the table, themselves or by an ancestor; queue errors never get there."""
    leaves = [errors.RequestError, errors.LLMError, errors.AgentFailed, errors.ConfigError]
    while leaves:
        leaf = leaves.pop()
        leaves.extend(leaf.__subclasses__())
        assert leaf.__subclasses__() or any(kind in STATUS for kind in leaf.__mro__), leaf


def test_a_wait_is_passed_on() -> None:
    """The upstream's own wait becomes this service's Retry-After, in whole seconds, at least one."""
    assert call(failing(errors.LLMRateLimited(429, "c", retry_after_s=600)), post({"user_id": "u"}))[2][
        "Retry-After"
    ] == ("600")
    assert call(failing(errors.CircuitOpen(0.2)), post({"user_id": "u"}))[2]["Retry-After"] == "1"


def test_every_answer_carries_the_trace_id() -> None:
    """The caller's id where it sent a valid one, else a new one; on errors too."""
    traceparent = {"traceparent": f"00-{TRACE_ID}-00f067aa0ba902b7-01"}

    assert call(recommending(), post({"user_id": "u"}, headers=traceparent))[2]["x-trace-id"] == TRACE_ID
    assert call(recommending(), post(headers=traceparent))[2]["x-trace-id"] == TRACE_ID
    new = call(recommending(), post({"user_id": "u"}, headers={"traceparent": "00-x\n"}))[2]["x-trace-id"]
    assert len(new) == 32
    assert int(new, 16)


def test_an_unforeseen_error_is_logged_by_type_only() -> None:
    """The text of an exception may quote a user; the log names its type, the trace and the request."""
    log = io.StringIO()
    _, _, headers = call(failing(RuntimeError("a user's title"), log), post({"user_id": "u"}))

    (line,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert "title" not in log.getvalue()
    assert (line["message"], line["error_type"], line["level"]) == ("request_failed", "RuntimeError", "ERROR")
    assert line["trace_id"] == headers["x-trace-id"]
    assert line["function_request_id"] == FakeContext.aws_request_id
    assert "cold_start" in line


def test_an_unforeseen_error_is_logged_with_its_place() -> None:
    """The line names the innermost frame of the service's own package, of the first cause."""
    log = io.StringIO()

    def recommend(_request: RecommendRequest, _context: RequestContext) -> NoReturn:
        try:
            budget_s(lambda_remaining_s=cast("float", "a user's title"), gateway_elapsed_s=None, llm_budget_s=1)
        except TypeError as error:
            raise errors.AgentFailed(error) from error
        raise NotImplementedError

    call(answering(recommend, log), post({"user_id": "u"}))

    assert re.fullmatch(r"oo\.deadline:\d+", json.loads(log.getvalue())["frame"])
    assert "title" not in log.getvalue()


def test_an_error_that_was_raised_on_purpose_has_no_place() -> None:
    log = io.StringIO()
    call(failing(errors.LLMTimeout(), log), post({"user_id": "u"}))

    assert "frame" not in json.loads(log.getvalue())


def test_text_in_an_answer_is_written_in_ascii() -> None:
    """The runtime writes a response as UTF-8; escaped text cannot break it."""
    event = post({"user_id": "ü😀"})
    body = recommending().handler(event, cast("LambdaContext", FakeContext()))["body"]

    assert body.isascii()
    assert json.loads(body)["user_id"] == "ü😀"


def test_a_call_knows_what_time_is_left() -> None:
    """Two seconds of Lambda's time are half a second after the reserve; the setting bounds a long one."""
    gateway = answering(remaining)

    assert 0 < call(gateway, post({"user_id": "u"}), remaining_ms=2_000)[1]["remaining_s"] <= 0.5
    assert 20 < call(gateway, post({"user_id": "u"}), remaining_ms=900_000)[1]["remaining_s"] <= 25


def test_an_operation_gets_request_context_and_path() -> None:
    """In that order; the parameters of the path by their names."""
    given: list[Any] = []

    def compute(request: ComputeRequest, context: RequestContext, **path: str) -> Echo:
        given.extend((request, context, path))
        return Echo(user_id=request.user_id)

    call(answering(compute, route=COMPUTE), http_event("POST", "/agents/quick-win/compute", {"user_id": "u"}))

    request, context, path = given
    assert (ComputeRequest(user_id="u"), {"agent_id": "quick-win"}) == (request, path)
    assert context.now.utcoffset() == timedelta(0)


def test_two_requests_in_one_sandbox_share_nothing() -> None:
    """Each has its own context, the gateway keeps nothing of either, and neither's id is in the other's log."""
    contexts: list[RequestContext] = []
    log = io.StringIO()

    def recommend(request: RecommendRequest, context: RequestContext) -> NoReturn:
        context.trace.user_id = request.user_id
        contexts.append(context)
        raise errors.LLMTimeout

    gateway = answering(recommend, log)
    kept = [dict(vars(gateway))]
    for user in ("first-user", "second-user"):
        call(gateway, post({"user_id": user}))
        kept.append(dict(vars(gateway)))

    first, second = contexts
    assert kept[0] == kept[1] == kept[2]
    assert first.trace is not second.trace
    assert first.deadline is not second.deadline
    assert [first.trace.user_id, second.trace.user_id] == ["first-user", "second-user"]
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [first.trace.trace_id, second.trace.trace_id] == [line["trace_id"] for line in lines]
