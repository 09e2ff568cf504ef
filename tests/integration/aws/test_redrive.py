"""Dead letters go back: none is lost, none is lost sight of, and none makes an old state new."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from local.soak.workload import JOBS, SNAPSHOTS
from operations import redrive
from operations.aws_lookup import NotPossible, QueueAddress, dead_letter_queue
from operations.redrive import Redrive, dated
from tests.integration.aws.in_process_precompute import AGENTS, House
from tests.integration.aws.snapshots import snapshot

LATER = datetime(2099, 1, 1, tzinfo=UTC)
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def queue(house: House, name: str) -> QueueAddress:
    return QueueAddress(house.queues[name].name, house.queues[name].url)


def put_dead(house: House, name: str, body: object, **attributes: Any) -> str:
    """Let a message be a dead letter."""
    letters = dead_letter_queue(house.sqs, queue(house, name))
    text = body if isinstance(body, str) else json.dumps(body)
    return house.sqs.send_message(QueueUrl=letters.url, MessageBody=text, MessageAttributes=attributes)["MessageId"]


def move(house: House, name: str, now: datetime = LATER) -> list[redrive.Moved]:
    source = queue(house, name)
    return list(Redrive(house.sqs, source, dead_letter_queue(house.sqs, source), long_poll_s=0).run(now))


def test_a_snapshot_without_a_version_goes_back_with_that_of_its_sending(house: House) -> None:
    """So a newer one that was stored meanwhile stays, however late the old one comes."""
    old = snapshot(open_tasks=0)
    del old["snapshot_version"]
    put_dead(house, SNAPSHOTS, old)
    newest = snapshot(version=int(datetime.now(UTC).timestamp() * 1000) + 1000)
    house.send(SNAPSHOTS, newest)
    house.drain()

    (moved,) = move(house, SNAPSHOTS)
    house.drain()

    assert moved.dated
    assert {job.version for job in house.jobs.values()} == {newest["snapshot_version"], moved.sent_ms}
    assert house.judge(newest).outputs == {"newest": len(AGENTS)}


def test_everything_else_goes_back_as_it_was(house: House) -> None:
    """Body and attributes, to the letter; a job's version is its fan-out's."""
    text = '{ "user_id":"Łódź", "agent_id": "quick-win", "ratio": 1.0 }'
    put_dead(house, JOBS, text, traceparent={"DataType": "String", "StringValue": TRACEPARENT})

    (moved,) = move(house, JOBS)

    (message,) = house.sqs.receive_message(QueueUrl=queue(house, JOBS).url, MessageAttributeNames=["All"])["Messages"]
    assert (message["Body"], moved.dated) == (text, False)
    assert message["MessageAttributes"]["traceparent"]["StringValue"] == TRACEPARENT
    assert house.dead(JOBS) == []


def test_more_than_a_handful_are_moved(house: House) -> None:
    """Until the dead-letter queue is empty."""
    sent = [put_dead(house, JOBS, f"poison {number}") for number in range(23)]

    assert sorted(moved.message_id for moved in move(house, JOBS)) == sorted(sent)
    assert house.dead(JOBS) == []


def test_what_came_back_meanwhile_is_left_for_the_next_time(house: House) -> None:
    """Poison that is redriven is a dead letter again; the same run does not send it round once more."""
    put_dead(house, JOBS, "poison")

    assert move(house, JOBS, now=datetime(2020, 1, 1, tzinfo=UTC)) == []
    assert [letter.body for letter in house.dead(JOBS)] == ["poison"]


class _Crashing:
    """A client that dies at the first deleting, long enough ago for the message to be there again."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def delete_message(self, **request: Any) -> None:
        self._client.change_message_visibility(**request, VisibilityTimeout=0)
        raise KeyboardInterrupt


def test_a_crash_between_sending_and_deleting_doubles_a_message_and_loses_none(house: House) -> None:
    """It is sent and still there; moved again it is done twice, which ends like done once."""
    put_dead(house, SNAPSHOTS, snapshot())
    source = queue(house, SNAPSHOTS)
    crashing: Any = _Crashing(house.sqs)
    with pytest.raises(KeyboardInterrupt):
        list(Redrive(crashing, source, dead_letter_queue(house.sqs, source), long_poll_s=0).run(LATER))
    assert len(house.dead(SNAPSHOTS)) == 1

    assert len(move(house, SNAPSHOTS)) == 1
    house.drain()

    verdict = house.judge(snapshot())
    assert (verdict.breaches, house.dead(SNAPSHOTS)) == ([], [])
    assert verdict.jobs == {"stored": len(AGENTS), "repeated": len(AGENTS)}


def test_each_message_waits_for_its_turn(house: House) -> None:
    """The rate is kept before each message, not after a batch."""
    for number in range(3):
        put_dead(house, JOBS, f"poison {number}")
    waits: list[int] = []
    source = queue(house, JOBS)

    moving = Redrive(
        house.sqs, source, dead_letter_queue(house.sqs, source), wait=lambda: waits.append(1), long_poll_s=0
    ).run(LATER)

    assert [len(waits) for _ in moving] == [1, 2, 3]


def test_a_snapshot_that_has_no_room_for_a_version_stays(house: House) -> None:
    """It is named when everything else is through."""
    body = {"user_id": "u", "note": ""}
    body["note"] = "x" * (1024 * 1024 - len(json.dumps(body)))
    large = put_dead(house, SNAPSHOTS, body)
    put_dead(house, SNAPSHOTS, {"user_id": "u"})

    source = queue(house, SNAPSHOTS)
    moving: Iterator[redrive.Moved] = Redrive(
        house.sqs, source, dead_letter_queue(house.sqs, source), long_poll_s=0
    ).run(LATER)
    assert next(moving).dated
    with pytest.raises(NotPossible, match=large):
        next(moving)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{}", '{"snapshot_version":7}'),
        ('{"a": 1.0}', '{"a": 1.0,"snapshot_version":7}'),
        ('{"a": "}"}  ', '{"a": "}","snapshot_version":7}'),
        ('{"snapshot_version": null}', '{"snapshot_version": null,"snapshot_version":7}'),
        ('{"snapshot_version": 5}', '{"snapshot_version": 5}'),
        ('{"snapshot_version": "later"}', '{"snapshot_version": "later"}'),
        ("[]", "[]"),
        ("{", "{"),
        ("", ""),
        ("[" * 100_000, "[" * 100_000),
    ],
    ids=lambda text: text[:30],
)
def test_only_an_object_without_a_version_is_given_one(body: str, expected: str) -> None:
    """Nothing else of it changes, and a null reads as the version behind it."""
    assert dated(body, 7) == expected
    if expected.endswith("7}"):
        assert json.loads(expected)["snapshot_version"] == 7


def test_the_command_says_what_it_moved(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """A line a message, and how many."""
    message_id = put_dead(house, SNAPSHOTS, {"user_id": "u"})

    redrive.main([house.queues[SNAPSHOTS].name, "--rate", "1000"])

    said = capsys.readouterr()
    assert said.out.startswith(f"{message_id}  sent 20")
    assert "snapshot_version" in said.out
    assert said.err.startswith("1 of ")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("no-such-queue", "Queue no-such-queue was not found"), ("PrecomputeDeadLetterQueue", "has no dead-letter")],
)
def test_a_queue_that_cannot_be_redriven_is_one_sentence(house: House, name: str, sentence: str) -> None:
    """It says which name is wanted."""
    given = house.queues[name].name if name in house.queues else name

    with pytest.raises(SystemExit, match=sentence):
        redrive.main([given])
