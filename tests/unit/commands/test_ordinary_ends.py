"""Ctrl-C at any moment, a closed pipe and a full disk, for a program that `python -m commands` runs."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
INTERRUPT = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
MAIN = "def main():\n    "


def run(
    tmp_path: Path, source: str, *, output: int | None = subprocess.PIPE, blocked: bool = False
) -> tuple[int, bytes, bytes]:
    (tmp_path / "probe.py").write_text(source)
    process = subprocess.Popen(
        [sys.executable, "-m", "commands", "probe"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])},
        stdout=output,
        stderr=subprocess.PIPE,
        # The signal waits from before the start of Python, as it does with the Makefile's `env`.
        preexec_fn=block_and_interrupt if blocked else None,  # noqa: PLW1509  # the test has one thread
    )
    out, err = process.communicate()
    return process.returncode, out or b"", err


def block_and_interrupt() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_before_the_program_runs_is_silent(tmp_path: Path) -> None:
    """Python's own start, and the imports: the process dies of the signal."""
    started = run(tmp_path, f"{MAIN}print('ran')", blocked=True)
    imported = run(tmp_path, f"{INTERRUPT}{MAIN}print('ran')")

    assert [started, imported] == [(-signal.SIGINT, b"", b"")] * 2


def test_ctrl_c_ends_a_program_with_a_word(tmp_path: Path) -> None:
    """Its blocks are left in order, then it dies of the signal, so that a shell stops its loop."""
    work = "try:\n        os.kill(os.getpid(), signal.SIGINT)\n    finally:\n        print('left')\n"
    ended = run(tmp_path, f"import os, signal\n{MAIN}{work}")

    assert ended == (-signal.SIGINT, b"left\n", b"\nStopped.\n")


def test_a_closed_pipe_ends_a_program_in_silence(tmp_path: Path) -> None:
    """Whether the output is long or waits in the buffer until the end."""
    for text in ("'x' * 1_000_000", "'x'"):
        reader, writer = os.pipe()
        os.close(reader)
        ended = run(tmp_path, f"{MAIN}print({text})", output=writer)
        os.close(writer)

        assert ended == (-signal.SIGPIPE, b"", b""), text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    """Python adds no complaint of its own at the end."""
    with Path("/dev/full").open("wb") as full:
        code, _, err = run(tmp_path, f"{MAIN}print('x')", output=full.fileno())

    assert (code, err) == (1, b"A file or a connection cannot be used: No space left on device.\n")


def test_a_file_that_a_program_did_not_expect_is_one_sentence(tmp_path: Path) -> None:
    """It names the file and the reason."""
    ended = run(tmp_path, f"{MAIN}open('nowhere/at/all')")

    assert ended == (1, b"", b"nowhere/at/all cannot be used: No such file or directory.\n")


def test_a_fault_of_the_code_keeps_its_traceback(tmp_path: Path) -> None:
    """It is no ordinary event."""
    code, _, err = run(tmp_path, f"{MAIN}1 / 0")

    assert (code, err.splitlines()[-1]) == (1, b"ZeroDivisionError: division by zero")
