"""Bad requests through the whole service: it asks no model, ends no function and does not come back."""

import json
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import httpx
import pytest

from local.lambda_emulation.pool import SANDBOXES, WAITING
from oo.contract.shown_ids import hashed
from testing.contract_cases import CASES, Case
from testing.fake_llm import BOTH, TIP, FakeModel, obeys, says
from tests.integration.faults.conftest import Service

SURROGATE = '"\\ud800"'
LONG_TITLE = "Buy milk " * 600


@pytest.mark.parametrize("case", [case for case in CASES if case.method == "POST"], ids=lambda case: case.name)
def test_a_bad_request_asks_no_model_and_ends_no_function(case: Case, service: Service, model: FakeModel) -> None:
    """Every process that was there before is there still, and the model was not called."""
    before, hits = running(service), model.hits

    answered = service.send(case.path, case.body.encode(), **case.headers)

    assert answered.outcome == (case.status, case.code)
    assert before <= running(service)
    assert model.hits == hits


@pytest.mark.parametrize(
    "body",
    [
        '{"user_id":"u","agent_outputs":[{"agent_id":"a","prompt_text":%s}]}',
        '{"user_id":"u","recent_tips":[{"content":%s}]}',
        '{"user_id":"u","tasks":[{"tags":[%s]}]}',
        '{"user_id":"u","unknown":%s}',
        '{"user_id":%s}',
    ],
)
def test_half_a_surrogate_pair_is_refused_wherever_it_stands(body: str, service: Service) -> None:
    """Echoed back it would end the runtime."""
    assert service.send("/recommend", (body % SURROGATE).encode()).outcome == (422, "invalid_request")


def test_a_body_that_is_no_text_is_refused(service: Service) -> None:
    """API Gateway passes it on as base64; its bytes are not UTF-8."""
    assert service.send("/recommend", b'{"user_id": "\xff"}').outcome == (422, "invalid_request")


def test_a_deep_body_is_refused(service: Service) -> None:
    """A hundred thousand levels are a mistake like any other, and no recursion's end."""
    answered = service.send("/recommend", b"[" * 100_000)

    assert answered.outcome == (422, "invalid_request")
    assert "RecursionError" not in service.system.log.read_text(errors="replace")


@pytest.mark.parametrize("agent_id", ["x", "__class__", "__init__.py", "a%00b", "%F0%9F%8E%88", "a" * 5_000])
def test_an_agent_that_is_not_there_is_an_unknown_agent(agent_id: str, service: Service) -> None:
    """At most 64 characters of its name come back, and none of them stands in the log."""
    answered = service.post(f"/agents/{agent_id}/compute", {"user_id": "u"})

    assert answered.outcome == (404, "unknown_agent")
    assert len(answered.body["detail"]) <= 64 + len("Unknown agent: ''")
    assert [(line["code"], line["agent_id"]) for line in service.log(answered)] == [("unknown_agent", "other")]


def test_an_agent_that_is_a_path_is_no_route(service: Service) -> None:
    """Nothing is looked for outside of the registry, and nothing of the path comes back."""
    answered = service.post("/agents/..%2Fx/compute", {"user_id": "u"})

    assert (answered.status, answered.body) == (404, {"detail": "No such path", "code": "not_found"})


@pytest.mark.parametrize(
    "traceparent",
    [
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
        "x" * 55,
    ],
    ids=["no hexadecimal", "trace of zeros", "span of zeros", "capitals", "as long as one"],
)
def test_a_traceparent_that_is_none_is_passed_over(traceparent: str, service: Service) -> None:
    """The request is served under an id of the service's own."""
    answered = service.send("/recommend", b'{"user_id":"u","agent_outputs":[]}', traceparent=traceparent)

    assert answered.status == 200
    assert answered.headers["x-trace-id"] not in traceparent
    assert answered.body["receipt"]["trace_id"] == answered.headers["x-trace-id"]
    assert [line["message"] for line in service.log(answered)] == ["recommend_served"]


def test_fifty_long_titles_are_one_bounded_question(service: Service, model: FakeModel) -> None:
    """Ten kilobytes each are cut where they are used; the prompt stays within its 24,000 characters."""
    model.plan("u-long", says(BOTH))
    tasks = [{"id": str(number), "title": f"{number} {LONG_TITLE * 2}"} for number in range(50)]

    answered = service.recommend("u-long", tasks=tasks, science_destiny=100)

    (call,) = model.calls("u-long")
    assert answered.status == 200
    assert sum(len(message["content"]) for message in call.messages) <= 24_000
    assert call.body["max_tokens"] == 400
    assert "tools" not in call.body


def test_callers_at_the_same_time_get_their_own_answers(service: Service, model: FakeModel) -> None:
    """No caller gets another's tip; one above the limit is refused at once with a time to retry."""
    users = [f"{number:03}-caller" for number in range(SANDBOXES + WAITING + 10)]
    released = threading.Event()
    for user in users:
        model.plan(user, obeys(lambda asked: tip_for(asked.body["user"], released)))
    limits = httpx.Limits(max_connections=len(users))
    with (
        httpx.Client(base_url=service.system.base_url, limits=limits, timeout=40, trust_env=False) as http,
        ThreadPoolExecutor(len(users)) as pool,
    ):
        asked = {
            user: pool.submit(http.post, "/recommend", json={"user_id": user, "agent_outputs": []}) for user in users
        }
        wait(asked.values(), return_when=FIRST_COMPLETED)
        released.set()
        answers = {user: future.result() for user, future in asked.items()}

    assert {answer.status_code for answer in answers.values()} == {200, 503}
    for user, answer in answers.items():
        if answer.status_code == 503:
            assert answer.headers["retry-after"]
        else:
            assert answer.json()["tip"]["content"] == hashed(user)
            assert answer.json()["tip"]["id"] == f"tip-{user[:8]}"


def tip_for(user: str, released: threading.Event) -> str:
    """A tip that names the user as the model knows it, when it is time."""
    released.wait(30)
    return json.dumps(TIP | {"content": user, "id": None})


def running(service: Service) -> set[int]:
    """The processes of the functions."""
    return {process.pid for process in service.system.processes(containing="awslambdaric")}
