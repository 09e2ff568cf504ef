"""A layer that is built for another processor: its compiled packages cannot be imported."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.deployment.environment import LAYER, ROOT
from testing.http_events import http_event
from testing.sqs_events import sqs_event, sqs_record

HERE = {"x86_64": "x86_64", "aarch64": "arm64"}[os.uname().machine]
OTHER = {"x86_64": "arm64", "arm64": "x86_64"}[HERE]
PROGRAM = """
import importlib.util, json, sys
if sys.argv[2] == "unfit":
    sys.modules["pydantic"] = None
spec = importlib.util.spec_from_file_location("entry", sys.argv[1])
entry = importlib.util.module_from_spec(spec)
spec.loader.exec_module(entry)
try:
    answer = entry.handler(json.load(sys.stdin), None) if sys.argv[2] == "unfit" else None
except Exception as error:
    answer = {"raised": type(error).__name__, "said": str(error)}
print(json.dumps(answer))
"""


def started(layer: Path, entry: str, event: Any, built_for: str) -> list[Any]:
    """The lines that the entry's sandbox writes, the last one its answer, with such a layer."""
    (layer / "python").mkdir()
    (layer / "python" / "oo").symlink_to(LAYER / "oo")
    (layer / "architecture").write_text(f"{built_for}\n")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, ROOT / "functions" / entry, "unfit" if built_for == OTHER else "fit"],
        env={"PYTHONPATH": str(layer / "python"), "POWERTOOLS_SERVICE_NAME": "tips-test"},
        input=json.dumps(event),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", ["recommend", "generate", "compute", "infer", "health", "registry", "feedback"])
def test_a_request_is_refused_and_the_log_says_why_once(tmp_path: Path, name: str) -> None:
    line, answer = started(tmp_path, f"{name}/app.py", http_event("POST", "/recommend", {}), OTHER)

    assert (line["message"], line["code"], line["service"]) == ("start_refused", "config_error", "tips-test")
    assert f"built for {OTHER}, this function runs on {HERE}" in line["reason"]
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (503, "config_error")
    assert len(answer["headers"]["x-trace-id"]) == 32


@pytest.mark.parametrize("name", ["precompute", "compute", "feedback"])
def test_a_batch_comes_again(tmp_path: Path, name: str) -> None:
    """The call fails, so that no message of it counts as done."""
    _, answer = started(tmp_path, f"{name}/worker.py", sqs_event(sqs_record({})), OTHER)

    assert answer["raised"] == "ConfigError"


def test_a_layer_for_this_processor_changes_nothing(tmp_path: Path) -> None:
    assert started(tmp_path, "health/app.py", {}, HERE) == [None]
