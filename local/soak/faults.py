"""Fault injection inside a worker's process, and records of the calls of its AWS clients.

The rig copies this module into a folder as `sitecustomize`, which Python imports first, and puts the folder before the
layer (FUNCTION_PYTHONPATH). So the product's code is as deployed; the faults use botocore's own events.
"""

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PLAN = "plan.json"
WORKERS = ("PrecomputeFunction", "ComputeWorkerFunction")


@dataclass(frozen=True)
class Plan:
    """The rate of each fault: shares of calls, for `refused` of a batch's entries; a storm throttles every write.

    At each point of `killed_…` at most `most_deaths` workers are killed, however many calls a run makes.
    """

    seed: int = 0
    throttled: float = 0.0
    failed: float = 0.0
    refused: float = 0.0
    killed_before_write: float = 0.0
    killed_after_write: float = 0.0
    killed_before_send: float = 0.0
    killed_after_send: float = 0.0
    most_deaths: int = 1
    storm_every_s: float = 0.0
    storm_s: float = 0.0

    def save(self, folder: Path) -> None:
        """Write the plan into the folder of the workers."""
        (folder / PLAN).write_text(json.dumps(asdict(self)), encoding="utf-8")


class Faults:
    """Handlers of botocore's events.

    `note` records every action before it happens. `may_die` is called before a worker is killed at a point: workers
    share the number of deaths.
    """

    def __init__(
        self,
        plan: Plan,
        note: Callable[[dict[str, Any]], None],
        *,
        seed: str = "",
        clock: Callable[[], float] = time.time,
        kill: Callable[[], None] = lambda: os.kill(os.getpid(), signal.SIGKILL),
        may_die: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._plan = plan
        self._note = note
        self._random = random.Random(f"{plan.seed}-{seed}")  # noqa: S311  # faults want repeatable chance, not secrets
        self._clock = clock
        self._kill = kill
        self._may_die = may_die

    def handlers(self) -> list[tuple[str, Callable[..., Any]]]:
        """Botocore's events, each with its handler."""
        return [
            ("before-send.dynamodb.PutItem", self.before_write),
            ("after-call.dynamodb.PutItem", self.after_write),
            ("provide-client-params.sqs.SendMessageBatch", self.refuse_some),
            ("before-send.sqs.SendMessageBatch", self.before_send),
            ("after-call.sqs.SendMessageBatch", self.after_send),
        ]

    def before_write(self, request: Any, **_: object) -> Any:  # noqa: ANN401  # botocore's own types
        """Kill the worker, or answer a write instead of the table."""
        self._perhaps_die(self._plan.killed_before_write, "before a write")
        if self._is_stormy():
            return self._answer(request, 400, "ProvisionedThroughputExceededException", "throttled in a storm")
        if self._happens(self._plan.throttled):
            return self._answer(request, 400, "ThrottlingException", "throttled writes")
        if self._happens(self._plan.failed):
            return self._answer(request, 500, "InternalServerError", "failed writes")
        return None

    def after_write(self, **_: object) -> None:
        """Kill the worker after the table's response, before any report."""
        self._perhaps_die(self._plan.killed_after_write, "after a write")

    def refuse_some(self, params: dict[str, Any], context: dict[str, Any], **_: object) -> dict[str, Any]:
        """Withhold some entries of a batch from SQS, never all of them, which would be another fault."""
        entries = params["Entries"]
        refused = [entry for entry in entries[1:] if self._happens(self._plan.refused)]
        sent = [entry for entry in entries if entry not in refused]
        context["soak"] = (sent, refused)
        return {**params, "Entries": sent}

    def before_send(self, request: Any, **_: object) -> Any:  # noqa: ANN401  # botocore's own types
        """Kill the worker, or answer a batch instead of the queue."""
        self._perhaps_die(self._plan.killed_before_send, "before a fan-out's sending")
        if self._happens(self._plan.throttled):
            return self._answer(request, 400, "ThrottlingException", "throttled sendings")
        return None

    def after_send(self, parsed: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        """Record the jobs that SQS accepted, report the others as failed, and perhaps kill the worker."""
        if "Successful" not in parsed:
            return
        sent, refused = context["soak"]
        bodies = {entry["Id"]: json.loads(entry["MessageBody"]) for entry in sent}
        self._note({"jobs": [_job(taken["MessageId"], bodies[taken["Id"]]) for taken in parsed["Successful"]]})
        if refused:
            self._note({"fault": "jobs refused in a batch", "count": len(refused)})
            failed = [{"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"} for entry in refused]
            parsed["Failed"] = [*parsed.get("Failed", []), *failed]
        self._perhaps_die(self._plan.killed_after_send, "after a fan-out's sending")

    def _is_stormy(self) -> bool:
        return bool(self._plan.storm_every_s) and self._clock() % self._plan.storm_every_s < self._plan.storm_s

    def _happens(self, share: float) -> bool:
        return self._random.random() < share

    def _perhaps_die(self, share: float, moment: str) -> None:
        if self._happens(share) and self._may_die(moment):
            self._note({"fault": f"workers killed {moment}", "count": 1})
            self._kill()

    def _answer(self, request: Any, status: int, code: str, fault: str) -> Any:  # noqa: ANN401  # botocore's own types
        self._note({"fault": fault, "count": 1})
        return refusal(request.url, status, code)


def refusal(url: str, status: int, code: str) -> Any:  # noqa: ANN401  # botocore's own type
    """An AWS error response for a call."""
    return answer(url, status, {"__type": f"com.amazonaws#{code}", "message": "Injected"})


def answer(url: str, status: int, document: dict[str, Any]) -> Any:  # noqa: ANN401  # botocore's own type
    """An AWS response that was never sent over a network."""
    # Imported here: most functions of a sandbox make no client, and none should pay for one.
    from botocore.awsrequest import AWSResponse  # noqa: PLC0415

    body = json.dumps(document).encode()
    headers: Any = {"content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "injected"}
    return AWSResponse(url, status, headers, _Raw(body))


class _Raw:
    """A body in the form of urllib3."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def _job(message_id: str, body: dict[str, Any]) -> list[Any]:
    return [message_id, body["user_id"], body["agent_id"], body["snapshot_version"]]


def notes(folder: Path) -> Iterator[dict[str, Any]]:
    """All records of the workers of a folder."""
    for file in sorted(folder.glob("notes-*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def install(folder: Path) -> None:
    """Install the faults of the folder's plan in every client of this process."""
    from botocore import handlers  # noqa: PLC0415  # as above

    plan = Plan(**json.loads((folder / PLAN).read_text(encoding="utf-8")))
    # Written at once and without a buffer: the process may be about to die.
    file = os.open(folder / f"notes-{os.getpid()}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    faults = Faults(
        plan,
        lambda note: _write(file, note),
        seed=str(os.getpid()),
        may_die=lambda moment: takes_a_death(folder, moment, plan.most_deaths),
    )
    handlers.BUILTIN_HANDLERS.extend(faults.handlers())


def takes_a_death(folder: Path, moment: str, most: int) -> bool:
    """Take one of the deaths of that point, which all workers of the folder share; False if none is left."""
    for number in range(most):
        with suppress(FileExistsError):
            os.close(os.open(folder / f"death {moment} {number}", os.O_CREAT | os.O_EXCL, 0o600))
            return True
    return False


def _write(file: int, note: dict[str, Any]) -> None:
    os.write(file, f"{json.dumps(note)}\n".encode())


if __name__ == "sitecustomize" and os.environ.get("AWS_LAMBDA_FUNCTION_NAME") in WORKERS:
    install(Path(__file__).parent)
