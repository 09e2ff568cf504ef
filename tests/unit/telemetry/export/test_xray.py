"""The documents that arrive on the port of X-Ray's daemon, out of a process that is set up as in Lambda."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from local.deployment.environment import ROOT
from testing.free_port import free_port
from tests.unit.telemetry.x_ray_calls import AGENTS, CANARY

ROOT_ID, SEGMENT_ID = "1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8"
SAMPLED = f"Root={ROOT_ID};Parent={SEGMENT_ID};Sampled=1;Lineage=1:a87bd80c:0"
NEXT = "Root=1-5759e989-000000000000000000000001;Parent=00000000000000aa;Sampled=1"
LARGEST_DOCUMENT_BYTES = 64 * 1024
"""By "X-Ray segment documents" of the X-Ray developer guide."""

Document = dict[str, Any]


class Daemon:
    """Stands for X-Ray's daemon: keeps the datagrams that reach its port."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.datagrams: list[bytes] = []
        self._thread = threading.Thread(target=self._receive)
        self._thread.start()

    def _receive(self) -> None:
        while datagram := self._socket.recv(1 << 17):
            self.datagrams.append(datagram)

    def close(self) -> None:
        """Read the received datagrams, and end."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    @property
    def documents(self) -> list[Document]:
        """Each datagram's document; its head has to be the protocol's own."""
        halves = [datagram.partition(b"\n") for datagram in self.datagrams]
        assert {head for head, _, _ in halves} <= {b'{"format":"json","version":1}'}
        return [json.loads(body) for _, _, body in halves]


@dataclass(frozen=True)
class Life:
    """A process' records, log and documents to the daemon."""

    answers: list[dict[str, int]]
    loaded: list[str]
    traces: list[dict[str, Any]]
    log: list[dict[str, Any]]
    errors: str
    documents: list[Document]
    largest_bytes: int

    def under(self, root_id: str) -> list[Document]:
        """The documents of one of X-Ray's traces."""
        return [document for document in self.documents if document["trace_id"] == root_id]


@contextmanager
def daemon() -> Iterator[Daemon]:
    running = Daemon()
    try:
        yield running
    finally:
        running.close()


def life(*calls: object, **environment: str) -> Life:
    """A process whose calls have these headers; without an address in `environment` it gets a daemon's."""
    with daemon() as listening:
        told = {"AWS_XRAY_DAEMON_ADDRESS": listening.address, "LAMBDA_TASK_ROOT": "/var/task"} | environment
        done = subprocess.run(
            [sys.executable, "-m", "tests.unit.telemetry.x_ray_calls"],
            cwd=ROOT,
            env={"PYTHONPATH": "layers/agents:.", "PYTHONDONTWRITEBYTECODE": "1", **told},
            input=json.dumps(calls),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    *lines, last = [json.loads(line) for line in done.stdout.splitlines()]
    log = [line for line in lines if "message" in line]
    largest = max(map(len, listening.datagrams), default=0)
    return Life(**last, log=log, errors=done.stderr, documents=listening.documents, largest_bytes=largest)


@pytest.fixture(scope="module")
def sampled() -> Life:
    """One call that X-Ray asked for."""
    return life(SAMPLED)


def test_every_span_arrives_once_under_its_own_id(sampled: Life) -> None:
    """A subsegment's id is the one that logs of stored outputs and MLflow name."""
    (trace,) = sampled.traces
    recorded = {span["span_id"]: span["parent_id"] or SEGMENT_ID for span in trace["spans"]}

    assert {document["id"]: document["parent_id"] for document in sampled.documents} == recorded
    assert len(sampled.documents) == len(recorded) == AGENTS + 5


def test_documents_belong_to_the_segment_of_the_header(sampled: Life) -> None:
    """The root hangs below the segment that Lambda opened, and everything is of its trace."""
    assert {(document["trace_id"], document["type"]) for document in sampled.documents} == {(ROOT_ID, "subsegment")}
    assert [d["name"] for d in sampled.documents if d["parent_id"] == SEGMENT_ID] == ["recommend"]


def test_times_are_those_of_the_spans(sampled: Life) -> None:
    """To the microsecond; nothing is still in progress."""
    times = {d["id"]: (d["start_time"], d["end_time"], d["in_progress"]) for d in sampled.documents}

    for span in sampled.traces[0]["spans"]:
        start_s, end_s, in_progress = times[span["span_id"]]
        assert start_s == pytest.approx(span["start_ns"] / 1e9, rel=0, abs=1e-6)
        assert end_s == pytest.approx(span["end_ns"] / 1e9, rel=0, abs=1e-6)
        assert not in_progress


def test_a_failed_span_is_a_fault_with_its_type(sampled: Life) -> None:
    """And only that one: the attempt after it went well."""
    faults = [(d["name"], d["annotations"]) for d in sampled.documents if d.get("fault")]

    assert faults == [("attempt", {"error_type": "ValueError"})]


def test_the_root_is_found_by_the_trace_id_of_the_log(sampled: Life) -> None:
    annotated = [(d["name"], d["annotations"]) for d in sampled.documents if "trace_id" in d.get("annotations", {})]

    assert annotated == [("recommend", {"trace_id": sampled.traces[0]["correlation_id"]})]


def test_names_are_ones_that_xray_takes(sampled: Life) -> None:
    """A name is cut, and a character that it cannot hold is replaced."""
    (long,) = [d["name"] for d in sampled.documents if d["name"].startswith("n")]

    assert long == ("n__" * 200)[:200]


def test_an_agent_of_a_callers_own_has_no_name(sampled: Life) -> None:
    """An agent's id that is not in the registry is a caller's text."""
    assert {d["name"] for d in sampled.documents if d["name"].startswith("agent:")} == {"agent:other"}


def test_nothing_of_a_prompt_or_a_user_is_sent(sampled: Life) -> None:
    """Neither as metadata nor as an annotation, nor in any other field."""
    assert CANARY not in json.dumps(sampled.documents)
    assert {field for document in sampled.documents for field in document} == {
        "id",
        "name",
        "start_time",
        "end_time",
        "in_progress",
        "parent_id",
        "trace_id",
        "type",
        "namespace",
        "annotations",
        "fault",
    }


def test_a_document_fits_into_a_datagram(sampled: Life) -> None:
    """For any number of spans and any content."""
    assert 0 < sampled.largest_bytes < LARGEST_DOCUMENT_BYTES / 10


def test_the_sdk_is_not_loaded_before_an_answer(sampled: Life) -> None:
    assert "aws_xray_sdk" not in sampled.loaded


def test_a_call_that_xray_did_not_ask_for_is_not_sent() -> None:
    """Calls before and after it are; each under the header that it came with."""
    unsampled = SAMPLED.replace("Sampled=1", "Sampled=0")
    undecided = SAMPLED.replace("Sampled=1", "Sampled=?")

    lived = life(NEXT, unsampled, undecided, None, "", "Root=;Parent=;Sampled=1", "gibberish", SAMPLED)

    assert [len(lived.under(root)) for root in ("1-5759e989-000000000000000000000001", ROOT_ID)] == [AGENTS + 5] * 2
    assert len(lived.documents) == 2 * (AGENTS + 5)
    assert (lived.log, lived.errors) == ([], "")


def test_spans_that_come_late_stay_with_their_own_call() -> None:
    """The next call's header may stand in the environment before they are sent."""
    lived = life([SAMPLED, NEXT])

    assert len(lived.under(ROOT_ID)) == len(lived.documents) == AGENTS + 5


@pytest.mark.parametrize(
    "environment",
    [{"POWERTOOLS_TRACE_DISABLED": "true"}, {"LAMBDA_TASK_ROOT": ""}, {"AWS_XRAY_SDK_ENABLED": "false"}],
    ids=lambda environment: next(iter(environment)),
)
def test_what_switches_tracing_off_switches_this_off(environment: dict[str, str]) -> None:
    """Powertools' own variable, a place that is not Lambda, and the SDK's own variable."""
    lived = life(SAMPLED, **environment)

    assert (lived.documents, lived.log, lived.errors) == ([], [], "")
    assert lived.answers == [{"statusCode": 200}]


def test_without_a_daemon_nothing_happens() -> None:
    """No daemon listens on the port: no error, no line in the log."""
    lived = life(SAMPLED, SAMPLED, AWS_XRAY_DAEMON_ADDRESS=f"127.0.0.1:{free_port()}")

    assert lived.answers == [{"statusCode": 200}] * 2
    assert (lived.log, lived.errors) == ([], "")


@pytest.mark.parametrize("address", ["nowhere", "127.0.0.1:0"])
def test_an_address_that_cannot_be_sent_to_is_told_once(address: str) -> None:
    """A line, and not the SDK's own with its traceback, however many documents it is about."""
    lived = life(SAMPLED, SAMPLED, AWS_XRAY_DAEMON_ADDRESS=address)

    assert lived.answers == [{"statusCode": 200}] * 2
    assert [(line["message"], line["level"], line["exporter"]) for line in lived.log] == [
        ("trace_export_failed", "WARNING", "x-ray")
    ]
    assert lived.errors == ""
