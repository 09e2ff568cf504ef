"""Child processes that end with this one."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from local.lambda_emulation.process_log import ProcessLog, StreamLog

_TETHER = Path(__file__).with_name("die_with_parent.py")
_LONGEST_LINE = 1024 * 1024


class Child:
    """A program in a process group of its own, so that Ctrl-C at the terminal reaches only its parent.

    Each line of its output goes to `log` with `label`.
    """

    def __init__(self, process: asyncio.subprocess.Process, label: str, log: ProcessLog) -> None:
        self._process = process
        self.label = label
        self._log = log
        self._printing = asyncio.create_task(self._print())
        self.exited = asyncio.create_task(process.wait())

    @classmethod
    async def start(
        cls,
        arguments: Sequence[str],
        *,
        label: str,
        environment: Mapping[str, str],
        folder: Path,
        inherited: Sequence[int] = (),
        log: ProcessLog | None = None,
        program: str = sys.executable,
    ) -> Child:
        """Run `PROGRAM ARGUMENTS` in `folder` with exactly `environment`, keeping the `inherited` descriptors open.

        Without a `log` the lines go to standard error.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-S",
            str(_TETHER),
            str(os.getpid()),
            program,
            *arguments,
            cwd=folder,
            env=dict(environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            pass_fds=inherited,
            start_new_session=True,
            limit=_LONGEST_LINE,
        )
        return cls(process, label, log or StreamLog(sys.stderr))

    @property
    def pid(self) -> int:
        """The process' id, which is also that of its group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process is running, as far as is known."""
        return self._process.returncode is None

    def say(self, text: str) -> None:
        """Print a line about the process among its own."""
        self._log.line(self.label, text)

    def kill(self) -> None:
        """End the process and its children at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """End the process and wait until it has ended and its last line is printed."""
        self.kill()
        await self.exited
        await self._printing

    async def _print(self) -> None:
        output = self._process.stdout
        while output is not None:
            try:
                line = await output.readline()
            except ValueError:
                self.say("(a line of over 1 MB)")
                continue
            if not line:
                return
            # The runtime client separates the lines of a traceback by carriage returns.
            for part in line.decode(errors="replace").rstrip().split("\r"):
                self.say(part)
