"""The contract's answers from the functions' own entries, called with Lambda events."""

import json
from functools import cache
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from local.openapi import ROOT, load_gateway
from oo.contract.routes import ROUTES
from oo.gateway import Gateway
from tests.contract_cases import CASES, Case
from tests.http_events import http_event
from tests.lambda_context import FakeContext


@cache
def gateway_of(function: str) -> Gateway:
    with pytest.MonkeyPatch.context() as environment:
        if function == "generate":
            environment.setenv("LITELLM_URL", "http://127.0.0.1:9")
            environment.setenv("LITELLM_API_KEY", "sk-planted")
        return load_gateway(ROOT / "functions" / function / "app.py")


def answer(method: str, path: str, raw_body: str, headers: dict[str, str]) -> dict[str, Any]:
    """What API Gateway's routing would give: the route's function, else the one with the default route."""
    name = next(
        (route.name for route in ROUTES if route.method == method and route.parameters(path) is not None), "health"
    )
    event = http_event(method, path, raw_body=raw_body or None, headers=headers)
    return gateway_of(name).handler(event, cast("LambdaContext", FakeContext()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_is_answered_by_the_contract(case: Case) -> None:
    given = answer(case.method, case.path, case.body, case.headers)
    body: dict[str, Any] = json.loads(given["body"])

    assert (given["statusCode"], body["code"]) == (case.status, case.code)
    assert isinstance(body["detail"], list if case.place else str)
    if case.place is not None:
        assert case.place in [problem["loc"] for problem in cast("list[dict[str, Any]]", body["detail"])]
    assert len(given["headers"]["x-trace-id"]) == 32


def test_without_a_proxy_the_tips_say_what_is_missing() -> None:
    """A function without its settings starts, and tells every caller which one it lacks."""
    given = answer("POST", "/recommend", json.dumps({"user_id": "u"}), {})

    assert given["statusCode"] == 503
    assert json.loads(given["body"]) == {"detail": "Missing setting: LITELLM_URL", "code": "config_error"}


def test_without_certificates_the_tips_say_which_setting_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is not there ends no sandbox; every caller is told instead."""
    monkeypatch.setenv("LITELLM_URL", "https://proxy.test")
    monkeypatch.setenv("LITELLM_API_KEY", "sk-planted")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    gateway = load_gateway(ROOT / "functions" / "recommend" / "app.py")

    event = http_event("POST", "/recommend", raw_body=json.dumps({"user_id": "u"}), headers={})
    given = gateway.handler(event, cast("LambdaContext", FakeContext()))

    assert given["statusCode"] == 503
    assert json.loads(given["body"]) == {"detail": "Unusable setting: SSL_CERT_FILE", "code": "config_error"}


def test_the_same_moment_gives_the_same_answer() -> None:
    """Compute's answer for a body with `now_iso` is the same byte for byte."""
    body = json.dumps(
        {
            "user_id": "u",
            "now_iso": "2026-03-12T09:00:00",
            "tasks": [{"id": "1", "title": "Send the invoice", "due_at": "2026-03-12T17:00:00Z"}],
        }
    )
    first, second = (answer("POST", "/agents/deadline-pressure/compute", body, {}) for _ in range(2))

    assert first["body"] == second["body"]
    assert json.loads(first["body"])["computed_at"] == "2026-03-12T09:00:00+00:00"
