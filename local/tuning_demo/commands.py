"""The commands of the demo, as typed by a person."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Collection, Mapping

from local.deployment.environment import LAYER, ROOT, host_basics
from local.story import Unfinished, tell


class MakeCommand:
    """A target of the Makefile and the program behind it.

    The program runs without `make`, which would turn every failure into the same exit code. Values are passed as
    options of the same names, those in `positional` without a name. `environment` is added to the few variables that
    every program needs.
    """

    def __init__(
        self,
        target: str,
        module: str,
        *,
        positional: Collection[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._target = target
        self._module = module
        self._positional = positional
        self._environment = dict(environment or {})

    def run(self, values: Mapping[str, str], *, codes: Collection[int] = (0,)) -> str:
        """Print the command and its output; returns the output's last line.

        Raises Unfinished at any other exit code.
        """
        typed = [f"{name}={shlex.quote(value)}" for name, value in values.items()]
        tell(" ".join(["$ make", self._target, *typed]))
        options = [
            part for name, value in values.items() if name not in self._positional for part in _option(name, value)
        ]
        arguments = [value for name, value in values.items() if name in self._positional]
        code, lines = self._said([*options, "--", *arguments] if arguments else options)
        if code not in codes:
            raise Unfinished(f"make {self._target} ended with {code}.")
        return next((line for line in reversed(lines) if line), "")

    def _said(self, arguments: list[str]) -> tuple[int, list[str]]:
        ended = subprocess.run(
            [sys.executable, "-m", "commands", self._module, *arguments],
            env={
                **host_basics(os.environ),
                "PYTHONPATH": os.pathsep.join([str(LAYER), str(ROOT)]),
                **self._environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        tell(ended.stdout.rstrip())
        return ended.returncode, ended.stdout.split("\n")


def _option(name: str, value: str) -> list[str]:
    return [f"--{name.lower()}", value]
