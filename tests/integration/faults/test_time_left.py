"""How long a request may take when something else has used up its time already, from the function's own entry."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from oo.telemetry.instrumentation import Handler
from testing.entries import invoke, load_handler
from testing.fake_llm import BOTH, FakeModel, hangs, says
from testing.http_events import http_event


@pytest.fixture(scope="module")
def recommend(model: FakeModel) -> Iterator[Handler]:
    """The function as it starts with its whole budget of 25 s."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LITELLM_URL", model.url)
        environment.setenv("LITELLM_API_KEY", "sk-planted")
        yield load_handler("recommend")


# A function's client keeps its connection for as long as the sandbox lives; this one is to leave none behind.
ONCE = says(BOTH, {"connection": "close"})


def answer(handler: Handler, user: str, *, arrived_s_ago: float, remaining_ms: int = 35_000) -> tuple[int, Any]:
    """Status and body for a request that the API took in some time ago."""
    event = http_event("POST", "/recommend", {"user_id": user, "agent_outputs": []})
    event["requestContext"]["timeEpoch"] = int((time.time() - arrived_s_ago) * 1000)
    given = invoke(handler, event, remaining_ms=remaining_ms)
    return given["statusCode"], json.loads(given["body"])


def test_with_two_seconds_of_lambdas_time_nobody_is_asked(recommend: Handler, model: FakeModel) -> None:
    """The time after the reserve is too short for any answer."""
    status, body = answer(recommend, "u-1", arrived_s_ago=0, remaining_ms=2_000)

    assert (status, body["code"]) == (503, "deadline")
    assert model.calls("u-1") == []


@pytest.mark.parametrize(("arrived_s_ago", "most_s"), [(0, 14), (15, 13), (20, 8), (25, 3)])
def test_a_cold_start_shortens_the_first_call(
    arrived_s_ago: float, most_s: int, recommend: Handler, model: FakeModel
) -> None:
    """The API counts from the request's arrival, so the time of init is not available for the model."""
    user = f"u-{arrived_s_ago}"

    model.plan(user, ONCE)
    status, _ = answer(recommend, user, arrived_s_ago=arrived_s_ago)

    (call,) = model.calls(user)
    assert status == 200
    assert 1 <= int(call.headers["x-litellm-timeout"]) <= most_s


def test_a_model_that_hangs_after_a_cold_start_is_left_in_time(recommend: Handler, model: FakeModel) -> None:
    """One call gets the last second before the limit of 28 s, and none follows it."""
    model.plan("u-hangs", hangs)

    status, body = answer(recommend, "u-hangs", arrived_s_ago=27)

    (call,) = model.calls("u-hangs")
    assert (status, body["code"]) == (503, "llm_timeout")
    assert int(call.headers["x-litellm-timeout"]) <= 1


def test_an_arrival_that_cannot_be_is_no_evidence(recommend: Handler, model: FakeModel) -> None:
    """A clock that is a day off takes nothing away."""
    for days in (-1, 1):
        user = f"u-{days}-days"
        model.plan(user, ONCE)

        assert answer(recommend, user, arrived_s_ago=days * 86_400)[0] == 200
        assert int(model.calls(user)[0].headers["x-litellm-timeout"]) > 3
