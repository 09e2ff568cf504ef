"""A run of the bench on MLflow's own pages: it is listed, and Compare shows each case once, with both tips."""

import json
import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from testing.free_port import free_port
from tests.browser.conftest import ROOT, Visit, run, wait_for

MLFLOW = ROOT / ".venv-mlflow/bin/python"
VERSIONS = ("orchestrator-1", "orchestrator-2")
CASES = 6
START_S = 120.0
PAGE_MS = 90_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an MLflow server with an empty store."""
    if not MLFLOW.exists():
        pytest.skip("MLflow is not installed: make .venv-mlflow/.installed")
    folder, address = tmp_path_factory.mktemp("mlflow"), f"http://127.0.0.1:{free_port()}"
    options = ["--backend-store-uri", f"sqlite:///{folder}/store.db", "--artifacts-destination", str(folder)]
    process = subprocess.Popen(
        [MLFLOW, "-m", "mlflow", "server", "--port", address.rpartition(":")[2], "--workers", "1", *options],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_DISABLE_TELEMETRY": "true",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(f"{address}/health", process, START_S)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def asked(address: str, **body: Any) -> dict[str, Any]:
    """The fields of an answer; a request with a body is a POST."""
    sent = json.dumps(body).encode() if body else None
    request = urllib.request.Request(address, sent, {"content-type": "application/json"})  # noqa: S310  # as above
    with urllib.request.urlopen(request) as answer:  # noqa: S310  # as above
        fields: dict[str, Any] = json.load(answer)
    return fields


def test_compare_pairs_all_rows(visit: Visit, server: str, tmp_path: Path) -> None:
    """Of two versions on six cases, six rows, each with two traces."""
    lines = (ROOT / "evals/cases/core.jsonl").read_text(encoding="utf-8").splitlines()
    some = tmp_path / "cases.jsonl"
    some.write_text("\n".join(lines[: 4 * CASES : 4]), encoding="utf-8")
    options = ["--set", str(some), "--adversarial", str(some), "--out", str(tmp_path), "--cache", str(tmp_path / "c")]
    bench = run("evals.evals", "--versions", ",".join(VERSIONS), *options, MLFLOW_TRACKING_URI=server)
    assert bench.wait(300) == 0
    api = f"{server}/api/2.0/mlflow"
    experiment = asked(f"{api}/experiments/get-by-name?experiment_name=oO/evals")["experiment"]["experiment_id"]
    one, other = (each["info"]["run_id"] for each in asked(f"{api}/runs/search", experiment_ids=[experiment])["runs"])
    runs = f"{server}/#/experiments/{experiment}/evaluation-runs"
    visit.page.set_viewport_size({"width": 1700, "height": 1100})
    page = visit.open(f"{runs}?selectedRunUuid={one}&compareToRunUuid={other}")

    expect(page.get_by_text(f"{CASES} of {CASES}")).to_be_visible(timeout=PAGE_MS)
    for version in VERSIONS:
        expect(page.get_by_text(version).first).to_be_visible()
    expect(page.get_by_text("tr-")).to_have_count(2 * CASES, timeout=PAGE_MS)
