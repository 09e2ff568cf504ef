"""Ends of the wires by which traces leave: an MLflow server that takes everything, and a daemon of X-Ray."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from testing.raw_server import Connection, response, serving

EXPERIMENT = json.dumps({"experiment": {"experiment_id": "7", "lifecycle_stage": "active"}}).encode()
LARGEST_DATAGRAM = 65_536
NEVER, LATE, DOWN = ("1", "2", "3")
"""First digits of serve ids: the trace never lands, it is asked for too early, its server is down for a moment."""

_ASSESSED = re.compile(rb"/traces/tr-(?P<serve_id>(?P<kind>.)[0-9a-f]{31})/assessments$")
_PAUSE_S = 0.2


@dataclass
class Recorder:
    """`received` holds every request, or every datagram, as it came."""

    address: str = ""
    received: list[bytes] = field(default_factory=list)

    @property
    def everything(self) -> bytes:
        """All of it."""
        return b"\n".join(self.received)


@contextmanager
def mlflow_recorder() -> Iterator[Recorder]:
    """An MLflow server for the block's time: it knows every experiment and takes every trace.

    To MLflow's client it is an old one, that wants a trace's spans as a file.
    """
    recorder = Recorder()
    refused: set[bytes] = set()

    def serve(connection: Connection) -> None:
        while connection.request():
            recorder.received.append(connection.head + b"\r\n" + connection.body)
            connection.send(_refusal(connection, refused) or response(_answer(connection)))

    with serving(serve) as server:
        recorder.address = server.url
        yield recorder


def _refusal(connection: Connection, refused: set[bytes]) -> bytes | None:
    """The answer to an assessment that is not taken, or not at first; it repeats all that was sent."""
    found = _ASSESSED.search(connection.head.split(b" ")[1])
    if found is None or found["kind"].decode() not in (NEVER, LATE, DOWN):
        return None
    if found["kind"].decode() != NEVER and found["serve_id"] in refused:
        return None
    refused.add(found["serve_id"])
    said = {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": connection.body.decode()}
    return response(json.dumps(said).encode(), "503 Down" if found["kind"].decode() == DOWN else "404 Not Found")


def _answer(connection: Connection) -> bytes:
    path = connection.head.split(b" ")[1]
    if path.endswith(b"/mlflow/traces"):
        begun = json.loads(connection.body)
        info = begun["trace"]["trace_info"]
        info["tags"] = info.get("tags", {}) | {"mlflow.artifactLocation": f"mlflow-artifacts:/7/{info['trace_id']}"}
        return json.dumps(begun).encode()
    return EXPERIMENT if b"/experiments/" in path else b"{}"


@contextmanager
def xray_recorder() -> Iterator[Recorder]:
    """A daemon of X-Ray for the block's time."""
    recorder, stopping = Recorder(), threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024 * LARGEST_DATAGRAM)
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(_PAUSE_S)
        recorder.address = f"127.0.0.1:{listening.getsockname()[1]}"

        def listen() -> None:
            while not stopping.is_set():
                with suppress(TimeoutError):
                    recorder.received.append(listening.recv(LARGEST_DATAGRAM))

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield recorder
        finally:
            stopping.set()
            thread.join()
