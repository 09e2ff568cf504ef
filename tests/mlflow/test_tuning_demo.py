"""The tuning loop as one command: it finishes, and leaves no process behind however it ends."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from local.deployment.environment import LAYER, ROOT
from local.lambda_emulation.listener import bind, port_of
from testing.free_port import free_port
from testing.shell_blocks import Terminals, shell_blocks
from testing.waiting import until

LONGEST_S = 600.0


@contextmanager
def demo(out: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """The demo, in a session of its own as a terminal gives it one, with MLflow's port."""
    with subprocess.Popen(
        [sys.executable, "-m", "local.tuning_demo", "--out", str(out)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{LAYER}:{ROOT}", "MLFLOW_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def left_of(folder: Path, session: int | None = None) -> list[str]:
    """Living processes whose command names the folder, and those of the session."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "sess=,stat=,command="],  # noqa: S607  # ps is where the host keeps it
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return [
        command
        for of_session, state, command in rows
        if not state.startswith("Z") and (of_session == str(session) or str(folder) in command)
    ]


def test_the_page_s_demo_goes_from_tips_to_verdicts(tmp_path: Path) -> None:
    """One pair of prompts is better, one is not shown, the experiment is reported, and pages to open are named."""
    out = tmp_path / "reports of the demo"
    environment = {"OUT": str(out), "MLFLOW_PORT": str(free_port()), "TMPDIR": str(tmp_path)}
    (block,) = shell_blocks(ROOT / "docs" / "tuning.md", "## See the whole loop")
    with Terminals(tmp_path, environment).another() as terminal:
        told = terminal.paste(block)

    _, judged = told.split("\n5. ")
    assert re.findall("verdict: .*", judged) == ["verdict: better", "verdict: not shown"]
    assert re.search(r"tone-2 has no verdict yet: it needs 50 users per arm, and \S+ has \d+, \S+ has \d+\.", told)
    assert re.search(r"tuning-demo.jsonl: \d+ cases of \d+ users", told)
    for page in (out / "report.html", out / "other-words" / "report.html", out / "replay" / "report.html"):
        assert f"{page}\n" in told
        assert "<h1" in page.read_text(encoding="utf-8")
    assert "make playground\n" in told
    assert left_of(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_demo_that_is_ended_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    """Not even while its parts start: Ctrl-C and a lost terminal reach each of them, another signal the demo alone."""
    with demo(tmp_path, free_port()) as process:
        until(lambda: any("local.run" in command for command in left_of(tmp_path, process.pid)))
        if number is not signal.SIGTERM:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, problems = process.communicate(timeout=LONGEST_S)

    assert (process.returncode, problems) == (128 + number, "")
    assert left_of(tmp_path, process.pid) == []


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    """Nothing is started then."""
    with closing(bind(0, name="")) as taken, demo(tmp_path, port_of(taken)) as process:
        _, problems = process.communicate(timeout=LONGEST_S)

    assert (process.returncode, problems.count("\n")) == (1, 1)
    assert "MLFLOW_PORT" in problems
    assert left_of(tmp_path, process.pid) == []
