"""Faults of workers: as often as planned, noted before they happen, and read by botocore as AWS' own."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.soak import faults
from local.soak.faults import Faults, Plan
from oo.precompute.job_queue import JobQueue
from testing.for_each import for_each

URL = "http://127.0.0.1:1/1/Jobs"
QUICK = Config(retries={"mode": "standard", "total_max_attempts": 1})


class Worker:
    """Clients with faults in them; without one, every call would fail for want of a server."""

    def __init__(self, plan: Plan, *, time: float = 0.0, may_die: Callable[[str], bool] = lambda _: True) -> None:
        self.notes: list[dict[str, Any]] = []
        self.deaths = 0
        session = boto3.Session()
        planned = Faults(plan, self.notes.append, clock=lambda: time, kill=self._die, may_die=may_die)
        for event, handler in planned.handlers():
            session.events.register(event, handler)
        self.sqs = session.client("sqs", endpoint_url="http://127.0.0.1:1", config=QUICK)
        self.dynamodb = session.client("dynamodb", endpoint_url="http://127.0.0.1:1", config=QUICK)

    def write(self) -> str:
        """The error code of a failed write."""
        with pytest.raises(ClientError) as caught:
            self.dynamodb.put_item(TableName="t", Item={"user_id": {"S": "u"}})
        return str(caught.value.response["Error"]["Code"])

    def _die(self) -> None:
        self.deaths += 1


@for_each(
    ("plan", "time", "code", "fault"),
    [
        (Plan(throttled=1), 0.0, "ThrottlingException", "throttled writes"),
        (Plan(failed=1), 0.0, "InternalServerError", "failed writes"),
        (Plan(storm_every_s=10, storm_s=2), 21.9, "ProvisionedThroughputExceededException", "throttled in a storm"),
        (Plan(storm_every_s=10, storm_s=2, failed=1), 22.0, "InternalServerError", "failed writes"),
    ],
)
def test_a_refused_write_is_an_error_of_dynamodb(plan: Plan, time: float, code: str, fault: str) -> None:
    """By the code that DynamoDB itself would give; a storm has a beginning and an end."""
    worker = Worker(plan, time=time)

    assert worker.write() == code
    assert worker.notes == [{"fault": fault, "count": 1}]


def test_a_death_is_noted_before_it_comes() -> None:
    """Faults are recorded before they happen, because afterwards it is too late."""
    worker = Worker(Plan(killed_before_write=1, failed=1))

    worker.write()

    assert worker.deaths == 1
    assert worker.notes[0] == {"fault": "workers killed before a write", "count": 1}


def test_the_deaths_of_a_moment_are_shared(tmp_path: Path) -> None:
    """Among all workers of a run, so that a small run has as few as a large one for its size."""
    taken = [faults.takes_a_death(tmp_path, moment, 2) for moment in ("before", "before", "after", "before")]

    assert taken == [True, True, True, False]


def test_a_worker_lives_on_where_no_death_is_left() -> None:
    worker = Worker(Plan(killed_before_write=1, failed=1), may_die=lambda _: False)

    assert (worker.write(), worker.deaths) == ("InternalServerError", 0)
    assert [note["fault"] for note in worker.notes] == ["failed writes"]


def test_refused_entries_are_never_all_and_are_sent_again() -> None:
    """Each call keeps its first entry, so a batch of four takes as many calls; every job is noted once."""
    worker = Worker(Plan(refused=1))
    bodies = [json.dumps({"user_id": "u", "agent_id": str(place), "snapshot_version": 5}) for place in range(4)]

    def take(request: Any, **_: object) -> Any:
        entries = json.loads(request.body)["Entries"]
        taken = [
            {"Id": each["Id"], "MessageId": f"m{each['MessageBody'][29]}", "MD5OfMessageBody": ""} for each in entries
        ]
        return faults.answer(request.url, 200, {"Successful": taken})

    worker.sqs.meta.events.register("before-send.sqs.SendMessageBatch", take)
    worker.sqs.meta.events.unregister("after-call.sqs.SendMessageBatch", unique_id="validate-md5")
    JobQueue(worker.sqs, URL, sleep=lambda _: None).send(bodies)

    jobs = [job for note in worker.notes for job in note.get("jobs", [])]
    assert [job[1:] for job in jobs] == [["u", str(place), 5] for place in range(4)]
    assert [note["count"] for note in worker.notes if "fault" in note] == [3, 2, 1]


def test_a_share_is_a_share_of_calls() -> None:
    """One in ten, near enough, and the same ones for the same seed."""
    plan = Plan(seed=3, throttled=0.1)
    counts = []
    for _ in range(2):
        seen: Counter[str] = Counter()
        planned = Faults(plan, lambda note, seen=seen: seen.update([note["fault"]]))  # type: ignore[misc]
        request: Any = type("Request", (), {"url": URL})()
        for _ in range(2000):
            planned.before_write(request)
        counts.append(seen["throttled writes"])

    assert counts[0] == counts[1]
    assert 150 < counts[0] < 250


@pytest.mark.parametrize(("function", "handlers"), [("ComputeWorkerFunction", 5), ("RecommendFunction", 0)])
def test_only_workers_find_the_faults_when_they_start(tmp_path: Path, function: str, handlers: int) -> None:
    """Python imports the module under this name by itself, and every client made afterwards has them."""
    (tmp_path / "sitecustomize.py").write_text(Path(faults.__file__).read_text())
    Plan(failed=1).save(tmp_path)
    program = (
        "from botocore import handlers; print(sum('Faults' in str(each[1]) for each in handlers.BUILTIN_HANDLERS))"
    )
    environment = {"PYTHONPATH": str(tmp_path), "AWS_LAMBDA_FUNCTION_NAME": function}

    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert int(done.stdout) == handlers
