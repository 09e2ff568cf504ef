"""`python -m local.run_mlflow`: a real MLflow server on this machine, until stopped."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from commands.program import program
from local.deployment.environment import LOGS, ROOT
from local.lambda_emulation.listener import LOOPBACK, bind, port_of
from local.mlflow_server import PYTHON, server_arguments, server_environment
from local.other_program import OtherProgram
from local.settings import read_port
from local.terminal import shown_path
from local.until_stopped import run_until_stopped

DEFAULT_PORT = 5000
_EPILOG = """\
environment:
  MLFLOW_PORT     where it listens on 127.0.0.1 (5000; 0 is any free port)
  MLFLOW_FOLDER   the folder of its database and artifacts (build/mlflow)
"""


@program("mlflow", epilog=_EPILOG)
def main() -> None:
    """Start an MLflow server, and serve until SIGINT or SIGTERM.

    If it cannot start, it prints one sentence and ends with exit code 1.
    """
    run_until_stopped(_serve)


async def _serve() -> None:
    with bind(read_port(os.environ, "MLFLOW_PORT", DEFAULT_PORT), name="MLFLOW_PORT") as free:
        port = port_of(free)
    folder = _folder(os.environ)
    address = f"http://{LOOPBACK}:{port}"
    print("Starting MLflow on this machine; this takes about 10 s …", flush=True)
    server = OtherProgram(
        "MLflow",
        PYTHON,
        server_arguments(folder, f"sqlite:///{folder / 'store.db'}", port),
        server_environment(folder),
        f"{address}/health",
        LOGS / f"mlflow-{port}.log",
    )
    await server.serve(told(address, folder))


def _folder(environment: Mapping[str, str]) -> Path:
    """The folder of the database and of artifacts, which exists."""
    folder = Path(environment.get("MLFLOW_FOLDER") or ROOT / "build" / "mlflow").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def told(address: str, folder: Path) -> str:
    """The address, and the commands that use it."""
    return "\n".join(
        [
            f"MLflow listens on {address}. Its data are in {shown_path(folder)}. Ctrl-C ends it. To use it:",
            "",
            f"  MLFLOW_TRACKING_URI={address} make run",
            "",
            "The commands that read traces, such as make score-traces, take the same variable.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
