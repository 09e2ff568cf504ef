"""The local AWS: each message arrives once, with other clients at work."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from local.aws import resources
from local.aws.resources import Clients
from local.deployment import template
from local.deployment.template import Template
from local.lambda_emulation.listener import bind, port_of

TEMPLATE = """
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 370
      RedrivePolicy: {deadLetterTargetArn: !GetAtt DeadJobs.Arn, maxReceiveCount: 2}
  DeadJobs: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
  Store:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      TimeToLiveSpecification: {AttributeName: ttl, Enabled: true}
"""
POLLS = 60
"""Looks of a reader, each of up to a second, after which a message counts as lost."""

Story = Callable[[Clients, Template], Any]


@pytest.fixture
def tell(tmp_path: Path) -> Callable[[Story], Any]:
    """Run a story against a server of its own that has the resources above."""

    async def run(story: Story) -> Any:
        path = tmp_path / "template.yaml"
        path.write_text(TEMPLATE)
        listening = bind(0, name="AWS_PORT")
        endpoint = f"http://127.0.0.1:{port_of(listening)}"
        plan = template.load(path, aws_endpoint=endpoint)
        server = await resources.start_server(listening, os.environ)
        try:
            clients = Clients(endpoint)
            await asyncio.to_thread(resources.create_resources, clients, plan)
            return await asyncio.to_thread(story, clients, plan)
        finally:
            await server.stop()

    return lambda story: asyncio.run(run(story))


def test_the_resources_are_the_templates(tell: Callable[[Story], Any]) -> None:
    """Queues and tables go by their logical ids, with the template's attributes, redrive policy and expiry."""

    def story(clients: Clients, plan: Template) -> tuple[Any, ...]:
        queue = clients.sqs.get_queue_attributes(QueueUrl=plan.queues["Jobs"].url, AttributeNames=["All"])
        table = clients.dynamodb.describe_table(TableName="Store")["Table"]
        expiry = clients.dynamodb.describe_time_to_live(TableName="Store")["TimeToLiveDescription"]
        return queue["Attributes"], table["KeySchema"], expiry

    attributes, keys, expiry = tell(story)

    assert attributes["VisibilityTimeout"] == "370"
    assert "DeadJobs" in attributes["RedrivePolicy"]
    assert keys == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}


def test_a_message_is_delivered_once_among_many_senders_and_readers(tell: Callable[[Story], Any]) -> None:
    """Sending, receiving and deleting at the same time loses nothing and hands nothing out twice."""
    senders, each = 3, 20

    def story(clients: Clients, plan: Template) -> list[str]:
        url = plan.queues["Jobs"].url
        received: list[str] = []

        def send(sender: int) -> None:
            for number in range(each):
                clients.sqs.send_message(QueueUrl=url, MessageBody=f"{sender}-{number:02}")

        def read() -> None:
            for _ in takewhile(lambda _: len(received) < senders * each, range(POLLS)):
                answer = clients.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=3, WaitTimeSeconds=1)
                for message in answer.get("Messages", []):
                    received.append(message["Body"])
                    clients.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

        with ThreadPoolExecutor(senders + 2) as pool:
            work = [pool.submit(send, sender) for sender in range(senders)] + [pool.submit(read) for _ in range(2)]
        for one in work:
            one.result()
        return received

    received = tell(story)

    assert sorted(received) == [f"{sender}-{number:02}" for sender in range(senders) for number in range(each)]


def test_a_long_poll_ends_with_the_first_message_and_keeps_nobody_out(tell: Callable[[Story], Any]) -> None:
    """A poll of another queue still waits when the first message of this one is there."""

    def story(clients: Clients, plan: Template) -> tuple[int, bool, int]:
        polled, other = plan.queues["Jobs"].url, plan.queues["DeadJobs"].url
        receive, send = clients.sqs.receive_message, clients.sqs.send_message
        with ThreadPoolExecutor(2) as pool:
            waiting = pool.submit(receive, QueueUrl=other, WaitTimeSeconds=20)
            polling = pool.submit(receive, QueueUrl=polled, WaitTimeSeconds=20)
            send(QueueUrl=polled, MessageBody="x")
            found, still_waits = polling.result().get("Messages", []), not waiting.done()
            send(QueueUrl=other, MessageBody="x")
        return len(found), still_waits, len(waiting.result().get("Messages", []))

    assert tell(story) == (1, True, 1)


def test_of_two_conditional_writes_at_the_same_time_one_wins(tell: Callable[[Story], Any]) -> None:
    """The condition and the write are one step, as in DynamoDB."""
    writers, rounds = 6, 15

    def story(clients: Clients, plan: Template) -> list[int]:
        def write(key: str) -> bool:
            try:
                clients.dynamodb.put_item(
                    TableName="Store", Item={"id": {"S": key}}, ConditionExpression="attribute_not_exists(id)"
                )
            except clients.dynamodb.exceptions.ConditionalCheckFailedException:
                return False
            return True

        with ThreadPoolExecutor(writers) as pool:
            return [sum(pool.map(write, [f"key-{number}"] * writers)) for number in range(rounds)]

    assert tell(story) == [1] * rounds
