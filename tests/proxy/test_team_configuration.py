"""`local/litellm.yaml` as a team runs it, with two providers behind it."""

import json
from pathlib import Path

from local.deployment.environment import ROOT
from local.system import LocalSystem
from testing.fake_llm import BOTH, TIP, answers, fails, fake_model, says
from tests.integration.faults.conftest import Service
from tests.proxy.conftest import KEY, started

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


def test_the_teams_configuration_starts_and_falls_back(tmp_path: Path) -> None:
    """The first model answers where it can, the second one where the first fails at once."""
    with fake_model() as gpt, fake_model() as claude:
        environment = {
            "LITELLM_MASTER_KEY": KEY,
            "OPENAI_API_KEY": "sk-provider",
            "OPENAI_BASE_URL": f"{gpt.url}/v1",
            "ANTHROPIC_API_KEY": "sk-other-provider",
            "ANTHROPIC_BASE_URL": claude.url,
        }
        claude.otherwise = CLAUDE
        with (
            started(ROOT / "local" / "litellm.yaml", tmp_path, environment) as proxy,
            LocalSystem(environment={"LITELLM_URL": proxy.url, "LITELLM_API_KEY": KEY}) as system,
        ):
            service = Service(system)
            gpt.plan("first", says(BOTH))
            gpt.plan("second", fails(500))
            first, second = service.recommend("first").body, service.recommend("second").body

    assert (first["tip"]["content"], first["model"]) == (TIP["content"], "openai/gpt-4.1-mini")
    assert (second["tip"]["content"], second["model"]) == (TIP["content"], "anthropic/claude-haiku-4-5")
    assert first["receipt"]["attempts"] == second["receipt"]["attempts"] == 1
    assert first["receipt"]["cost_usd"] > 0 < second["receipt"]["cost_usd"]
    (call,) = gpt.calls("first")
    assert call.body["max_tokens"] == 400


def test_a_missing_provider_key_is_no_rate_limit(tmp_path: Path) -> None:
    """Neither in the first request nor in the second one, which meets the fallback in its cool-down."""
    config = ROOT / "local" / "litellm.yaml"
    with (
        started(config, tmp_path, {"LITELLM_MASTER_KEY": KEY}, answers=False) as proxy,
        LocalSystem(environment={"LITELLM_URL": proxy.url, "LITELLM_API_KEY": KEY}) as system,
    ):
        service = Service(system)
        outcomes = [service.recommend("first").outcome, service.recommend("second").outcome]

    assert outcomes == [(502, "llm_upstream_error")] * 2
