"""SQS and DynamoDB as moto serves them over HTTP, with the template's own queues and table in them."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from mypy_boto3_dynamodb import DynamoDBClient
from mypy_boto3_sqs import SQSClient

from local.aws.resources import Clients
from local.aws.server import remember_names
from local.deployment.template import Template, load
from oo.bootstrap import aws_clients
from testing.patience import wait_for_aws
from tests.integration.aws.in_process_precompute import House

TEMPLATE = Path(__file__).parents[3] / "template.yaml"


@dataclass(frozen=True)
class Queue:
    """A queue for this test only."""

    client: SQSClient
    url: str

    def bodies(self) -> list[str]:
        """The bodies of all messages that are there, which are deleted."""
        bodies: list[str] = []
        while messages := self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(message["Body"])
                self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return bodies


@dataclass(frozen=True)
class Table:
    """A table for this test only, as in the template."""

    client: DynamoDBClient
    name: str


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    remember_names()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    # The first request of each kind loads moto's backend, for which the product's own clients may not wait.
    patient = Clients(url)
    patient.dynamodb.list_tables()
    patient.sqs.list_queues()
    yield url
    server.stop()


@pytest.fixture(scope="session")
def template(endpoint: str) -> Template:
    return load(TEMPLATE, aws_endpoint=endpoint)


@pytest.fixture
def table(endpoint: str, template: Template, monkeypatch: pytest.MonkeyPatch) -> Table:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    wait_for_aws(monkeypatch.setattr)
    client = aws_clients.table_for_records()
    name = f"outputs-{secrets.token_hex(4)}"
    client.create_table(**(template.tables["AgentOutputsTable"].definition | {"TableName": name}))
    return Table(client, name)


@pytest.fixture
def queue(endpoint: str, template: Template, monkeypatch: pytest.MonkeyPatch) -> Queue:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    wait_for_aws(monkeypatch.setattr)
    client = aws_clients.queue()
    attributes = template.queues["ComputeQueue"].attributes
    created = client.create_queue(QueueName=f"jobs-{secrets.token_hex(4)}", Attributes=attributes)  # type: ignore[arg-type]  # the template has SQS' own names
    return Queue(client, created["QueueUrl"])


@pytest.fixture(scope="session")
def clients(endpoint: str) -> Clients:
    return Clients(endpoint)


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    return boto3.Session()


@pytest.fixture
def house(
    endpoint: str, template: Template, clients: Clients, session: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    wait_for_aws(monkeypatch.setattr)
    house = House(template, clients, session, monkeypatch)
    yield house
    house.close()
