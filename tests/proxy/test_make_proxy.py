"""`make proxy MOCK=1`: the real proxy without a provider, as a person starts it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from local.deployment.environment import LAYER, LOGS, ROOT, host_basics
from local.system import LocalSystem
from testing.waiting import until
from tests.proxy.conftest import START_TIMEOUT_S

TASKS = [{"id": "t1", "title": "Send the invoice"}]


def test_a_tip_comes_through_the_proxy_without_a_provider(tmp_path: Path) -> None:
    """Both endpoints answer, asked with the printed variables; Ctrl-C ends the proxy cleanly."""
    output = tmp_path / "output.txt"
    environment = host_basics(os.environ) | {"PYTHONPATH": f"{LAYER}:{ROOT}", "MOCK": "1", "PROXY_PORT": "0"}
    with (
        output.open("wb") as stream,
        subprocess.Popen(
            [sys.executable, "-m", "commands", "local.run_proxy"],
            cwd=ROOT,
            env=environment,
            stdout=stream,
            stderr=stream,
        ) as proxy,
    ):
        try:
            until(lambda: "make run" in output.read_text() or proxy.poll() is not None, START_TIMEOUT_S)
            printed = dict(re.findall(r"(LITELLM_\w+)=(\S+)", output.read_text()))
            with LocalSystem(environment=printed) as system:
                tip = system.http.post("/recommend", json={"user_id": "u", "tasks": TASKS}).json()
                context = {"tasks": TASKS}
                made = system.http.post("/generate", json={"user_id": "u", "n": 2, "context": context}).json()
        finally:
            proxy.send_signal(signal.SIGINT)

    (LOGS / f"proxy-{printed['LITELLM_URL'].rpartition(':')[2]}.log").unlink()
    assert "«Send the invoice»" in tip["tip"]["content"]
    assert len(made["candidates"]) == 2
    assert (proxy.returncode, output.read_text().splitlines()[-1]) == (0, "Stopped.")
