"""AWS on this machine: the template's queues and tables, served by moto over HTTP."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from local.deployment.environment import AWS_CREDENTIALS, ROOT, host_basics
from local.deployment.template import REGION, Table, Template, TemplateQueue
from local.lambda_emulation.child import Child

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

_COUNTS: tuple[QueueAttributeNameType, ...] = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


class Clients:
    """Clients of the AWS at `endpoint`; safe to share between threads."""

    def __init__(self, endpoint: str) -> None:
        session = boto3.Session(
            aws_access_key_id=AWS_CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=AWS_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
        )
        config = Config(retries={"total_max_attempts": 2}, read_timeout=30, max_pool_connections=50)
        self.sqs: SQSClient = session.client("sqs", endpoint_url=endpoint, config=config)
        self.dynamodb: DynamoDBClient = session.client("dynamodb", endpoint_url=endpoint, config=config)


async def start_server(listening: socket.socket, host: Mapping[str, str]) -> Child:
    """Serve AWS on the bound socket, in a process of its own that takes over the socket."""
    with listening:
        return await Child.start(
            ["-m", "local.aws.server", str(listening.fileno())],
            label="aws",
            environment={**host_basics(host), **AWS_CREDENTIALS, "PYTHONPATH": os.pathsep.join([str(ROOT)])},
            folder=ROOT,
            inherited=[listening.fileno()],
        )


def messages_in(sqs: SQSClient, urls: Iterable[str]) -> int:
    """The number of messages that wait in the queues, or that a worker has received and not yet deleted."""
    attributes = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=_COUNTS)["Attributes"] for url in urls]
    return sum(int(counted[name]) for counted in attributes for name in _COUNTS)


def create_resources(clients: Clients, template: Template) -> None:
    """Create the template's queues and tables by their logical ids; dead-letter queues first."""
    targets = {queue.dead_letter_queue for queue in template.queues.values()}
    for queue in sorted(template.queues.values(), key=lambda queue: queue.name not in targets):
        _create_queue(clients.sqs, queue, template)
    for table in template.tables.values():
        _create_table(clients.dynamodb, table)


def _create_queue(sqs: SQSClient, queue: TemplateQueue, template: Template) -> None:
    attributes = dict(queue.attributes)
    if queue.dead_letter_queue:
        attributes["RedrivePolicy"] = json.dumps(
            {
                "deadLetterTargetArn": template.queues[queue.dead_letter_queue].arn,
                "maxReceiveCount": queue.max_receive_count,
            }
        )
    sqs.create_queue(QueueName=queue.name, Attributes=attributes)  # type: ignore[arg-type]


def _create_table(dynamodb: DynamoDBClient, table: Table) -> None:
    dynamodb.create_table(TableName=table.name, **table.definition)
    if table.ttl_attribute:
        dynamodb.update_time_to_live(
            TableName=table.name,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": table.ttl_attribute},
        )
