"""`make forget USER=…`: delete the data of one user in all reachable places.

These are the rows of the table, the messages in the dead-letter queues, which could be redriven, and the traces in
MLflow with their assessments. A failure in one place does not stop the others.
"""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commands.program import needed, program, variable
from oo.bootstrap.pseudonyms import key_source
from oo.bootstrap.settings import PseudonymSettings, TraceSettings
from oo.contract.shown_ids import hashed
from oo.errors import ConfigError, StoreMisconfigured, StoreUnavailable
from oo.outputs.store import AgentOutputStore
from oo.telemetry.logs import make_logger
from operations.aws_lookup import (
    IN_THE_WAY,
    NotPossible,
    QueueAddress,
    dead_letter_queue,
    find_queue,
    physical_name,
    queue_client,
    sentence,
    table_client,
)
from operations.dead_letters import DeadLetters
from operations.traces import Traces

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

QUEUES = ("PrecomputeQueue", "ComputeQueue", "FeedbackQueue")
_IN_HAND_S = 120
LONG_POLL_S = 1
_WAITING: tuple["QueueAttributeNameType", ...] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)
MESSAGES_WAIT = 3
"""The exit status if everything is deleted, but waiting messages may store it again."""


@dataclass(slots=True)
class Forgotten:
    """Deleted items, by their name for the operator, and the remaining steps."""

    counts: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    waiting: int = 0

    def attempt(self, name: str, delete: Callable[[], int]) -> None:
        """Delete from one place, or note the failure."""
        try:
            self.counts[name] = self.counts.get(name, 0) + delete()
        except IN_THE_WAY as problem:
            self.failures.append(sentence(problem))


def forget_dead_letters(
    client: "SQSClient", queue: QueueAddress, user_id: str, *, long_poll_s: int = LONG_POLL_S
) -> int:
    """Delete a user's messages of a dead-letter queue; returns their number. Messages of others are unchanged."""
    return DeadLetters(client, queue, in_hand_s=_IN_HAND_S, long_poll_s=long_poll_s).forget(user_id)


def messages_waiting(client: "SQSClient", queue: QueueAddress) -> int:
    """Messages of all users that no worker has finished, as far as SQS knows."""
    return _counted(client, queue, _WAITING)


@program("forget")
@needed("USER", example="user-7", help="the user's id")
@variable("TABLE", default="AgentOutputsTable", help="the table of outputs")
@variable("STACK", help="the stack that the table and the queues are part of")
def main(user: str, table: str, stack: str, *, queues: Sequence[str] = QUEUES, long_poll_s: int = LONG_POLL_S) -> None:
    """Delete the stored data of a user; ends with 1 if a place failed, with 3 if messages are waiting.

    `queues` are the names of those whose dead letters are searched, each for `long_poll_s`.
    """
    forgotten = Forgotten()
    # Messages are counted first: a worker may finish one, and store an output, after the rows are deleted.
    forgotten.attempt(
        "dead letters",
        lambda: _forget_letters(forgotten, user, [physical_name(name, stack) for name in queues], long_poll_s),
    )
    forgotten.attempt("stored outputs", lambda: _forget_rows(table, stack, user))
    pseudonyms = _pseudonyms(forgotten, user)
    _forget_traces(forgotten, pseudonyms)
    _say(forgotten, user, pseudonyms)


def _say(forgotten: Forgotten, user_id: str, pseudonyms: Sequence[str]) -> None:
    counts = [f"{forgotten.counts[name]} {name}" for name in sorted(forgotten.counts, reverse=True)]
    if counts:
        *first, last = counts
        print(f"{', '.join(first)}{' and ' if first else ''}{last} of {user_id} are deleted.")
    print(
        "Not deleted: messages that are still in queues, backups of the table (35 days), log lines (until"
        f" LogRetentionDays), and the proxy's spend log, which has the user as {' or '.join(pseudonyms)}."
    )
    if forgotten.failures:
        sys.exit("\n".join(dict.fromkeys(forgotten.failures)))
    if forgotten.waiting:
        print(
            f"{forgotten.waiting} messages are still in the queues. Their results may store data of {user_id} again:"
            " run the command again when the queues are empty.",
            file=sys.stderr,
        )
        sys.exit(MESSAGES_WAIT)


def _forget_letters(forgotten: Forgotten, user: str, names: Sequence[str], long_poll_s: int) -> int:
    client = queue_client()
    queues = [find_queue(client, name) for name in names]
    dead = [dead_letter_queue(client, queue) for queue in queues]
    # A dead letter that another consumer has received cannot be read.
    in_hand = sum(_counted(client, queue, _WAITING[1:]) for queue in dead)
    before = sum(messages_waiting(client, queue) for queue in queues)
    count = sum(forget_dead_letters(client, queue, user, long_poll_s=long_poll_s) for queue in dead)
    after = sum(messages_waiting(client, queue) for queue in queues)
    forgotten.waiting = max(before, after) + in_hand
    return count


def _counted(client: "SQSClient", queue: QueueAddress, names: Sequence["QueueAttributeNameType"]) -> int:
    counts = client.get_queue_attributes(QueueUrl=queue.url, AttributeNames=names)["Attributes"]
    return sum(int(counts[name]) for name in names)


def _forget_rows(name: str, stack: str, user_id: str) -> int:
    table = physical_name(name, stack)
    try:
        return AgentOutputStore(table_client(), table, make_logger()).forget(user_id)
    except StoreMisconfigured as error:
        raise NotPossible(
            f"Table {table} was not found, or access was denied. For a stack's table, give STACK=…."
        ) from error
    except StoreUnavailable as error:
        raise NotPossible(f"{error}.") from error


def _pseudonyms(forgotten: Forgotten, user_id: str) -> list[str]:
    """The pseudonyms with the current key, if there is one, and without a key."""
    key = key_source(PseudonymSettings.from_environment(os.environ))
    names = [hashed(user_id)]
    if key is not None:
        try:
            names.insert(0, hashed(user_id, key()))
        except ConfigError as error:
            forgotten.failures.append(f"{error}: data under its pseudonyms were not searched.")
    return names


def _forget_traces(forgotten: Forgotten, pseudonyms: Sequence[str]) -> None:
    try:
        settings = TraceSettings.from_environment(os.environ)
    except ConfigError as error:
        forgotten.failures.append(f"{error}: MLflow's traces were not searched.")
        return
    if not settings.mlflow_tracking_uri:
        print("No traces were looked for: MLFLOW_TRACKING_URI is not set.")
        return

    def forget() -> int:
        gone = Traces(settings).forget(pseudonyms)
        forgotten.counts["assessments"] = gone.assessments
        return gone.traces

    forgotten.attempt("traces", forget)


if __name__ == "__main__":
    main()
