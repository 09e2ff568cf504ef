import json

import pytest

from oo.errors import JobsUnsent
from oo.precompute.job_queue import LARGEST_BYTES, JobQueue, message_text
from tests.integration.aws.conftest import Queue


def test_every_body_arrives_once(queue: Queue) -> None:
    """More jobs than a call carries arrive, each of them once."""
    bodies = [f"job {number}" for number in range(23)]

    JobQueue(queue.client, queue.url).send(bodies)

    assert sorted(queue.bodies()) == sorted(bodies)


def test_bodies_that_fill_a_call_arrive(queue: Queue) -> None:
    """Calls are cut by size before SQS would refuse them."""
    sizes = [LARGEST_BYTES, LARGEST_BYTES // 2, LARGEST_BYTES // 2, 1]

    JobQueue(queue.client, queue.url).send(["x" * size for size in sizes])

    assert sorted(len(body) for body in queue.bodies()) == sorted(sizes)


def test_text_in_any_script_arrives_unchanged(queue: Queue) -> None:
    """The worker reads the user's words unchanged."""
    title = "Łódź 🥖 \uffff \x07 \\ \" '<&>"

    JobQueue(queue.client, queue.url).send([message_text(json.dumps({"title": title}, ensure_ascii=False))])

    assert [json.loads(body) for body in queue.bodies()] == [{"title": title}]


def test_a_queue_that_is_not_there_takes_nothing(queue: Queue) -> None:
    """A wrong address fails the record instead of losing its jobs."""
    with pytest.raises(JobsUnsent, match="2 job"):
        JobQueue(queue.client, f"{queue.url}-gone").send(["a", "b"])
