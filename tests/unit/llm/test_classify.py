import pytest

from oo.errors import (
    LLMAuthRejected,
    LLMContextLength,
    LLMRateLimited,
    LLMRefused,
    LLMUpstreamError,
)
from oo.llm.classify import upstream_error
from tests.unit.llm.wire import problem

CONTEXT = "litellm.ContextWindowExceededError: litellm.BadRequestError: too long"
POLICY = "litellm.ContentPolicyViolationError: litellm.BadRequestError: flagged"
HTML = b"<html><body>502 Bad Gateway</body></html>"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, problem(type="invalid_request_error"), LLMUpstreamError),
        (400, problem(CONTEXT), LLMContextLength),
        (400, problem(code="context_length_exceeded"), LLMContextLength),
        (400, problem(POLICY), LLMRefused),
        (400, problem(code="content_policy_violation"), LLMRefused),
        (400, problem("x" * 400 + CONTEXT), LLMUpstreamError),
        (400, problem(type="no_db_connection"), LLMUpstreamError),
        (400, problem(type="budget_exceeded"), LLMAuthRejected),
        (401, problem(type="auth_error"), LLMAuthRejected),
        (401, HTML, LLMAuthRejected),
        (402, problem(), LLMAuthRejected),
        (403, problem(type="key_model_access_denied"), LLMAuthRejected),
        (404, problem(), LLMUpstreamError),
        (408, problem(), LLMUpstreamError),
        (413, problem(), LLMUpstreamError),
        (422, problem(), LLMUpstreamError),
        (429, problem(type="throttling_error"), LLMRateLimited),
        (429, HTML, LLMRateLimited),
        (429, problem(type="budget_exceeded"), LLMAuthRejected),
        (500, problem(CONTEXT), LLMUpstreamError),
        (500, HTML, LLMUpstreamError),
        (529, problem(), LLMUpstreamError),
        (200, HTML, LLMUpstreamError),
        (200, b"", LLMUpstreamError),
        (302, b"", LLMUpstreamError),
        (400, b"[" * 100_000, LLMUpstreamError),
        (400, b'{"error": "text"}', LLMUpstreamError),
        (400, b'{"error": {"type": 1, "message": [2], "code": null}}', LLMUpstreamError),
    ],
)
def test_every_answer_without_a_reply_has_one_kind(status: int, body: bytes, kind: type[LLMUpstreamError]) -> None:
    """Status, type and the two marks at the message's beginning decide, in that order."""
    error = upstream_error(status, {}, body, call_id="c-1", now=0)

    assert (type(error), error.status, error.call_id) == (kind, status, "c-1")


def test_no_upstream_text_gets_into_the_error() -> None:
    """The message holds our words, the status and the call's id."""
    error = upstream_error(500, {}, problem("secret upstream text", type="secret type"), call_id="c-1", now=0)

    assert str(error) == "LiteLLM error: status 500, call c-1"
    assert error.proxy_type is None


def test_a_documented_type_is_kept_for_the_log() -> None:
    """The proxy's own words say more than a status, where they are from its list."""
    error = upstream_error(400, {}, problem(type="no_db_connection"), call_id="c-1", now=0)

    assert error.proxy_type == "no_db_connection"


def test_the_hint_is_part_of_the_error() -> None:
    """How long to wait comes with whatever error it was said."""
    error = upstream_error(503, {"retry-after": "9"}, b"", call_id="c-1", now=0)

    assert error.retry_after_s == 9.0
