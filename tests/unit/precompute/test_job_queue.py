import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from oo.errors import JobsUnsent
from oo.precompute.job_queue import LARGEST_BYTES, MOST_IN_BATCH, JobQueue, batches, message_text
from testing.for_each import for_each

URL = "http://127.0.0.1/queue"


class Queue:
    """A queue with a test's planned answers, and the waits between its calls."""

    def __init__(self, fraction: float = 1.0) -> None:
        client = boto3.client("sqs")
        self.waits: list[float] = []
        self.answers = Stubber(client)
        self.answers.activate()
        self.jobs = JobQueue(client, URL, sleep=self.waits.append, fraction=lambda: fraction)

    def plan(self, bodies: list[str], refused: tuple[int, ...] = ()) -> None:
        """Expect one call with these bodies, of which SQS refuses some by their places."""
        entries = [{"Id": str(place), "MessageBody": body} for place, body in enumerate(bodies)]
        taken = [
            {"Id": str(place), "MessageId": "m", "MD5OfMessageBody": "m"}
            for place in range(len(bodies))
            if place not in refused
        ]
        failed = [{"Id": str(place), "SenderFault": False, "Code": "InternalError"} for place in refused]
        answer: dict[str, Any] = {"Successful": taken, "Failed": failed}
        self.answers.add_response("send_message_batch", answer, {"QueueUrl": URL, "Entries": entries})


@pytest.fixture
def queue() -> Queue:
    return Queue()


def test_what_was_refused_is_sent_again_and_nothing_else(queue: Queue) -> None:
    """A call that succeeds may have failed for some of its messages."""
    queue.plan(["a", "b", "c", "d"], refused=(1, 3))
    queue.plan(["b", "d"], refused=(0,))
    queue.plan(["b"])

    queue.jobs.send(["a", "b", "c", "d"])

    queue.answers.assert_no_pending_responses()
    assert queue.waits == [0.1, 0.2]


def test_the_wait_is_any_fraction_of_its_ceiling() -> None:
    """Full jitter: the random fraction scales the whole wait."""
    queue = Queue(fraction=0.25)
    queue.plan(["a"], refused=(0,))
    queue.plan(["a"], refused=(0,))
    queue.plan(["a"])

    queue.jobs.send(["a"])

    assert queue.waits == [0.025, 0.05]


def test_what_is_refused_to_the_end_is_counted(queue: Queue) -> None:
    """After three repetitions the rest counts as unsent, with the batches that were not begun."""
    batch = [str(number) for number in range(10)]
    queue.plan(batch, refused=(2, 4))
    queue.plan(["2", "4"], refused=(0, 1))
    queue.plan(["2", "4"], refused=(1,))
    queue.plan(["4"], refused=(0,))

    with pytest.raises(JobsUnsent) as caught:
        queue.jobs.send([*batch, "10", "11"])

    queue.answers.assert_no_pending_responses()
    assert caught.value.unsent == 3


def test_a_call_that_fails_leaves_everything_after_it_unsent(queue: Queue) -> None:
    """Bodies that were taken before stay sent."""
    batch = [str(number) for number in range(10)]
    queue.plan(batch)
    queue.answers.add_client_error("send_message_batch", "AWS.SimpleQueueService.NonExistentQueue")

    with pytest.raises(JobsUnsent, match="2 job"):
        queue.jobs.send([*batch, "10", "11"])


def test_an_unreachable_queue_leaves_everything_unsent(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's own errors mean unsent, too."""

    def unreachable(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url=URL)

    monkeypatch.setattr(queue.answers.client, "send_message_batch", unreachable)

    with pytest.raises(JobsUnsent, match="1 job"):
        queue.jobs.send(["a"])


def test_nothing_to_send_makes_no_call(queue: Queue) -> None:
    """No call is planned here, so one would fail."""
    queue.jobs.send([])


def test_eleven_small_bodies_take_two_calls(queue: Queue) -> None:
    """Ten messages is the most that one call carries."""
    queue.plan(["x"] * 10)
    queue.plan(["x"])

    queue.jobs.send(["x"] * 11)

    queue.answers.assert_no_pending_responses()


@for_each(
    ("sizes", "grouped"),
    [
        ([LARGEST_BYTES], [1]),
        ([LARGEST_BYTES, 1], [1, 1]),
        ([LARGEST_BYTES - 1, 1], [2]),
        ([LARGEST_BYTES // 2] * 3, [2, 1]),
        ([1] * 10, [10]),
        ([1] * 21, [10, 10, 1]),
        ([], []),
    ],
)
def test_a_batch_ends_at_ten_messages_or_a_mebibyte(sizes: list[int], grouped: list[int]) -> None:
    """Both limits of a call hold together."""
    assert [len(batch) for batch in batches(["x" * size for size in sizes])] == grouped


def test_size_is_counted_in_bytes() -> None:
    """Two texts that fit as characters do not fit as UTF-8."""
    half = "é" * (LARGEST_BYTES // 4 + 1)

    assert [len(batch) for batch in batches([half, half])] == [1, 1]


@given(sizes=st.lists(st.integers(1, LARGEST_BYTES), max_size=25))
def test_batches_keep_every_body_in_order_within_the_limits(sizes: list[int]) -> None:
    """At any sizes, nothing is lost, reordered or over a limit."""
    bodies = ["x" * size for size in sizes]

    grouped = list(batches(bodies))

    assert [body for batch in grouped for body in batch] == bodies
    assert all(len(batch) <= MOST_IN_BATCH and sum(map(len, batch)) <= LARGEST_BYTES for batch in grouped)


@for_each("title", ["\ufffe", "\uffff", "a\x01b", "\x7f", "Łódź 🥖", '\\"'])
def test_a_message_holds_only_characters_that_sqs_takes(title: str) -> None:
    """JSON may hold characters that XML may not; escaped, they come back as they were."""
    text = message_text(json.dumps({"title": title}, ensure_ascii=False))

    assert json.loads(text) == {"title": title}
    assert not [character for character in text if character < " " or character in "\ufffe\uffff"]
