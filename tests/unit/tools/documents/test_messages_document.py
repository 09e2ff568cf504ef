"""The schema of queue messages, beside the readers and the writers of the queues."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from jsonschema import Draft202012Validator

from local.deployment.environment import ROOT
from oo.contract.feedback import FeedbackMessage
from oo.contract.fields import Body
from oo.contract.queues import ComputeJob, PrecomputeMessage
from oo.errors import InvalidMessage
from oo.feedback.records import read_feedback
from oo.precompute.messages import read_job, read_snapshot
from testing.memory_queues import Queues
from testing.served_endpoints import ServedEndpoints
from testing.sqs_events import sqs_record
from tools.documents.endpoint_examples import examples
from tools.documents.messages_document import DOCUMENT, render

MESSAGES: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
MODELS: Mapping[str, type[Body]] = {
    "PrecomputeQueue": PrecomputeMessage,
    "ComputeQueue": ComputeJob,
    "FeedbackQueue": FeedbackMessage,
}
READERS = {"PrecomputeQueue": read_snapshot, "ComputeQueue": read_job, "FeedbackQueue": read_feedback}
EVENTS = {"PrecomputeQueue": "precompute", "ComputeQueue": "compute-worker", "FeedbackQueue": "feedback-worker"}
NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


def schema_of(queue: str) -> dict[str, Any]:
    """The schema of one queue's messages."""
    found: dict[str, Any] = MESSAGES["$defs"][MESSAGES["properties"][queue]["$ref"].rpartition("/")[2]]
    return found


def validate(queue: str, message: object) -> None:
    Draft202012Validator(MESSAGES).validate({queue: message})


def read(queue: str, message: object) -> Any:
    """The message as the queue's worker reads it, from a record of SQS."""
    reader: Any = READERS[queue]
    found, _ = reader(SQSRecord(sqs_record(message, "m1")), NOW)
    return found


def test_the_document_in_the_repository_is_current() -> None:
    """`make docs` would change nothing."""
    assert render() == DOCUMENT.read_text(encoding="utf-8"), "run `make docs`"


def test_the_document_is_a_schema() -> None:
    Draft202012Validator.check_schema(MESSAGES)

    assert set(MODELS) == set(MESSAGES["properties"])


@pytest.mark.parametrize("queue", MODELS)
def test_the_fields_are_those_that_the_worker_reads(queue: str) -> None:
    schema = schema_of(queue)

    assert list(MODELS[queue].model_fields) == list(schema["properties"])
    assert [name for name, field in schema["properties"].items() if "description" not in field] == []


@pytest.mark.parametrize("queue", MODELS)
def test_examples_are_valid_and_are_read(queue: str) -> None:
    """Those of the document, and the bodies of the sample event."""
    event = json.loads((ROOT / "events" / f"{EVENTS[queue]}.json").read_text(encoding="utf-8"))
    samples = [json.loads(record["body"]) for record in event["Records"]]
    for message in [*schema_of(queue)["examples"], *samples]:
        validate(queue, message)

        assert read(queue, message).user_id == message["user_id"]


@pytest.mark.parametrize("queue", MODELS)
def test_required_fields_are_those_without_which_a_message_fails(queue: str) -> None:
    """The version of a snapshot is none of them: SQS knows when the message was sent."""
    example = schema_of(queue)["examples"][0]
    for name in example:
        without = {field: value for field, value in example.items() if field != name}
        try:
            read(queue, without)
            is_needed = False
        except InvalidMessage:
            is_needed = True

        assert (name in schema_of(queue)["required"]) == is_needed, name


def test_written_out_defaults_make_the_same_jobs() -> None:
    """Null where the schema has none: as a generated client writes them."""
    schema, message = schema_of("PrecomputeQueue"), schema_of("PrecomputeQueue")["examples"][0]
    defaults = {name: field.get("default") for name, field in schema["properties"].items()}
    shortest, written_out = Queues(), Queues()
    shortest.fan_out(message)
    written_out.fan_out(defaults | message)

    assert len(shortest.bodies) > 1
    assert jobs_of(shortest) == jobs_of(written_out)


def jobs_of(queues: Queues) -> list[dict[str, Any]]:
    """The jobs without the trace, which is another for each message."""
    return [json.loads(body) | {"trace_id": ""} for body in queues.bodies]


def test_the_jobs_of_a_snapshot_are_valid() -> None:
    """As the fan-out writes them, withdrawals too."""
    queues = Queues()
    queues.fan_out(schema_of("PrecomputeQueue")["examples"][0])
    jobs = [json.loads(body) for body in queues.bodies]
    for job in jobs:
        validate("ComputeQueue", job)

    assert {job.get("withdraw", False) for job in jobs} == {True, False}


def test_the_message_of_feedback_is_valid() -> None:
    """As the endpoint writes it."""
    served = ServedEndpoints()
    route, example = next((route, each) for route, each in examples().items() if route.name == "feedback")
    served.ask(route, example.path, json.dumps(example.request))

    assert len(served.feedback) == 1
    validate("FeedbackQueue", served.feedback[0])
