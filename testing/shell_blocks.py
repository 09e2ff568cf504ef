"""The commands of a page, pasted into a terminal as by its reader."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from local.deployment.environment import ROOT, host_basics

PATIENCE_S = 120.0
END_S = 20.0
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LOGS = ROOT / "build" / "logs"
_OF_BUILD = re.compile(r"build/(?!logs/)")
_SHELL = ["/bin/bash", "--noprofile", "--norc"]
_DONE = "pasted, and it ended with"


def shell_blocks(page: Path, heading: str) -> list[str]:
    """The blocks below a heading, up to the next one."""
    _, found, rest = page.read_text(encoding="utf-8").partition(f"\n{heading}\n")
    assert found, f"{page} has no {heading}"
    return _BLOCK.findall(re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0])


class Terminals:
    """Terminals in the repository.

    `folder` replaces its build folder, except for logs; the log of a service is deleted with it. Nothing is installed:
    the environments that `make` would install first count as installed.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = {**host_basics(os.environ), **environment}

    @contextmanager
    def running(self, block: str) -> Iterator[None]:
        """A terminal with a program that Ctrl-C ends."""
        process = subprocess.Popen(
            [*_SHELL, "-c", self._here(block)],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_S)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            Path(_LOGS, f"run-{self._environment.get('PORT')}.jsonl").unlink(missing_ok=True)

    @contextmanager
    def another(self) -> Iterator["Terminal"]:
        """A terminal to paste into, which keeps its variables."""
        with subprocess.Popen(
            _SHELL,
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            yield Terminal(process, self._here)

    def _here(self, block: str) -> str:
        return _OF_BUILD.sub(f"{self._folder}/", block).replace(
            "make ", "make --old-file=.venv/.installed --old-file=.venv/.tools --old-file=.venv-mlflow/.installed "
        )


class Terminal:
    """A shell that waits for the next block."""

    def __init__(self, process: "subprocess.Popen[str]", here: Callable[[str], str]) -> None:
        self._process = process
        self._here = here

    def paste(self, block: str) -> str:
        """The output of the block. Raises AssertionError if its last command fails."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f'{self._here(block)}\necho "{_DONE} $?"\n')
        self._process.stdin.flush()
        lines: list[str] = []
        for line in self._process.stdout:
            # The output before may not end with a line break.
            said, done, code = line.partition(_DONE)
            lines.append(said)
            if done:
                assert code.strip() == "0", "".join(lines)
                return "".join(lines)
        raise AssertionError("".join(lines))

    def paste_until(self, block: str, shown: str) -> str:
        """Paste repeatedly, as a reader who waits for a result."""
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                said = self.paste(block)
            except AssertionError as error:
                said = str(error)
            if shown in said:
                return said
            assert time.monotonic() < end, said
            time.sleep(0.2)
