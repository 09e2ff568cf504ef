"""AWS clients with this service's timeouts and retries.

Importing boto3 takes longer than all other imports, so only the composition of a function that needs a client imports
this.
"""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials
from botocore.session import get_session
from botocore.utils import ContainerMetadataFetcher

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

_CREDENTIALS = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
"""The variable that Lambda sets for sandboxes from a snapshot; without snapshots, variables hold the credentials."""

_USER_AGENT = f"Boto3/{boto3.__version__}"
"""Fixed: botocore builds its own again, twice per call, which takes a fifth of the call's processor time."""


def table_for_requests() -> "DynamoDBClient":
    """Client for requests that a caller waits for: two attempts of at most a second each, then no stored outputs."""
    client: DynamoDBClient = _client("dynamodb", _config(read_timeout_s=1, attempts=2))
    return client


def table_for_records() -> "DynamoDBClient":
    """Client for queue records: under 8 s at worst."""
    client: DynamoDBClient = _client("dynamodb", _config(read_timeout_s=2, attempts=3))
    return client


def table_of_circuit() -> "DynamoDBClient":
    """Client for a table that is read before each call to the model: 0.6 s at worst, then the call goes ahead."""
    client: DynamoDBClient = _client("dynamodb", _config(connect_timeout_s=0.3, read_timeout_s=0.3, attempts=1))
    return client


def queue() -> "SQSClient":
    """The client of the workers' messages: at most 8 s per call."""
    client: SQSClient = _client("sqs", _config(read_timeout_s=2, attempts=3))
    return client


def queue_for_requests() -> "SQSClient":
    """Client for requests that a caller waits for: two attempts of at most a second each."""
    client: SQSClient = _client("sqs", _config(read_timeout_s=1, attempts=2))
    return client


def secrets() -> Any:  # noqa: ANN401  # no type stubs of Secrets Manager are installed
    """Client for secrets that a caller waits for: two attempts of at most two seconds each."""
    return _client("secretsmanager", _config(read_timeout_s=1, attempts=2))


def _client(service: str, config: Config) -> Any:  # noqa: ANN401  # each caller knows its service
    make: Any = _deferred_session().client if _CREDENTIALS in os.environ else boto3.client
    return make(service, config=config)


@cache
def _deferred_session() -> boto3.Session:
    """A session that reads credentials with its first request.

    Under SnapStart, boto3 reads them from an address when it creates a client. That is before the snapshot, from which
    any number of sandboxes start later.
    """
    session = get_session()
    session.register_component("credential_provider", CredentialResolver([_SnapshotCredentials()]))
    return boto3.Session(botocore_session=session)


class _SnapshotCredentials(CredentialProvider):
    METHOD = "container-role"

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(_fetched_credentials, self.METHOD)


def _fetched_credentials() -> dict[str, str]:
    headers = {"Authorization": os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")}
    answer = ContainerMetadataFetcher().retrieve_full_uri(os.environ[_CREDENTIALS], headers)
    return {
        "access_key": answer["AccessKeyId"],
        "secret_key": answer["SecretAccessKey"],
        "token": answer["Token"],
        "expiry_time": answer["Expiration"],
    }


def _config(*, read_timeout_s: float, attempts: int, connect_timeout_s: float = 1) -> Config:
    return Config(
        connect_timeout=connect_timeout_s,
        read_timeout=read_timeout_s,
        retries={"mode": "standard", "total_max_attempts": attempts},
        tcp_keepalive=True,
        user_agent=_USER_AGENT,
        # Every parameter is this service's own, and AWS checks it too: a twentieth of the instructions of a small job.
        parameter_validation=False,
    )
