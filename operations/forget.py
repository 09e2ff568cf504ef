"""`make forget USER=…`: everything that is stored about one user is deleted.

That is the rows of the table, and whatever lies in the dead-letter queues, from where it could be sent again.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from oo.errors import StoreMisconfigured, StoreUnavailable
from oo.outputs.store import AgentOutputStore
from oo.telemetry.logs import make_logger
from operations.places import (
    NotPossible,
    Queue,
    dead_letter_queue,
    find_queue,
    one_sentence,
    physical_name,
    queue_client,
    table_client,
)

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

_QUEUES = ("PrecomputeQueue", "ComputeQueue")
_IN_HAND_S = 120
_LONG_POLL_S = 1
_WAITING: tuple["QueueAttributeNameType", ...] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)


def forget_dead_letters(client: "SQSClient", queue: Queue, user_id: str) -> int:
    """Delete a user's messages of a dead-letter queue; how many. Those of others are as they were afterwards."""
    kept: list[str] = []
    count = 0
    try:
        while True:
            messages = client.receive_message(
                QueueUrl=queue.url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=_IN_HAND_S,
                WaitTimeSeconds=_LONG_POLL_S,
            ).get("Messages", [])
            if not messages:
                return count
            for message in messages:
                if _is_about(message["Body"], user_id):
                    client.delete_message(QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])
                    count += 1
                else:
                    kept.append(message["ReceiptHandle"])
    finally:
        for receipt in kept:
            client.change_message_visibility(QueueUrl=queue.url, ReceiptHandle=receipt, VisibilityTimeout=0)


def _is_about(body: str, user_id: str) -> bool:
    """Whether a message names the user; a body that cannot be read is searched for the id as JSON would write it."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return json.dumps(user_id) in body or json.dumps(user_id, ensure_ascii=False) in body
    return isinstance(fields, dict) and fields.get("user_id") == user_id


def messages_waiting(client: "SQSClient", queue: Queue) -> int:
    """Messages of all users that no worker has finished, as far as SQS knows."""
    counts = client.get_queue_attributes(QueueUrl=queue.url, AttributeNames=_WAITING)["Attributes"]
    return sum(int(counts[name]) for name in _WAITING)


def main(arguments: Sequence[str] | None = None) -> None:
    """Delete, and say how much it was."""
    parser = argparse.ArgumentParser(prog="make forget", description="Delete everything that is stored about a user.")
    parser.add_argument("user", metavar="USER", help="the user's id")
    parser.add_argument("--table", default="AgentOutputsTable", help="the table of outputs (%(default)s)")
    parser.add_argument("--stack", help="the stack that the table and the queues are part of")
    chosen = parser.parse_args(arguments)
    if not chosen.user:
        parser.error("USER is empty")
    with one_sentence():
        client = queue_client()
        queues = [find_queue(client, physical_name(name, chosen.stack)) for name in _QUEUES]
        rows = _forget_rows(physical_name(chosen.table, chosen.stack), chosen.user)
        letters = sum(forget_dead_letters(client, dead_letter_queue(client, queue), chosen.user) for queue in queues)
        print(f"{rows} stored outputs and {letters} dead letters of {chosen.user} are gone.")
        waiting = sum(messages_waiting(client, queue) for queue in queues)
        if waiting:
            print(
                f"{waiting} messages are still being worked on: if one is about {chosen.user}, its outputs will be"
                " stored anew, so say this again when the queues are empty.",
                file=sys.stderr,
            )


def _forget_rows(table: str, user_id: str) -> int:
    try:
        return AgentOutputStore(table_client(), table, make_logger()).forget(user_id)
    except StoreMisconfigured as error:
        raise NotPossible(f"The table {table} is not here, or may not be used; say STACK=… for a stack's.") from error
    except StoreUnavailable as error:
        raise NotPossible(f"{error}.") from error


if __name__ == "__main__":
    main()
