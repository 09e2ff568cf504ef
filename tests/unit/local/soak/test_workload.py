from collections import Counter
from datetime import UTC, datetime

import pytest

from local.soak import workload
from local.soak.workload import JOBS, SNAPSHOTS, in_tens
from oo.errors import InvalidMessage
from oo.precompute.messages import read_message

NOW = datetime(2026, 3, 13, tzinfo=UTC)


def test_the_same_seed_is_the_same_run() -> None:
    """A finding can be looked at again."""
    assert workload.make(20, seed=4) == workload.make(20, seed=4)
    assert workload.make(20, seed=4) != workload.make(20, seed=5)


def test_every_user_has_a_newest_snapshot_and_no_newer_message() -> None:
    """Everything else of a user is older, or the newest once more."""
    load = workload.make(200, seed=1)

    for message in load.messages:
        if message.user_id in load.newest:
            newest = read_message(load.newest[message.user_id], NOW).snapshot_version or 0
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


def test_times_are_wrong_in_every_way() -> None:
    """Versions of the far future and in seconds, moments ahead, rows that block, and snapshots that come back."""
    load = workload.make(500, seed=1)
    wrong = Counter(message.kind for message in load.messages if message.is_poison and "user-" in message.body)
    back = [message for message in load.messages if message.is_outdated]

    assert set(wrong) == {"a version from the far future", "a version in seconds", "a moment in 2099"}
    assert all(10 <= count <= 50 for count in wrong.values())
    assert {message.user_id.partition("-")[0] for message in back} == {"user", "gone"}
    assert {read_message(message.body, NOW).now_iso is None for message in back} == {True, False}
    assert 30 <= len(load.blocked) <= 80


def test_every_wrong_time_is_refused() -> None:
    """By the clock of any worker."""
    for message in workload.make(200, seed=1).messages:
        if message.is_poison and "user-" in message.body:
            with pytest.raises(InvalidMessage) as caught:
                read_message(message.body, NOW)
            assert caught.value.reason


def test_poison_is_of_many_kinds_for_both_queues() -> None:
    """A snapshot's poison is refused as a snapshot, or names an agent that is not here."""
    messages = workload.make(50, seed=1).messages
    poison = [message for message in messages if message.is_poison and "user-" not in message.body]

    assert Counter(message.queue for message in poison) == {SNAPSHOTS: 4, JOBS: 4}
    assert len({(message.queue, message.kind) for message in poison}) == 8
    assert len({message.body for message in poison}) == 8
    for message in poison:
        if message.queue == SNAPSHOTS and "agent" not in message.kind:
            with pytest.raises(InvalidMessage):
                read_message(message.body, NOW)


def test_batches_keep_the_order_and_the_queue() -> None:
    """Ten at most, each for one queue."""
    messages = workload.make(60, seed=2).messages

    batches = list(in_tens(messages))

    assert [message for _, batch in batches for message in batch] == messages
    assert all({message.queue for message in batch} == {queue} and len(batch) <= 10 for queue, batch in batches)
