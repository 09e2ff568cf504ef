from typing import Any

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    ProfileNotFound,
)
from botocore.stub import Stubber

from operations import aws_lookup
from operations.aws_lookup import NotPossible, QueueAddress, dead_letter_queue, find_queue, one_sentence, physical_name

URL = "http://127.0.0.1/1/Jobs"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NotPossible("It is so."), "It is so."),
        (
            NoCredentialsError(),
            "AWS is not set up here (NoCredentialsError): export the variables that `make run` prints",
        ),
        (NoRegionError(), "AWS is not set up here (NoRegionError)"),
        (ProfileNotFound(profile="x"), "AWS is not set up here (ProfileNotFound)"),
        (EndpointConnectionError(endpoint_url="x"), "AWS does not answer (EndpointConnectionError)"),
        (ConnectTimeoutError(endpoint_url="x"), "AWS does not answer (ConnectTimeoutError)"),
        (ClientError({"Error": {"Code": "AccessDenied"}}, "SendMessage"), "AWS refused SendMessage: AccessDenied."),
        (ParamValidationError(report="x"), "AWS could not be asked: ParamValidationError."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_in_the_way_is_one_sentence(error: Exception, sentence: str) -> None:
    """The program ends with it; no stack is printed."""
    with pytest.raises(SystemExit) as ended, one_sentence():
        raise error

    assert str(ended.value).startswith(sentence)
    assert "\n" not in str(ended.value)


def test_a_mistake_of_our_own_is_not_hidden() -> None:
    """Its stack says where it is."""
    with pytest.raises(ZeroDivisionError), one_sentence():
        raise ZeroDivisionError


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Stubber:
    client = boto3.client("cloudformation")
    monkeypatch.setattr(aws_lookup, "stack_client", lambda: client)
    stubber = Stubber(client)
    stubber.activate()
    return stubber


def test_a_resource_of_a_stack_has_the_stacks_name_for_it(stack: Stubber) -> None:
    """A queue's is its URL."""
    asked = {"StackName": "tips", "LogicalResourceId": "ComputeQueue"}
    detail: dict[str, Any] = {"PhysicalResourceId": URL, "ResourceType": "AWS::SQS::Queue"}
    detail |= {"LogicalResourceId": "ComputeQueue", "ResourceStatus": "CREATE_COMPLETE"}
    detail["LastUpdatedTimestamp"] = "2026-03-12T09:30:00Z"
    stack.add_response("describe_stack_resource", {"StackResourceDetail": detail}, asked)

    assert physical_name("ComputeQueue", "tips") == URL


def test_a_stack_that_does_not_have_it_is_one_sentence(stack: Stubber) -> None:
    """It names both."""
    stack.add_client_error("describe_stack_resource", "ValidationError")

    with pytest.raises(NotPossible, match="The stack tips has no resource ComputeQueue"):
        physical_name("ComputeQueue", "tips")


def test_without_a_stack_a_name_is_the_name() -> None:
    """As on this machine."""
    assert physical_name("ComputeQueue", None) == "ComputeQueue"


def test_a_url_is_taken_at_its_word() -> None:
    """No call is planned here, so one would fail."""
    client = boto3.client("sqs")
    with Stubber(client):
        assert find_queue(client, URL) == QueueAddress("Jobs", URL)


def test_a_queue_without_dead_letters_is_one_sentence() -> None:
    """It may be the dead-letter queue itself."""
    client = boto3.client("sqs")
    answers = Stubber(client)
    answers.add_response("get_queue_attributes", {})

    with answers, pytest.raises(NotPossible, match="Jobs has no dead-letter queue"):
        dead_letter_queue(client, QueueAddress("Jobs", URL))
