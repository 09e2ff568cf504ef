"""A program for the functions' own Python: prints times of a built layer's workers as JSON; AWS responds at once.

Its arguments are the files with the handlers of the fan-out and of the compute worker.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from statistics import median
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

RUNS = 5
MOST_IN_BATCH = 10
"""The size of a batch in the template."""

TASKS = (1, 10, 100, 1_000, 2_000)
EVENTS = 60
"""The number of completions, and of feedback rows, for any number of tasks."""

_USER_ID = "user-7"
_NOW = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AGENT_OUTPUTS_TABLE": "outputs",
    "COMPUTE_QUEUE_URL": "http://127.0.0.1:1/1/jobs",
}


class _Context:
    """Lambda's context object."""

    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "benchmark"
    tenant_id = None

    def get_remaining_time_in_millis(self) -> int:
        """A minute, always."""
        return 60_000


class _Answers:
    """AWS's responses to the workers: each request succeeds, and sent jobs are collected."""

    def __init__(self) -> None:
        self.jobs: list[str] = []
        boto3.setup_default_session()
        events: Any = boto3.DEFAULT_SESSION
        events.events.register("before-send.dynamodb.PutItem", lambda request, **_: _answer(request.url, {}))
        events.events.register("before-send.sqs.SendMessageBatch", self._take)

    def _take(self, request: Any, **_: object) -> Any:  # noqa: ANN401  # botocore's own types
        entries = json.loads(request.body)["Entries"]
        self.jobs += [entry["MessageBody"] for entry in entries]
        return _answer(request.url, {"Successful": [{"Id": entry["Id"], "MessageId": "m"} for entry in entries]})


def main(fan_out_entry: str, compute_entry: str) -> None:
    """Print one object: the result of `_measure` by number of tasks."""
    with _environment(), open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123  # a device
        answers = _Answers()
        # Log lines and metrics are written, as in Lambda, but not to the output.
        with redirect_stdout(nowhere):
            fan_out, compute = _handler("fan_out", fan_out_entry), _handler("compute", compute_entry)
            rows = {str(size): _measure(size, answers, fan_out, compute) for size in TASKS}
    print(json.dumps(rows))


def _handler(name: str, entry: str) -> Handler:
    """The handler in a file. `name` is the module's name, as both handlers have the same."""
    spec = spec_from_file_location(name, entry)
    if spec is None or spec.loader is None:
        raise ImportError(entry)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    handler: Handler = module.handler
    return handler


def _measure(size: int, answers: _Answers, fan_out: Handler, compute: Handler) -> dict[str, float]:
    """Milliseconds: one snapshot's fan-out, reading it as JSON, all of its jobs, reading those; the number of jobs.

    `mixed_ms` is the time of the same jobs if each is of another user, so that a batch has nothing in common.
    """
    body = json.dumps(_snapshot(size))
    answers.jobs.clear()
    _run(fan_out, [body])
    jobs = list(answers.jobs)
    mixed = [job.replace(_USER_ID, f"{_USER_ID}-{number}", 1) for number, job in enumerate(jobs)]
    return {
        "fan_out_ms": _median_ms(lambda: _run(fan_out, [body])),
        "fan_out_json_ms": _median_ms(lambda: json.loads(body)),
        "jobs_ms": _median_ms(lambda: _run(compute, jobs)),
        "mixed_ms": _median_ms(lambda: _run(compute, mixed)),
        "jobs_json_ms": _median_ms(lambda: [json.loads(job) for job in jobs]),
        "jobs": len(jobs),
    }


def _run(handler: Handler, bodies: list[str]) -> None:
    """Handle the bodies in batches, as SQS delivers them."""
    for first in range(0, len(bodies), MOST_IN_BATCH):
        _run_batch(handler, bodies[first : first + MOST_IN_BATCH])


def _run_batch(handler: Handler, bodies: list[str]) -> None:
    records = [
        {
            "messageId": f"m{place}",
            "receiptHandle": "r",
            "body": body,
            "attributes": {"SentTimestamp": "1773307800000", "ApproximateReceiveCount": "1"},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
        }
        for place, body in enumerate(bodies)
    ]
    answer = handler({"Records": records}, _Context())
    if answer["batchItemFailures"]:
        raise RuntimeError("A record failed, so there is nothing to measure")


def _median_ms(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        taken.append((time.process_time() - started) * 1000)
    return max(median(taken), 1e-3)


def _snapshot(size: int) -> dict[str, Any]:
    """A user with `size` tasks, half of them with a date, some done."""
    tasks = [
        {
            "id": f"t{number}",
            "title": f"Task {number} of a usual length",
            "status": "done" if number % 5 == 4 else "open",
            "due_at": _moment(hours=number % 400 - 100) if number % 2 else None,
            "created_at": _moment(hours=-(number % 1500) - 1),
            "priority": number % 4 + 1,
            "estimate_minutes": (None, 5, 30, 90)[number % 4],
            "project_id": f"p{number % 12}",
        }
        for number in range(size)
    ]
    completions = [
        {
            "project_id": f"p{number % 12}",
            "completed_at": _moment(hours=-20 * number),
            "due_at": _moment(hours=-20 * number + 9),
        }
        for number in range(1, EVENTS + 1)
    ]
    feedback = [
        {
            "action": ("shown", "done", "dismissed")[number % 3],
            "dwell_ms": 3_000,
            "created_at": _moment(hours=-7 * number),
        }
        for number in range(1, EVENTS + 1)
    ]
    return {
        "user_id": _USER_ID,
        "tasks": tasks,
        "task_completions": completions,
        "feedback_history": feedback,
        "now_iso": _NOW.isoformat(),
        "timezone": "Europe/Berlin",
        "snapshot_version": int(_NOW.timestamp() * 1000),
    }


def _moment(*, hours: float) -> str:
    return (_NOW + timedelta(hours=hours)).isoformat()


def _answer(url: str, document: dict[str, Any]) -> Any:  # noqa: ANN401  # botocore's own type
    class Raw:
        def stream(self) -> Iterator[bytes]:
            yield json.dumps(document).encode()

    headers: Any = {"content-type": "application/x-amz-json-1.0"}
    return AWSResponse(url, 200, headers, Raw())


@contextmanager
def _environment() -> Iterator[None]:
    """Set the functions' environment variables during the block."""
    before = dict(os.environ)
    os.environ.update(_ENVIRONMENT)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    main(*sys.argv[1:])
