"""The whole service with a model that follows a test's plan, and three seconds per request."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.system import LocalSystem
from oo.contract.routes import ROUTES
from testing.fake_llm import CANARY, FakeModel, fake_model
from testing.part_of_template import part_of_template
from testing.waiting import until

BUDGET_S = 3
KEY = "sk-planted-key"
OVER_HTTP = [f"{route.name.title()}Function" for route in ROUTES]
OUTCOMES = ("recommend_served", "generate_served", "request_failed")


@dataclass(frozen=True)
class Answered:
    """An answer over HTTP."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def body(self) -> Any:
        """The answer's JSON."""
        return json.loads(self.text)

    @property
    def outcome(self) -> tuple[int, str | None]:
        """Status, and the error's code where it is one."""
        return self.status, self.body.get("code")


class Service:
    """The service as its callers see it, and its log."""

    def __init__(self, system: LocalSystem) -> None:
        self.system = system

    def recommend(self, user_id: str, **body: Any) -> Answered:
        """Ask for a tip; snippets are those given, none by default."""
        return self.post("/recommend", {"user_id": user_id, "agent_outputs": []} | body)

    def post(self, path: str, body: object) -> Answered:
        """Send a body as JSON."""
        return self.send(path, json.dumps(body).encode())

    def send(self, path: str, content: bytes, **headers: str) -> Answered:
        """Send a body as it stands."""
        given = {"content-type": "application/json"} | headers
        answer = self.system.http.post(path, content=content, headers=given)
        return Answered(answer.status_code, answer.text, answer.headers)

    def log(self, answered: Answered) -> list[dict[str, Any]]:
        """The lines that a request left, once the last of them is there."""
        trace_id = answered.headers["x-trace-id"]
        until(lambda: any(line["message"] in OUTCOMES for line in _events(self.system, trace_id)))
        return list(_events(self.system, trace_id))


def _events(system: LocalSystem, trace_id: str) -> Iterator[dict[str, Any]]:
    for line in system.log.read_text(errors="replace").splitlines():
        text = line.partition(" | ")[2]
        if trace_id in text and text.startswith('{"level"'):
            yield json.loads(text)


@pytest.fixture(scope="session")
def model() -> Iterator[FakeModel]:
    with fake_model() as running:
        yield running


@pytest.fixture(scope="session")
def service(model: FakeModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The functions that are called over HTTP; no test here uses a queue."""
    template = part_of_template(tmp_path_factory.mktemp("service"), functions=OVER_HTTP)
    environment = {"LITELLM_URL": model.url, "LITELLM_API_KEY": KEY, "LLM_BUDGET_S": str(BUDGET_S)}
    with LocalSystem(environment=environment, template=template) as system:
        yield Service(system)
        log = system.log.read_text(errors="replace")
    assert CANARY not in log
    assert KEY not in log
    assert "Traceback" not in log


@pytest.fixture(scope="session")
def recommend_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template for systems of which nothing but tips is asked."""
    return part_of_template(tmp_path_factory.mktemp("recommend"), functions=["RecommendFunction"])


@pytest.fixture
def user(request: pytest.FixtureRequest, service: Service) -> Iterator[str]:
    """A user of this test only, who is served again after any fault."""
    yield f"user of {request.node.name}"[:200]
    assert service.recommend("somebody else").status == 200


@pytest.fixture
def settled(service: Service) -> Callable[[Answered], Answered]:
    """Checks the facts that are true for every answer, and returns it."""

    def check(answered: Answered) -> Answered:
        lines = service.log(answered)
        assert CANARY not in answered.text + str(answered.headers)
        assert [line["message"] for line in lines if line["message"] in OUTCOMES] == [
            "recommend_served" if answered.status == 200 else "request_failed"
        ]
        assert all(line["function_request_id"] for line in lines)
        return answered

    return check
