"""A provider that fails behind the real LiteLLM proxy: the responses to callers, and the number of its calls."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.system import LocalSystem
from testing.fake_llm import (
    BOTH,
    CANARY,
    HTML,
    TIP,
    Act,
    FakeModel,
    answers,
    cuts_its_body,
    drips_its_body,
    drips_its_headers,
    fails,
    fake_model,
    hangs,
    replies,
    resets,
    says,
)
from testing.wire import completion
from tests.integration.faults.conftest import Answered, Service
from tests.integration.faults.test_model_faults import PASSING, TOOL_CALL, TRUNCATED, in_ten_minutes
from tests.proxy.conftest import KEY, ask_directly, started

BUDGET_S = 6
WELL = says(BOTH)
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
        # What the proxy needs for errors it imports with the first one.
        provider.otherwise = fails(400)
        assert ask_directly(proxy.url).status_code == 400
        provider.otherwise = WELL
        environment = {"LITELLM_URL": proxy.url, "LITELLM_API_KEY": KEY, "LLM_BUDGET_S": str(BUDGET_S)}
        with LocalSystem(environment=environment) as system:
            yield Service(system)
            log = system.log.read_text(errors="replace")
    assert CANARY not in log
    assert KEY not in log
    assert "died during a call" not in log


@pytest.fixture
def user(request: pytest.FixtureRequest, service: Service) -> Iterator[str]:
    """A user of this test only, who is served again after any fault."""
    yield f"user of {request.node.name}"[:200]
    assert service.recommend("somebody else").status == 200


def settled(service: Service, answered: Answered) -> Answered:
    """Checks the facts that are true for every answer, and returns it."""
    ends = [
        line["message"] for line in service.log(answered) if line["message"] in ("recommend_served", "request_failed")
    ]
    assert ends == ["recommend_served" if answered.status == 200 else "request_failed"]
    assert CANARY not in answered.text + str(answered.headers)
    return answered


@pytest.mark.parametrize("acts", PASSING.values(), ids=PASSING)
def test_a_fault_that_passes_is_not_the_callers(
    acts: list[Act], user: str, service: Service, provider: FakeModel
) -> None:
    """With any answer of the proxy to it, there is a tip within three calls."""
    provider.plan(user, *acts, WELL)

    answered = settled(service, service.recommend(user))

    assert (answered.status, answered.body["tip"]["content"]) == (200, TIP["content"])
    assert len(provider.calls(user)) == len(acts) + 1


@pytest.mark.parametrize(
    ("act", "outcome", "calls"),
    [
        pytest.param(fails(429), (502, "llm_rate_limited"), 3, id="429"),
        pytest.param(fails(500), (502, "llm_upstream_error"), 3, id="500"),
        pytest.param(fails(529), (502, "llm_upstream_error"), 3, id="529"),
        pytest.param(answers(HTML, 502), (502, "llm_upstream_error"), 3, id="502 with HTML"),
        pytest.param(answers(HTML), (502, "llm_upstream_error"), 3, id="200 with HTML"),
        pytest.param(answers(b'{"choi'), (502, "llm_upstream_error"), 3, id="200 with half a body"),
        pytest.param(answers(b""), (502, "llm_upstream_error"), 3, id="200 with nothing"),
        pytest.param(resets, (502, "llm_upstream_error"), 3, id="resets"),
        pytest.param(cuts_its_body, (502, "llm_upstream_error"), 3, id="cuts its body"),
        pytest.param(fails(401), (502, "llm_auth"), 1, id="the provider's key is wrong"),
        pytest.param(fails(400), (502, "llm_upstream_error"), 1, id="400"),
        pytest.param(TOO_LONG, (502, "llm_context_length"), 1, id="too long"),
        pytest.param(POLICY, (502, "llm_refused"), 1, id="policy"),
        pytest.param(answers(b'{"choices": []}'), (502, "llm_upstream_error"), 3, id="empty choices"),
        pytest.param(fails(403, message=f"requires moderation {CANARY}"), (502, "llm_refused"), 1, id="moderation"),
        pytest.param(fails(400, message=f"Content Exists Risk {CANARY}"), (502, "llm_refused"), 1, id="risk"),
        pytest.param(
            fails(400, message=f"Your credit balance is too low. {CANARY}"), (502, "llm_auth"), 1, id="no credit"
        ),
        pytest.param(answers(HTML, 403), (502, "llm_upstream_error"), 1, id="a page of a firewall"),
        pytest.param(answers(HTML, 522), (502, "llm_upstream_error"), 3, id="522 with HTML"),
        pytest.param(answers(b"{}"), (502, "llm_upstream_error"), 3, id="no choices"),
        pytest.param(answers(b'{"choices": null}'), (502, "llm_upstream_error"), 3, id="choices null"),
        pytest.param(replies(None), (502, "llm_upstream_error"), 1, id="message null"),
        pytest.param(replies({"content": None, "refusal": CANARY}), (502, "llm_refused"), 1, id="refusal"),
        pytest.param(replies({"content": ""}, "content_filter"), (502, "llm_refused"), 1, id="content filter"),
        pytest.param(says(""), (502, "llm_bad_output"), 3, id="blank"),
        pytest.param(says(None), (502, "llm_bad_output"), 3, id="null"),
        pytest.param(says(CANARY), (502, "llm_bad_output"), 3, id="prose"),
        pytest.param(says([]), (502, "llm_bad_output"), 3, id="an empty list"),
        pytest.param(replies({"content": TRUNCATED}, "length"), (502, "llm_bad_output"), 3, id="cut off"),
        pytest.param(
            replies({"content": None, "tool_calls": [TOOL_CALL]}, "tool_calls"),
            (502, "llm_bad_output"),
            3,
            id="a tool call",
        ),
        pytest.param(says("x" * 8_000_000), (502, "llm_oversize"), 2, id="8 MB"),
    ],
)
def test_a_fault_that_lasts_has_its_answer(
    act: Act, outcome: tuple[int, str], calls: int, user: str, service: Service, provider: FakeModel
) -> None:
    """The proxy's own retries are off for this service with any configuration: the provider counts the service's."""
    provider.plan(user, act)

    answered = settled(service, service.recommend(user))

    assert answered.outcome == outcome
    assert len(provider.calls(user)) == calls
    assert len(answered.text) < 1_000


@pytest.mark.parametrize("wait", ["7", "600", "a date"])
def test_a_long_wait_of_the_providers_is_the_callers(
    wait: str, user: str, service: Service, provider: FakeModel
) -> None:
    """The proxy neither waits nor retries, and neither does the service."""
    provider.plan(user, fails(429, {"retry-after": in_ten_minutes() if wait == "a date" else wait}))

    answered = settled(service, service.recommend(user))

    assert answered.outcome == (502, "llm_rate_limited")
    assert int(answered.headers["retry-after"]) == pytest.approx(600 if wait == "a date" else int(wait), abs=5)
    assert len(provider.calls(user)) == 1


def test_a_short_wait_of_the_providers_is_kept(user: str, service: Service, provider: FakeModel) -> None:
    """The proxy passes it on under another name."""
    provider.plan(user, fails(429, {"retry-after": "1"}), WELL)

    answered = settled(service, service.recommend(user))

    assert (answered.status, len(provider.calls(user))) == (200, 2)


def test_a_wait_in_milliseconds_is_kept(user: str, service: Service, provider: FakeModel) -> None:
    """The proxy passes it on under another name, too."""
    provider.plan(user, fails(429, {"retry-after-ms": "500"}), WELL)

    answered = settled(service, service.recommend(user))

    assert (answered.status, len(provider.calls(user))) == (200, 2)
    kept = [line["retry_after_s"] for line in service.log(answered) if line["message"] == "llm_retry_after_kept"]
    assert kept == [0.5]


def test_an_answer_in_the_thoughts_is_read(user: str, service: Service, provider: FakeModel) -> None:
    """The proxy leaves it where the model's server put it."""
    provider.plan(user, replies({"content": None, "reasoning_content": BOTH}))

    assert settled(service, service.recommend(user)).status == 200
    assert len(provider.calls(user)) == 1


def test_thoughts_that_are_cut_off_get_a_larger_limit(user: str, service: Service, provider: FakeModel) -> None:
    """The proxy passes each limit on."""
    provider.plan(user, replies({"content": f"<think>{BOTH} {CANARY}"}, "length"))

    assert settled(service, service.recommend(user)).outcome == (502, "llm_bad_output")
    assert [call.body["max_tokens"] for call in provider.calls(user)] == [400, 800, 1_600]


def test_a_refused_parameter_is_left_out(user: str, service: Service, provider: FakeModel) -> None:
    """The proxy names it; the next request asks once."""
    provider.plan(user, fails(400, param="temperature", code="unsupported_value"), WELL)

    answered = settled(service, service.recommend(user))
    settled(service, service.recommend(user))

    assert ["temperature" in call.body for call in provider.calls(user)] == [True, False, False]
    (line,) = [line for line in service.log(answered) if line["message"] == "llm_attempt_failed"]
    assert (line["proxy_param"], line["proxy_type"]) == ("temperature", "invalid_request_error")


SLOW: dict[str, tuple[Act, tuple[int, str]]] = {
    # The proxy gives up a moment before the service would, and answers with a 408.
    "hangs": (hangs, (502, "llm_upstream_error")),
    "drips its headers": (drips_its_headers, (503, "llm_timeout")),
    # The proxy never notices.
    "drips its body": (drips_its_body, (503, "llm_timeout")),
}


def test_a_slow_provider_costs_the_budget_and_no_more(service: Service, provider: FakeModel) -> None:
    """It is called once, and its callers get their answer in time."""
    for name, (act, _) in SLOW.items():
        provider.plan(name, act)

    with ThreadPoolExecutor(len(SLOW)) as pool:
        given = dict(zip(SLOW, pool.map(service.recommend, SLOW), strict=True))

    assert {name: settled(service, answered).outcome for name, answered in given.items()} == {
        name: outcome for name, (_, outcome) in SLOW.items()
    }
    assert [len(provider.calls(name)) for name in SLOW] == [1] * len(SLOW)


@pytest.mark.parametrize(
    "usage",
    [None, {}, {"prompt_tokens": -7, "completion_tokens": 0, "total_tokens": 0}],
    ids=["null", "empty", "negative"],
)
def test_tokens_that_were_not_counted_are_none(usage: object, user: str, service: Service, provider: FakeModel) -> None:
    """The tip is served all the same."""
    provider.plan(user, answers(json.dumps(completion(BOTH, usage=usage)).encode()))

    answered = settled(service, service.recommend(user))

    assert (answered.status, answered.body["prompt_tokens"], answered.body["completion_tokens"]) == (200, 0, 0)


def test_what_a_reply_holds_beside_its_tip_is_dropped(user: str, service: Service, provider: FakeModel) -> None:
    """Unknown fields, and the reply's own status, source and ids, do not reach the caller, also in a code fence."""
    reply: dict[str, Any] = TIP | {"id": 7, "source": "admin", "status": 500, "extra": CANARY, "rationale": [1]}
    provider.plan(user, says(f"Sure:\n```json\n{json.dumps(reply)}\n```"))

    tip = settled(service, service.recommend(user)).body["tip"]

    assert tip == TIP | {"id": f"tip-{user[:8]}", "source": "llm", "rationale": None}
