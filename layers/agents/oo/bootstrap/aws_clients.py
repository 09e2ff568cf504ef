"""AWS clients with this service's timeouts and retries.

Importing boto3 takes longer than all other imports, so only the composition of a function that needs a client imports
this.
"""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

_USER_AGENT = f"Boto3/{boto3.__version__}"
"""Fixed: botocore builds its own again, twice per call, which takes a fifth of the call's processor time."""


def table_for_requests() -> "DynamoDBClient":
    """Client for requests that a caller waits for: two attempts of at most a second each, then no stored outputs."""
    return boto3.client("dynamodb", config=_config(read_timeout_s=1, attempts=2))


def table_for_records() -> "DynamoDBClient":
    """Client for queue records: under 8 s at worst."""
    return boto3.client("dynamodb", config=_config(read_timeout_s=2, attempts=3))


def table_of_circuit() -> "DynamoDBClient":
    """Client for a table that is read before each call to the model: 0.6 s at worst, then the call goes ahead."""
    return boto3.client("dynamodb", config=_config(connect_timeout_s=0.3, read_timeout_s=0.3, attempts=1))


def queue() -> "SQSClient":
    """The client of the workers' messages: at most 8 s per call."""
    return boto3.client("sqs", config=_config(read_timeout_s=2, attempts=3))


def queue_for_requests() -> "SQSClient":
    """Client for requests that a caller waits for: two attempts of at most a second each."""
    return boto3.client("sqs", config=_config(read_timeout_s=1, attempts=2))


def _config(*, read_timeout_s: float, attempts: int, connect_timeout_s: float = 1) -> Config:
    return Config(
        connect_timeout=connect_timeout_s,
        read_timeout=read_timeout_s,
        retries={"mode": "standard", "total_max_attempts": attempts},
        tcp_keepalive=True,
        user_agent=_USER_AGENT,
    )
