"""The contract's answers from the functions' own entries, called with Lambda events."""

import json
import os
from functools import cache
from typing import Any, cast

import pytest

from oo.bootstrap import recommend, telemetry
from oo.bootstrap.settings import Config
from oo.contract.routes import ROUTES
from oo.telemetry.instrumentation import Handler
from testing.contract_cases import CASES, COMPUTE, JSON, Case
from testing.documented import assert_documented
from testing.entries import invoke, load_handler
from testing.http_events import http_event


@cache
def handler_of(function: str) -> Handler:
    with pytest.MonkeyPatch.context() as environment:
        if function in ("generate", "recommend"):
            environment.setenv("LITELLM_URL", "http://127.0.0.1:9")
            environment.setenv("LITELLM_API_KEY", "sk-planted")
        if function == "feedback":
            environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
            environment.setenv("FEEDBACK_QUEUE_URL", "http://127.0.0.1:9/queue")
        return load_handler(function)


def answer(method: str, path: str, raw_body: str, headers: dict[str, str]) -> dict[str, Any]:
    """The answer by API Gateway's routing: the route's function, else the one with the default route."""
    name = next(
        (route.name for route in ROUTES if route.method == method and route.parameters(path) is not None), "health"
    )
    event = http_event(method, path, raw_body=raw_body or None, headers=headers)
    return invoke(handler_of(name), event)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_is_answered_by_the_contract(case: Case) -> None:
    given = answer(case.method, case.path, case.body, case.headers)
    body: dict[str, Any] = json.loads(given["body"])

    assert (given["statusCode"], body["code"]) == (case.status, case.code)
    assert isinstance(body["detail"], list if case.place else str)
    if case.place is not None:
        assert case.place in [problem["loc"] for problem in cast("list[dict[str, Any]]", body["detail"])]
    assert len(given["headers"]["x-trace-id"]) == 32
    assert len(given["body"]) <= 16_000
    assert_documented(case.method, case.path, given["statusCode"], body, given["headers"])


@pytest.mark.parametrize("path", ["/recommend", "/generate"])
def test_an_unknown_version_is_named_by_64_printable_characters(path: str) -> None:
    """The text of the caller does not matter."""
    for version, shown in (("x" * 65, "x" * 64), ("a\nb\u202ec" + "y" * 80, "abc" + "y" * 61), ("v\x1b[2J", "v[2J")):
        given = answer("POST", path, json.dumps({"user_id": "u", "prompt_version": version}), JSON)

        assert json.loads(given["body"])["detail"] == f"Unknown prompt_version: {shown}"


@pytest.mark.parametrize(
    ("function", "setting"),
    [("recommend", "DEFAULT_RECOMMEND_VERSION"), ("generate", "DEFAULT_PROMPT_VERSION")],
)
@pytest.mark.parametrize("version", ["nonsense", "v2-grounded", "orchestrator-2"])
def test_a_default_that_does_not_exist_is_a_setting_to_mend(
    function: str, setting: str, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every caller gets a 503; a version of the other endpoint does not exist either."""
    monkeypatch.setenv("LITELLM_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LITELLM_API_KEY", "sk-planted")
    monkeypatch.setenv(setting, version)
    given = invoke(load_handler(function), http_event("POST", f"/{function}", {"user_id": "u"}))
    body = json.loads(given["body"])
    exists = version == {"recommend": "orchestrator-2", "generate": "v2-grounded"}[function]

    assert (given["statusCode"], body["code"]) == ((503, "llm_unreachable") if exists else (503, "config_error"))
    assert exists or setting in body["detail"]


@pytest.mark.parametrize(
    "setting",
    [
        "tone-2:orchestrator-1=50,orchestrator-2=40",
        "tone-2:orchestrator-1=50,orchestrator-9=50",
        "tone-2:orchestrator-1=50,slider-9=50",
        "tone-2",
    ],
)
def test_an_unusable_experiment_is_a_setting_to_mend(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every caller of /recommend gets a 503 without the setting's text; /generate has no experiment."""
    monkeypatch.setenv("LITELLM_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LITELLM_API_KEY", "sk-planted")
    monkeypatch.setenv("EXPERIMENT", setting)
    given = {
        function: json.loads(
            invoke(load_handler(function), http_event("POST", f"/{function}", {"user_id": "u"}))["body"]
        )
        for function in ("recommend", "generate")
    }

    assert {function: body["code"] for function, body in given.items()} == {
        "recommend": "config_error",
        "generate": "llm_unreachable",
    }
    assert given["recommend"]["detail"].startswith("Unusable setting: EXPERIMENT (")
    assert setting not in given["recommend"]["detail"]


def test_without_a_proxy_the_tips_say_what_is_missing() -> None:
    """A function without its settings starts, and tells every caller which one it lacks."""
    given = invoke(load_handler("recommend"), http_event("POST", "/recommend", {"user_id": "u"}))

    assert given["statusCode"] == 503
    assert json.loads(given["body"]) == {"detail": "Missing setting: LITELLM_URL", "code": "config_error"}


def test_without_certificates_the_tips_say_which_setting_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file does not end the sandbox; every caller gets the error instead."""
    monkeypatch.setenv("LITELLM_URL", "https://proxy.test")
    monkeypatch.setenv("LITELLM_API_KEY", "sk-planted")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    config = Config.read(os.environ)
    gateway = recommend.compose(config, telemetry.make_shim(os.environ, config), os.environ)

    given = invoke(gateway.handler, http_event("POST", "/recommend", {"user_id": "u"}))

    assert given["statusCode"] == 503
    assert json.loads(given["body"]) == {"detail": "Unusable setting: SSL_CERT_FILE", "code": "config_error"}


def test_mappings_hold_256_keys() -> None:
    """One key more is named with the limit, in every mapping that callers fill."""
    for path, body in (
        (COMPUTE, '{"user_id":"u","profile":%s}'),
        (COMPUTE, '{"user_id":"u","agent_prefs":%s}'),
    ):
        numbers = [json.dumps(dict.fromkeys(map(str, range(count)), 1)) for count in (256, 257)]
        at_limit, over = (answer("POST", path, body % each, {}) for each in numbers)
        assert (at_limit["statusCode"], over["statusCode"]) == (200, 422), body
        assert "256" in json.loads(over["body"])["detail"][0]["msg"], body


def test_an_id_as_long_as_a_body_does_not_come_back() -> None:
    """Escaped, it would take 3 MB; an id over 256 characters counts as none."""
    task = {"id": "é" * 500_000, "title": "Send the invoice", "due_at": "2026-03-12T17:00:00Z"}
    body = json.dumps({"user_id": "u", "now_iso": "2026-03-12T09:00:00Z", "tasks": [task]}, ensure_ascii=False)

    given = answer("POST", COMPUTE, body, {})

    assert given["statusCode"] == 200
    assert json.loads(given["body"])["signals_snapshot"]["top_task_id"] is None


@pytest.mark.parametrize("function", ["compute", "infer", "recommend", "generate", "feedback"])
def test_each_function_about_a_user_holds_a_token_to_its_user(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any other check, even with unusable settings; with the claim unset it is not checked."""
    path = next(route.path for route in ROUTES if route.name == function).replace("{agent_id}", "quick-win")
    event = http_event("POST", path, {"user_id": "bob", "serve_id": "a" * 32, "action": "done"})
    event["requestContext"]["authorizer"] = {"jwt": {"claims": {"sub": "alice"}}}
    monkeypatch.setenv("LLM_BUDGET_S", "a word")

    for claim, expected in (("sub", {403}), ("", {200, 503})):
        monkeypatch.setenv("JWT_USER_CLAIM", claim)
        handler = load_handler(function)
        assert invoke(handler, event)["statusCode"] in expected, claim


def test_functions_about_nobody_ask_for_no_users_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_USER_CLAIM", "sub")

    for function, path in (("health", "/health"), ("registry", "/agents/registry")):
        handler = load_handler(function)
        assert invoke(handler, http_event("GET", path))["statusCode"] == 200, path


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
