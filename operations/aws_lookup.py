"""Access to AWS for operators: clients from boto3's environment, resources by their names in the template."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's base of everything that did not get through
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

# No caller waits for an answer, so the client may try for about a minute.
_CONFIG = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 6})


class NotPossible(Exception):
    """One sentence for the user of the command."""


@dataclass(frozen=True)
class QueueAddress:
    """A queue that exists."""

    name: str
    url: str


def queue_client() -> "SQSClient":
    """SQS in the account and region of boto3's environment."""
    return boto3.client("sqs", config=_CONFIG)


def table_client() -> "DynamoDBClient":
    """DynamoDB in the account and region of boto3's environment."""
    return boto3.client("dynamodb", config=_CONFIG)


def stack_client() -> Any:  # noqa: ANN401  # this project installs no type stubs of CloudFormation
    """CloudFormation in the account and region of boto3's environment."""
    return boto3.client("cloudformation", config=_CONFIG)


def client_in(region: str, service: Literal["cloudformation", "secretsmanager"]) -> Any:  # noqa: ANN401  # no type stubs of these services are installed
    """A client of a service in a region, in the account of boto3's environment."""
    return boto3.client(service, region_name=region, config=_CONFIG)


def physical_name(name: str, stack: str | None) -> str:
    """The name of a template's resource in a deployed stack; without a stack, the name unchanged."""
    if not stack:
        return name
    try:
        found = stack_client().describe_stack_resource(StackName=stack, LogicalResourceId=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            raise NotPossible(f"The stack {stack} has no resource {name}, or does not exist.") from error
        raise
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def find_queue(client: "SQSClient", name: str) -> QueueAddress:
    """A queue by its name or its URL; raises NotPossible."""
    if name.startswith(("http://", "https://")):
        return QueueAddress(name.rpartition("/")[2], name)
    try:
        return QueueAddress(name, client.get_queue_url(QueueName=name)["QueueUrl"])
    except client.exceptions.QueueDoesNotExist as error:
        raise NotPossible(
            f"Queue {name} was not found. In AWS a queue's name begins with the stack's name: give STACK=…."
        ) from error


def dead_letter_queue(client: "SQSClient", queue: QueueAddress) -> QueueAddress:
    """The dead-letter queue of a queue. Raises NotPossible."""
    answer = client.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["RedrivePolicy"])
    policy = answer.get("Attributes", {}).get("RedrivePolicy")
    if not policy:
        raise NotPossible(f"{queue.name} has no dead-letter queue: name the queue that its messages came from.")
    arn: str = json.loads(policy)["deadLetterTargetArn"]
    return find_queue(client, arn.rpartition(":")[2])


IN_THE_WAY = (NotPossible, BotoCoreError, ClientError)
"""Errors outside the program, which are reported in one sentence."""


@contextmanager
def one_sentence() -> Iterator[None]:
    """End the program with one sentence on an error that an operator can fix."""
    try:
        yield
    except IN_THE_WAY as problem:
        sys.exit(sentence(problem))


def sentence(problem: NotPossible | BotoCoreError | ClientError) -> str:
    """The problem for the user of the command."""
    kind = type(problem).__name__
    match problem:
        case NotPossible():
            return str(problem)
        case NoCredentialsError() | PartialCredentialsError() | NoRegionError() | ProfileNotFound():
            return f"AWS is not set up here ({kind}): export the variables that `make run` prints, or set your profile."
        case ConnectionError() | HTTPClientError():
            return f"AWS does not answer ({kind}): check AWS_ENDPOINT_URL, and that `make run` is running."
        case ClientError():
            return f"AWS refused {problem.operation_name}: {problem.response['Error']['Code']}."
        case _:
            return f"AWS could not be asked: {kind}."
