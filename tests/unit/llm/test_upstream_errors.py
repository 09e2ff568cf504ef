import json
from typing import Any

import pytest

from oo.errors import (
    LLMAuthRejected,
    LLMContextLength,
    LLMParameterRefused,
    LLMRateLimited,
    LLMRefused,
    LLMReplyWithheld,
    LLMUpstreamError,
)
from oo.llm.error_body import error_in
from oo.llm.upstream_errors import upstream_error
from testing.for_each import for_each
from testing.wire import problem

CONTEXT = "litellm.ContextWindowExceededError: litellm.BadRequestError: too long"
POLICY = "litellm.ContentPolicyViolationError: litellm.BadRequestError: flagged"
HTML = b"<html><body>502 Bad Gateway</body></html>"
PARAMETERS = ("temperature", "max_tokens", "user", "response_format")


def kind_of(status: int, body: bytes, **options: Any) -> LLMUpstreamError:
    return upstream_error(status, {}, error_in(body), call_id="c-1", now=0, **options)


def as_litellm(status: int, body: bytes) -> bytes:
    """A provider's error as the proxy words it: its whole body is text inside the message."""
    return problem(f"litellm.BadRequestError: SomeException - {body.decode()}", param="None", code=str(status))


KINDS: dict[type[LLMUpstreamError], list[tuple[int, bytes]]] = {
    LLMContextLength: [
        (400, problem(CONTEXT)),
        (400, problem(code="context_length_exceeded")),
        (413, problem("Prompt is too long: 9000 tokens > 8000")),
        (400, problem("the request exceeds the available context size", type="exceed_context_size_error")),
        (400, problem("Maximum number of tokens allowed is 8")),
        (422, problem("Input is too long for requested model.")),
        (400, b'{"object": "error", "message": "max_tokens: the maximum context length is 4096 tokens", "code": 400}'),
        (400, b'[{"error": {"message": "the maximum context length is 4096"}}]'),
        (400, b'{"error": "the maximum context length is 4096"}'),
        (400, b"This model's maximum context length is 4096 tokens."),
    ],
    LLMRefused: [
        (400, problem(POLICY)),
        (400, problem(code="content_policy_violation")),
        (400, problem(code="data_inspection_failed")),
        (400, problem(innererror={"code": "ResponsibleAIPolicyViolation"})),
        (400, problem(inner_error={"code": "ResponsibleAIPolicyViolation"})),
        (400, problem("Content Exists Risk")),
        (403, problem("Your chosen model requires moderation and your input was flagged")),
        (400, problem(provider_specific_fields={"guardrail_name": "pii"})),
        (400, b'{"detail": {"error": "Violated guardrail policy"}}'),
        (400, problem("The response was filtered due to ... content filtering policy")),
        (429, problem("Content blocked")),
    ],
    LLMAuthRejected: [
        (400, problem(type="budget_exceeded")),
        (429, problem(type="budget_exceeded")),
        (401, problem(type="auth_error")),
        (402, problem()),
        (402, HTML),
        (403, problem(type="key_model_access_denied")),
        (400, problem(type="team_model_access_denied")),
        (400, problem("Your credit balance is too low to access the API.")),
        (400, problem("Insufficient credits. Add more.")),
        (429, problem("You exceeded your current quota", code="insufficient_quota")),
        (403, problem()),
    ],
    LLMRateLimited: [
        (429, problem(type="throttling_error")),
        (429, problem("You exceeded your current quota, please retry in a minute")),
        (429, HTML),
    ],
    LLMReplyWithheld: [
        (400, problem("Failed to generate JSON. prompt is too long", code="json_validate_failed")),
        (400, problem("GroqException - json_validate_failed")),
        (
            400,
            problem("litellm.BadRequestError: OpenAIException - Failed to generate JSON. Please adjust your prompt."),
        ),
    ],
    LLMUpstreamError: [
        (400, problem(type="invalid_request_error")),
        (400, problem("x" * 2_000 + CONTEXT)),
        (400, problem(type="no_db_connection")),
        (401, HTML),
        (403, b"<!DOCTYPE html><p>Content blocked"),
        (403, problem("litellm.PermissionDeniedError: <html><h1>403 Forbidden</h1>")),
        (404, problem()),
        (408, problem()),
        (422, problem()),
        # The fallback's cool-down, after a first model that has no key.
        (429, problem("litellm.InternalServerError: Missing credentials", type="internal_server_error")),
        (500, problem(CONTEXT)),
        (500, HTML),
        (522, HTML),
        (302, b""),
        (400, b"[" * 100_000),
        (400, b'{"error": "text"}'),
        (400, b'{"error": {"type": 1, "message": [2], "code": null}}'),
        (400, json.dumps({"error": {"message": {"message": {"message": "x"}}}}).encode()),
    ],
}


def test_every_answer_without_a_reply_has_one_kind() -> None:
    """Identifiers decide, then words, then the status; LiteLLM's wrapping of the same body changes nothing."""
    for kind, answers in KINDS.items():
        for status, body in answers:
            for sent in (body, as_litellm(status, body)):
                error = kind_of(status, sent)

                assert (type(error), error.status, error.call_id) == (kind, status, "c-1"), sent[:200]


def test_a_final_error_does_not_pass() -> None:
    """A wrong key, a long prompt or a refusal is the same a moment later."""
    for kind in (LLMContextLength, LLMRefused, LLMAuthRejected):
        assert not any(kind_of(status, body).passes for status, body in KINDS[kind])


@pytest.mark.parametrize(("status", "passes"), [(400, False), (403, False), (408, True), (520, True), (530, True)])
def test_the_status_says_whether_an_error_without_a_meaning_passes(status: int, *, passes: bool) -> None:
    assert kind_of(status, HTML).passes is passes


@for_each(
    ("error", "kind", "passes"),
    [
        ({"code": 429}, LLMRateLimited, True),
        ({"code": "429"}, LLMRateLimited, True),
        ({"code": "rate_limit_exceeded"}, LLMRateLimited, True),
        ({"code": 502, "message": "Provider returned error"}, LLMUpstreamError, True),
        ({"code": 402}, LLMAuthRejected, False),
        ({"code": 400, "message": "prompt is too long"}, LLMContextLength, False),
        ({"code": 400}, LLMUpstreamError, False),
        ({"code": "context_length_exceeded"}, LLMContextLength, False),
        ({"code": "insufficient_quota"}, LLMAuthRejected, False),
        ({"type": "content_filter", "message": "no"}, LLMRefused, False),
        ("Your input was flagged", LLMRefused, False),
        ({"code": "json_validate_failed"}, LLMReplyWithheld, True),
        ({"code": 7, "message": "overloaded"}, LLMUpstreamError, True),
        ("overloaded", LLMUpstreamError, True),
    ],
)
def test_a_status_inside_an_error_of_a_2xx_counts(error: object, kind: type[LLMUpstreamError], *, passes: bool) -> None:
    """The answer's own status says nothing there."""
    found = kind_of(200, json.dumps({"error": error}).encode(), reason="error inside a 2xx")

    assert (type(found), found.passes, found.status) == (kind, passes, 200)


@for_each(
    ("status", "body", "parameter"),
    [
        (400, problem(param="temperature", code="unsupported_value"), "temperature"),
        (400, problem("temperature must be 1", param="None"), "temperature"),
        (400, problem("Use 'max_completion_tokens' instead of 'max_tokens'."), "max_tokens"),
        (400, problem("This response_format type is unavailable now"), "response_format"),
        (400, problem("bad", param="response_format.json_schema"), "response_format"),
        (400, problem(param="user"), "user"),
        (422, b'{"detail": [{"loc": ["body", "temperature"], "msg": "too large"}]}', "temperature"),
        (500, problem("Input should be 'text' or 'json_object'"), "response_format"),
        (400, as_litellm(400, problem(param="temperature")), "temperature"),
    ],
)
def test_an_optional_parameter_that_is_refused_is_named(status: int, body: bytes, parameter: str) -> None:
    """By the error's own field, or by its words where the field is empty."""
    error = kind_of(status, body, sent=PARAMETERS)

    assert isinstance(error, LLMParameterRefused)
    assert (error.parameter, error.was_sent, error.passes) == (parameter, True, False)


@for_each(
    ("status", "body"),
    [
        (400, problem("the user is unknown")),
        (400, problem("temperature", param="seed")),
        (400, problem("max_temperatures")),
        (400, problem("max_tokens is over the maximum context length of 4096")),
        (500, problem("max_tokens is over the maximum context length of 4096")),
        (429, problem(param="temperature")),
        (503, problem(param="temperature")),
    ],
)
def test_an_error_with_another_meaning_refuses_no_parameter(status: int, body: bytes) -> None:
    """A context length may name `max_tokens`, and many messages have the word user."""
    assert not isinstance(kind_of(status, body, sent=PARAMETERS), LLMParameterRefused)


def test_a_parameter_that_is_still_sent_is_named_first() -> None:
    """One message may list all that a model does not take."""
    body = problem("Unsupported: temperature, response_format")
    first, second = (kind_of(400, body, sent=sent) for sent in (PARAMETERS, ("response_format",)))

    assert isinstance(first, LLMParameterRefused)
    assert isinstance(second, LLMParameterRefused)
    assert (first.parameter, second.parameter) == ("temperature", "response_format")


def test_no_upstream_text_gets_into_the_error() -> None:
    """The message holds our words, the status and the call's id."""
    error = kind_of(500, problem("secret upstream text", type="secret type", param="a-b", code="x" * 65))

    assert str(error) == "LiteLLM error: status 500, call c-1"
    assert error.proxy_words == {}


@for_each(
    ("body", "words"),
    [
        (problem(type="no_db_connection"), {"proxy_type": "no_db_connection", "proxy_code": "400"}),
        (problem(param="seed", code="unsupported_value"), {"proxy_code": "unsupported_value", "proxy_param": "seed"}),
        (
            as_litellm(400, problem(param="seed", code="unsupported_value")),
            {"proxy_code": "unsupported_value", "proxy_param": "seed"},
        ),
    ],
)
def test_identifiers_are_kept_for_the_log(body: bytes, words: dict[str, str]) -> None:
    """They say more than a status."""
    assert kind_of(400, body).proxy_words == words


def test_the_hint_is_part_of_the_error() -> None:
    """The wait is read from any error."""
    error = upstream_error(503, {"retry-after": "9"}, error_in(b""), call_id="c-1", now=0)

    assert error.retry_after_s == 9.0
