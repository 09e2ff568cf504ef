import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local import example
from local.deployment.template import load
from oo.contract.agents import ComputeRequest, InferRequest
from oo.contract.feedback import FeedbackMessage, FeedbackRequest
from oo.contract.fields import Body
from oo.contract.queues import ComputeJob, PrecomputeMessage
from oo.contract.tips import GenerateRequest, RecommendRequest
from testing.for_each import for_each

ROOT = Path(__file__).parents[3]
FILES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "events").glob("*.json")}
BODY = FILES.pop("tip")
"""The body of the request that `make run` prints."""

EVENTS = FILES
TEMPLATE = load(ROOT / "template.yaml", aws_endpoint="http://127.0.0.1:3001")
BODIES: dict[str, type[Body]] = {
    "compute": ComputeRequest,
    "infer": InferRequest,
    "recommend": RecommendRequest,
    "generate": GenerateRequest,
    "precompute": PrecomputeMessage,
    "compute-worker": ComputeJob,
    "feedback": FeedbackRequest,
    "feedback-worker": FeedbackMessage,
}


def function_of(event: str) -> str:
    return "".join(word.capitalize() for word in event.split("-")) + "Function"


def bodies(event: dict[str, Any]) -> list[dict[str, Any]]:
    """The bodies of an HTTP event or of a batch."""
    carriers = event.get("Records", [event])
    return [json.loads(carrier["body"]) for carrier in carriers if "body" in carrier]


def test_every_function_has_one_event() -> None:
    """`sam local invoke <Name>Function --event events/<name>.json` works for all of them."""
    assert {function_of(name) for name in EVENTS} == set(TEMPLATE.functions)


@for_each("name", [name for name, event in EVENTS.items() if "Records" not in event])
def test_an_http_event_takes_its_functions_route(name: str) -> None:
    """Key, verb and path are those of one route of the function."""
    event = EVENTS[name]
    keys = {route.key for route in TEMPLATE.routes if route.function == function_of(name)}
    method, _, path = event["routeKey"].partition(" ")

    assert event["routeKey"] in keys
    assert event["requestContext"]["http"]["method"] == method
    assert re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path), event["rawPath"])


@for_each("name", BODIES)
def test_a_body_is_the_contracts_and_asks_for_a_fixed_moment(name: str) -> None:
    """Every field is known, and the answer is the same on every day."""
    for body in bodies(EVENTS[name]):
        message = BODIES[name].model_validate(body)

        assert set(body) <= set(BODIES[name].model_fields)
        assert "now_iso" in body or vars(message).get("withdraw") or "created_at" in body


def test_the_printed_requests_body_is_of_the_example_user() -> None:
    """Its tasks are those that were precomputed, without dates: the file is the same on every day."""
    planted = [
        {**task, "due_at": None, "created_at": None} for task in example.tasks(datetime(2026, 3, 12, tzinfo=UTC))
    ]
    named = [{"due_at": None, "created_at": None, **task} for task in BODY["tasks"]]

    assert named == planted
    assert (BODY["user_id"], BODY["timezone"]) == (example.USER, example.TIMEZONE)
    assert set(BODY) <= set(RecommendRequest.model_fields)


@for_each("name", ["precompute", "compute-worker", "feedback-worker"])
def test_a_batch_comes_from_its_functions_queue(name: str) -> None:
    """The records' source is the queue that feeds the function."""
    queues = {one.queue for one in TEMPLATE.subscriptions if one.function == function_of(name)}

    assert {record["eventSourceARN"].rpartition(":")[2] for record in EVENTS[name]["Records"]} == queues
