"""The table of agent outputs: partition key `user_id`, sort key `agent_id`, one item per pair.

Writes contain the version of their snapshot, and the table keeps the newest. So duplicates and reordering are harmless,
and a redelivery after a committed write changes nothing. A stored version in the future is not compared: any write
replaces it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from oo.contract.queues import Stale, Stored, StoredOutput
from oo.contract.shown_ids import shown_id
from oo.contract.snapshot import latest_version
from oo.contract.tips import StoredSnippet
from oo.errors import OutputTooLarge, StoreMisconfigured, StoreUnavailable
from oo.outputs.items import AttributeValue, encoded_bytes, from_item, to_item
from oo.validation.models import ValidationError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LARGEST_ITEM_BYTES = 350 * 1024
"""DynamoDB refuses items over 400 KB; the rest is margin."""

WITHDRAWAL_LASTS = timedelta(days=30)
"""Longer than any copy of an older job: a message may spend 14 days in each of the two dead-letter queues."""

JSON_FIELDS = ("signals_snapshot", "inferred_prefs")
"""The fields stored as JSON text, so that the agents' values are returned unchanged."""

_NEWER_ONLY = (
    "attribute_not_exists(snapshot_version) OR snapshot_version < :version OR snapshot_version > :latest_possible"
)
_MISCONFIGURED = {
    "AccessDeniedException",
    "ExpiredTokenException",
    "ResourceNotFoundException",
    "UnrecognizedClientException",
}
_READ_FIELDS = (
    "agent_id",
    "prompt_text",
    "computed_at",
    "expires_at",
    "agent_version",
    "trace_id",
    "span_id",
    "withdrawn",
)


class AgentOutputStore:
    """Every method raises StoreUnavailable, or StoreMisconfigured if only an operator can fix the cause."""

    def __init__(self, client: "DynamoDBClient", table: str, logger: Logger) -> None:
        self._client = client
        self._table = table
        self._logger = logger

    def put(self, output: StoredOutput, *, now: datetime) -> Stored | Stale:
        """Store an output unless one of the same or a newer snapshot is stored; `now` is the machine's clock.

        Raises OutputTooLarge, and ValueError for values that would not come back unchanged.
        """
        return self._put_newer(output.model_dump(), now)

    def withdraw(self, *, user_id: str, agent_id: str, snapshot_version: int, now: datetime) -> Stored | Stale:
        """Withdraw an output, unless one of the same or a newer snapshot is stored.

        A marker replaces it, so that an older job that arrives later cannot restore the output.
        """
        mark = {
            "user_id": user_id,
            "agent_id": agent_id,
            "snapshot_version": snapshot_version,
            "withdrawn": True,
            "ttl": int((now + WITHDRAWAL_LASTS).timestamp()),
        }
        return self._put_newer(mark, now)

    def read(self, user_id: str) -> list[StoredSnippet]:
        """All of a user's outputs, including expired ones.

        DynamoDB deletes late, and the receipt lists those that were left out. A row of another format is skipped and
        counted in the log.
        """
        snippets = []
        malformed: list[str] = []
        for row in self._rows(user_id, _READ_FIELDS):
            try:
                fields = from_item(row)
                if not fields.get("withdrawn"):
                    snippets.append(StoredSnippet.model_validate(fields))
            except (ValueError, ValidationError):
                malformed.append(shown_id(row["agent_id"]["S"]))
        if malformed:
            self._logger.warning("stored_outputs_malformed", rows=len(malformed), agent_ids=malformed)
        return snippets

    def forget(self, user_id: str) -> int:
        """Delete all rows of a user; returns their number. Jobs that are still queued store rows again."""
        rows = list(self._rows(user_id, ("user_id", "agent_id")))
        for row in rows:
            with _translated():
                self._client.delete_item(TableName=self._table, Key=dict(row))
        return len(rows)

    def _put_newer(self, fields: Mapping[str, Any], now: datetime) -> Stored | Stale:
        item = to_item(fields)
        if encoded_bytes(item) > LARGEST_ITEM_BYTES:
            raise OutputTooLarge(f"The output is over the limit of {LARGEST_ITEM_BYTES} bytes")
        with _translated():
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item=item,
                    ConditionExpression=_NEWER_ONLY,
                    ExpressionAttributeValues={
                        ":version": item["snapshot_version"],
                        ":latest_possible": {"N": str(latest_version(now))},
                    },
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except self._client.exceptions.ConditionalCheckFailedException as refusal:
                answer: Any = refusal.response
                return Stale(_version_of(answer.get("Item", {})))
        return Stored()

    def _rows(self, user_id: str, names: tuple[str, ...]) -> Iterator[Mapping[str, AttributeValue]]:
        """A user's items, page by page: DynamoDB ends a page at 1 MB."""
        start: dict[str, Any] = {}
        while True:
            with _translated():
                page = self._client.query(
                    TableName=self._table,
                    KeyConditionExpression="user_id = :user_id",
                    ExpressionAttributeValues={":user_id": {"S": user_id}},
                    ProjectionExpression=", ".join(names),
                    **start,
                )
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _version_of(row: Mapping[str, AttributeValue]) -> int | None:
    match row.get("snapshot_version"):
        case {"N": str(digits)} if digits.isdecimal():
            return int(digits)
    return None


@contextmanager
def _translated() -> Iterator[None]:
    """The client's errors as this service's own."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise (StoreMisconfigured if code in _MISCONFIGURED else StoreUnavailable)(code) from error
    except BotoCoreError as error:
        raise StoreUnavailable(type(error).__name__) from error
