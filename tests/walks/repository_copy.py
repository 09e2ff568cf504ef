"""A copy of the repository, and the blocks of a page pasted into it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.new_agent import ROOT

NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*cache", ".venv*", ".aws-sam", ".git", ".hypothesis", "build")


def copied(folder: Path) -> Path:
    """A copy in which `make` finds its environment installed."""
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
    return folder


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A program of the copy, by its module and arguments."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(copy / "layers/agents"), str(copy)])}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def pasted(copy: Path, block: str) -> tuple[int, str]:
    """The status and the output of a block, without the environment of an earlier walk or of this test."""
    kept: Mapping[str, str] = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    ran = subprocess.run(
        ["/bin/bash", "-ec", block.replace("make ", "make --old-file=.venv/.installed --old-file=.venv/.tools ")],
        cwd=copy,
        env={**kept, "PYTHONPATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout
