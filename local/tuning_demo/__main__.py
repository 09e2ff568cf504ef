"""`make tuning-demo`: the tuning loop once, on this machine and with invented users."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from commands.program import program, variable
from local.lambda_emulation.listener import PortTaken, bind, port_of
from local.mlflow_server import LocalMlflow
from local.playground.trace_links import NoTracePage
from local.settings import read_port
from local.story import Unfinished, precomputed
from local.system import LocalSystem, NotStarted
from local.tuning_demo.steps import (
    compare,
    replay,
    report,
    say_pages,
    say_start,
    say_tips,
    send_feedback,
    variables,
)
from local.tuning_demo.users import ask, snapshots
from operations.aws_lookup import NotPossible

OUT = "build/tuning-demo"
_MLFLOW_PORTS = range(5000, 5010)
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@program("tuning-demo")
@variable("OUT", "folder", default=OUT, help="the folder of the reports")
def main(folder: str) -> None:
    """Show the tuning loop once; exit code 1 and one sentence if a step fails, 128 plus the number after a signal."""
    for number in _SIGNALS:
        signal.signal(number, _end)
    out = Path(folder)
    try:
        _tell(out)
    except NotStarted as problem:
        sys.exit(f"A part did not start: {problem}")
    except (Unfinished, NotPossible, NoTracePage, PortTaken) as problem:
        sys.exit(str(problem))
    except (httpx.HTTPError, BotoCoreError, ClientError) as problem:
        sys.exit(f"A part of the service does not answer: {type(problem).__name__}")
    except OSError as problem:
        sys.exit(f"{problem.filename or out} cannot be used: {problem.strerror}.")


def _end(number: int, _frame: object) -> NoReturn:
    """Leave every block, which ends its own processes; a second signal does not interrupt that."""
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def _tell(out: Path) -> None:
    mlflow_folder = out / "mlflow"
    mlflow_folder.mkdir(parents=True, exist_ok=True)
    store = mlflow_folder / "store.db"
    # A journal of another database would be played back into the new one.
    for earlier in mlflow_folder.glob(f"{store.name}*"):
        earlier.unlink()
    print("Starting the service and an MLflow server. The demo takes one to three minutes.", flush=True)
    with (
        _mlflow(mlflow_folder, store) as mlflow,
        LocalSystem(environment=variables(mlflow)) as system,
        _log_kept(system, out / "service.log"),
    ):
        users = snapshots(datetime.now(UTC))
        for user in users:
            system.aws.sqs.send_message(QueueUrl=system.queue_url("PrecomputeQueue"), MessageBody=json.dumps(user))
        # Before MLflow listens, so that it is not given the traces of some hundred agents.
        precomputed(system)
        mlflow.wait()
        say_start(system, mlflow)
        tips = [ask(system, user) for user in users]
        say_tips(tips)
        disliked = send_feedback(system, tips, mlflow)
        replay(out, mlflow)
        compare(out, mlflow)
        report(mlflow)
    say_pages(out, store, mlflow.port, disliked)


@contextmanager
def _mlflow(folder: Path, store: Path) -> Iterator[LocalMlflow]:
    chosen = read_port(os.environ, "MLFLOW_PORT", 0)
    with bind(*([chosen] if chosen else [*_MLFLOW_PORTS, 0]), name="MLFLOW_PORT") as listening:
        port = port_of(listening)
    with LocalMlflow(folder, f"sqlite:///{store.resolve()}", port) as mlflow:
        yield mlflow


@contextmanager
def _log_kept(system: LocalSystem, path: Path) -> Iterator[None]:
    """Copy the service's log at the end of the block, also after an error."""
    try:
        yield
    finally:
        shutil.copyfile(system.log, path)


if __name__ == "__main__":
    main()
