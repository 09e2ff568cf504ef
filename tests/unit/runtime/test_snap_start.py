"""Sandboxes that start from one snapshot, each simulated by a fork of a process after its init."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from local.deployment.environment import LAYER, ROOT
from testing.fake_llm import BOTH, FakeModel, fake_model, says
from testing.http_events import http_event
from testing.raw_server import Connection, serving

RUNTIME = ROOT / ".venv-runtime" / "lib" / "python3.13" / "site-packages"
BODY = {"user_id": "u", "tasks": [{"id": "t1", "title": "Send the invoice"}], "agent_outputs": []}
PROGRAM = """
import importlib.util, json, os, random, sys
from awslambdaric import lambda_runtime_hooks_runner as hooks
sys.path.insert(0, sys.argv[1])
import app
hooks.run_before_snapshot()
files = [f"/proc/self/fd/{each}" for each in os.listdir("/proc/self/fd")]
sockets = [each for each in files if os.path.lexists(each) and os.readlink(each).startswith("socket:")]
print(json.dumps({"sockets": len(sockets)}), flush=True)
event = json.loads(sys.argv[2])
for sandbox in range(3):
    child = os.fork()
    if child == 0:
        hooks.run_after_restore()
        jitter = random.random()
        class Context:
            function_name, memory_limit_in_mb, invoked_function_arn = "f", 128, "arn:aws:lambda:us-east-1:1:function:f"
            aws_request_id = f"request-{sandbox}"
            def get_remaining_time_in_millis(self):
                return 30_000
        answer = app.handler(event, Context())
        print(json.dumps({"answer": answer, "jitter": jitter}), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


@dataclass
class Account:
    """Lambda's address of credentials and the store of secrets; `asked` contains the requests in their order."""

    url: str = ""
    asked: list[str] = field(default_factory=list)

    def serve(self, connection: Connection) -> None:
        if not connection.request():
            return
        is_for_credentials = connection.head.startswith(b"GET /credentials")
        self.asked.append("credentials" if is_for_credentials else "secret")
        keys = {"AccessKeyId": "A", "SecretAccessKey": "S", "Token": "T", "Expiration": "2099-01-01T00:00:00Z"}
        body = json.dumps(keys if is_for_credentials else {"SecretString": "sk-planted-key"}).encode()
        connection.send(f"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)


@contextmanager
def account() -> Iterator[Account]:
    made = Account()
    with serving(made.serve) as server:
        made.url = server.url
        yield made


@pytest.fixture(scope="module")
def model() -> Iterator[FakeModel]:
    with fake_model() as running:
        running.otherwise = says(BOTH, {"connection": "close"})
        yield running


@pytest.mark.skipif(not RUNTIME.exists(), reason="Lambda's runtime is not installed: make environments")
@pytest.mark.skipif(sys.version_info[:2] != (3, 13), reason="the functions' Python is 3.13")
def test_sandboxes_of_one_snapshot_share_nothing(model: FakeModel) -> None:
    """No connection, credential or secret is older than the restore; ids and jitter differ."""
    with account() as aws:
        variables = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{LAYER}:{RUNTIME}",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{aws.url}/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "t",
            "AWS_ENDPOINT_URL": aws.url,
            "AWS_DEFAULT_REGION": "eu-central-1",
            "LITELLM_URL": model.url,
            "LITELLM_API_KEY_SECRET": "key",
        }
        event = json.dumps(http_event("POST", "/recommend", BODY))
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, ROOT / "functions" / "recommend", event],
            env=variables,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )

    said: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    [snapshot] = [line for line in said if "sockets" in line]
    sandboxes = [line for line in said if "jitter" in line]
    assert snapshot["sockets"] == 0
    assert [one["answer"]["statusCode"] for one in sandboxes] == [200] * 3
    assert aws.asked == ["credentials", "secret"] * 3
    receipts = [json.loads(one["answer"]["body"])["receipt"] for one in sandboxes]
    assert len({one["serve_id"] for one in receipts}) == len({one["jitter"] for one in sandboxes}) == 3


def test_outside_of_snap_start_no_hook_is_looked_for() -> None:
    """Its module is in Lambda's runtime only."""
    program = "import sys, oo.bootstrap; print('snapshot_restore_py' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(LAYER)}, capture_output=True, check=True
    )

    assert done.stdout == b"False\n"
