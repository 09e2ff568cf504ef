"""A provider that fails behind the real LiteLLM proxy: what callers of the service see, and how often it is asked."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.environment import ROOT
from local.system import LocalSystem
from tests.fake_llm import (
    BOTH,
    CANARY,
    HTML,
    TIP,
    Act,
    FakeModel,
    answers,
    drips_its_body,
    fails,
    fake_model,
    hangs,
    replies,
    resets,
    says,
)
from tests.integration.faults.conftest import Service
from tests.proxy.conftest import KEY, started

BUDGET_S = 6
DEFAULTS = {
    "model_list": [
        {"model_name": "tip-generator", "litellm_params": {"model": "openai/gpt-4o-mini", "api_key": "sk-provider"}}
    ],
    # Without a second model a failed one would be left out for seconds, and the next test with it.
    "router_settings": {"disable_cooldowns": True},
    "general_settings": {"master_key": KEY},
}
"""The proxy as it is without anybody's care: with retries of its own."""

# The proxy tells these two from other mistakes by the provider's words.
TOO_LONG = fails(
    400, message=f"This model's maximum context length is 8 tokens. {CANARY}", type="invalid_request_error"
)
POLICY = fails(400, message=f"The request was rejected as a result of the safety system. {CANARY}")

CLAUDE = answers(
    json.dumps(
        {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "claude-haiku-4-5",
            "content": [{"type": "text", "text": BOTH}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 5, "output_tokens": 6},
        }
    ).encode()
)


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeModel]:
    with fake_model() as model:
        yield model


@pytest.fixture(scope="module")
def service(provider: FakeModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("defaults")
    config = folder / "config.yaml"
    config.write_text(json.dumps(DEFAULTS))
    with started(config, folder, {"OPENAI_BASE_URL": f"{provider.url}/v1"}) as proxy:
        environment = {"LITELLM_URL": proxy.url, "LITELLM_API_KEY": KEY, "LLM_BUDGET_S": str(BUDGET_S)}
        with LocalSystem(environment=environment) as system:
            yield Service(system)
            log = system.log.read_text(errors="replace")
    assert CANARY not in log
    assert KEY not in log


@pytest.mark.parametrize(
    ("act", "outcomes", "most_calls"),
    [
        pytest.param(fails(429, {"retry-after": "7"}), {(502, "llm_rate_limited")}, 1, id="429, wait 7 s"),
        pytest.param(fails(429, {"retry-after": "600"}), {(502, "llm_rate_limited")}, 1, id="429, wait 600 s"),
        pytest.param(fails(500), {(502, "llm_upstream_error")}, 3, id="500"),
        pytest.param(answers(HTML, 502), {(502, "llm_upstream_error")}, 3, id="502 with HTML"),
        pytest.param(answers(HTML), {(502, "llm_upstream_error")}, 3, id="200 with HTML"),
        pytest.param(fails(401), {(502, "llm_auth")}, 1, id="the provider's key is wrong"),
        pytest.param(TOO_LONG, {(502, "llm_context_length")}, 1, id="too long"),
        pytest.param(POLICY, {(502, "llm_refused")}, 1, id="policy"),
        pytest.param(answers(b'{"choices": []}'), {(502, "llm_upstream_error")}, 3, id="no choices"),
        pytest.param(replies({"content": None, "refusal": CANARY}), {(502, "llm_refused")}, 1, id="refusal"),
        pytest.param(replies({"content": ""}, "content_filter"), {(502, "llm_refused")}, 1, id="content filter"),
        pytest.param(says(""), {(502, "llm_bad_output")}, 3, id="blank"),
        pytest.param(says("Call your mother."), {(502, "llm_bad_output")}, 3, id="prose"),
        pytest.param(replies({"content": '{"content": "Op'}, "length"), {(502, "llm_bad_output")}, 3, id="cut off"),
        pytest.param(
            replies({"role": "assistant", "content": None, "tool_calls": []}),
            {(502, "llm_bad_output")},
            3,
            id="nothing",
        ),
        pytest.param(says("x" * 8_000_000), {(502, "llm_oversize")}, 2, id="8 MB"),
        pytest.param(resets, {(502, "llm_upstream_error")}, 3, id="resets"),
    ],
)
def test_a_provider_that_fails_is_asked_three_times_at_most(
    act: Act, outcomes: set[tuple[int, str]], most_calls: int, service: Service, provider: FakeModel
) -> None:
    """The proxy's own retries are off for this service, whatever its configuration says."""
    provider.plan("u", act)

    answered = service.recommend("u")

    assert answered.outcome in outcomes
    assert 1 <= len(provider.calls("u")) <= most_calls
    assert answered.took_s < BUDGET_S + 0.5
    assert CANARY not in answered.text
    if answered.outcome[1] == "llm_rate_limited":
        assert int(answered.headers["retry-after"]) >= 7


def test_a_provider_that_is_slow_costs_the_budget_and_no_more(service: Service, provider: FakeModel) -> None:
    """Also where a byte a second keeps the proxy from noticing."""
    slow = {"hangs": hangs, "drips": drips_its_body}
    for user, act in slow.items():
        provider.plan(user, act)
    service.recommend("warm")

    started_at = time.monotonic()
    with ThreadPoolExecutor(len(slow)) as pool:
        answers_of = list(pool.map(service.recommend, slow))

    assert time.monotonic() - started_at < BUDGET_S + 2
    assert all(answered.outcome[1] in ("llm_timeout", "llm_upstream_error") for answered in answers_of)
    assert all(len(provider.calls(user)) <= 3 for user in slow)


def test_a_short_wait_of_the_providers_is_kept(service: Service, provider: FakeModel) -> None:
    """The proxy passes it on under another name."""
    provider.plan("u", fails(429, {"retry-after": "1"}), says(BOTH))

    answered = service.recommend("u")

    assert (answered.status, len(provider.calls("u"))) == (200, 2)
    assert answered.took_s >= 1


def test_the_teams_configuration_starts_and_falls_back(provider: FakeModel, tmp_path: Path) -> None:
    """`local/litellm.yaml` as it is: the first model where it answers, the second one where the first fails at once."""
    with fake_model() as claude:
        environment = {
            "LITELLM_MASTER_KEY": KEY,
            "OPENAI_API_KEY": "sk-provider",
            "OPENAI_BASE_URL": f"{provider.url}/v1",
            "ANTHROPIC_API_KEY": "sk-other-provider",
            "ANTHROPIC_BASE_URL": claude.url,
        }
        claude.otherwise = CLAUDE
        with (
            started(ROOT / "local" / "litellm.yaml", tmp_path, environment) as proxy,
            LocalSystem(environment={"LITELLM_URL": proxy.url, "LITELLM_API_KEY": KEY}) as system,
        ):
            service = Service(system)
            provider.plan("first", says(BOTH))
            provider.plan("second", fails(500))
            first, second = service.recommend("first").body, service.recommend("second").body

    assert (first["tip"]["content"], first["model"]) == (TIP["content"], "openai/gpt-4.1-mini")
    assert (second["tip"]["content"], second["model"]) == (TIP["content"], "anthropic/claude-haiku-4-5")
    assert first["receipt"]["attempts"] == second["receipt"]["attempts"] == 1
    assert first["receipt"]["cost_usd"] > 0 < second["receipt"]["cost_usd"]
    (call,) = provider.calls("first")
    assert call.body["max_tokens"] == 400
