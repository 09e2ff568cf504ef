"""Both endpoints that ask a model, through the real LiteLLM proxy."""

import httpx

from local.system import LocalSystem
from tests.proxy.conftest import Proxy

TASKS = [{"id": "t1", "title": "Send the invoice", "due_at": "2026-03-12T17:00:00Z", "priority": 4}]
REAL_MODEL = "openai/gpt-4o-mini"


def test_a_tip_comes_through_the_proxy(system: LocalSystem) -> None:
    """Its words are the model's, `model` is the proxy's real one, tokens and cost are those of the proxy."""
    answer = httpx.post(
        f"{system.base_url}/recommend",
        json={"user_id": "u", "tasks": TASKS, "agent_outputs": [], "now_iso": "2026-03-12T09:00:00Z"},
        timeout=30,
    ).json()

    assert answer["tip"]["id"] == "tip-of-the-proxy"
    assert answer["tip"]["content"] == "When your tea is ready, open «Send the invoice» and write one line."
    assert (answer["tip"]["source"], answer["tip"]["kind"]) == ("llm", "start")
    assert answer["model"] == REAL_MODEL
    assert answer["prompt_tokens"] > 0 < answer["completion_tokens"]
    assert answer["receipt"]["cost_usd"] > 0
    assert answer["receipt"]["attempts"] == 1


def test_candidates_come_through_the_proxy(system: LocalSystem) -> None:
    answer = httpx.post(
        f"{system.base_url}/generate", json={"user_id": "u", "context": {"tasks": TASKS}, "n": 1}, timeout=30
    ).json()

    assert [candidate["id"] for candidate in answer["candidates"]] == ["candidate-of-the-proxy"]
    assert (answer["model"], answer["prompt_version"]) == (REAL_MODEL, "v2-grounded")


def test_what_the_proxy_says_of_a_wrong_key_reaches_no_caller(proxy: Proxy) -> None:
    """The caller gets this service's own error, with no text of the proxy's and no key."""
    with LocalSystem(environment={"LITELLM_URL": proxy.url, "LITELLM_API_KEY": "sk-wrong-key"}) as system:
        answer = httpx.post(f"{system.base_url}/recommend", json={"user_id": "u", "tasks": TASKS}, timeout=30)

    assert answer.status_code == 502
    assert answer.json()["code"] in {"llm_auth", "llm_upstream_error"}
    assert answer.json()["detail"].startswith("LiteLLM error: status 4")
    assert "sk-wrong-key" not in answer.text
