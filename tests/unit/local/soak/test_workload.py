from collections import Counter

import pytest

from local.soak import workload
from local.soak.run import _in_tens
from local.soak.workload import JOBS, SNAPSHOTS
from oo.errors import InvalidMessage
from oo.precompute.messages import read_message


def test_the_same_seed_is_the_same_run() -> None:
    """What a run found can be looked at again."""
    assert workload.make(20, seed=4) == workload.make(20, seed=4)
    assert workload.make(20, seed=4) != workload.make(20, seed=5)


def test_every_user_has_a_newest_snapshot_and_no_newer_message() -> None:
    """Everything else of a user is older, or the newest once more."""
    load = workload.make(200, seed=1)

    for message in load.messages:
        if message.user_id:
            newest = read_message(load.newest[message.user_id]).snapshot_version or 0
            assert (message.version == newest) is ("newest" in message.kind)
            assert message.version <= newest
    assert Counter(message.user_id for message in load.messages if message.kind == "newest") == Counter(
        load.newest.keys()
    )


def test_messages_come_twice_too_late_and_within_a_second() -> None:
    """A tenth of the users or so, each; some of the older ones are sent after the newest."""
    load = workload.make(500, seed=1)
    kinds = Counter(message.kind for message in load.messages)
    place = {message.user_id: place for place, message in enumerate(load.messages) if message.kind == "newest"}
    late = [
        message
        for position, message in enumerate(load.messages)
        if message.kind.startswith("older") and position > place[message.user_id]
    ]

    assert all(30 <= kinds[kind] <= 120 for kind in ("the newest once more", "older", "older by less than a second"))
    assert len(late) >= 30


def test_poison_is_of_many_kinds_for_both_queues() -> None:
    """A snapshot's poison is refused as a snapshot, or names an agent that is not here."""
    poison = [message for message in workload.make(50, seed=1).messages if message.is_poison]

    assert Counter(message.queue for message in poison) == {SNAPSHOTS: 4, JOBS: 4}
    assert len({(message.queue, message.kind) for message in poison}) == 8
    assert len({message.body for message in poison}) == 8
    for message in poison:
        if message.queue == SNAPSHOTS and "agent" not in message.kind:
            with pytest.raises(InvalidMessage):
                read_message(message.body)


def test_batches_keep_the_order_and_the_queue() -> None:
    """Ten at most, each for one queue."""
    messages = workload.make(60, seed=2).messages

    batches = list(_in_tens(messages))

    assert [message for _, batch in batches for message in batch] == messages
    assert all({message.queue for message in batch} == {queue} and len(batch) <= 10 for queue, batch in batches)
