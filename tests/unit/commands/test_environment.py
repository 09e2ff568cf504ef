"""Virtual environments: created again if they do not fit, with one sentence if they cannot be installed."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.environment import fits

ROOT = Path(__file__).parents[3]
NO_INDEX = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}


@dataclass(frozen=True)
class Made:
    """The folder of an environment with a lock that holds nothing, and the output of the command that made it."""

    folder: Path
    said: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """In place of an environment whose Python is another one."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "empty.txt").write_text("# nothing\n")
    (folder / "venv/bin").mkdir(parents=True)
    another_python(folder)
    ended = install(folder, "empty.txt", PYTHON_GIVEN="yes")
    assert ended.returncode == 0, ended.stderr
    return Made(folder, ended.stdout)


def another_python(folder: Path) -> None:
    """Write a Python that says that it is another one."""
    python = folder / "venv/bin/python"
    python.write_text("#!/bin/sh\necho /opt/other '(3, 12, 1)'\n")
    python.chmod(0o755)


def install(folder: Path, lock: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "commands", "commands.environment", "venv/.installed", lock],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **NO_INDEX, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_environment_that_fits_is_kept(made: Made) -> None:
    """Nothing is printed, also where its own Python is asked for."""
    ended = install(made.folder, "empty.txt", PYTHON_GIVEN="yes")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert (made.folder / "venv/.installed").exists()


def test_an_environment_of_another_python_is_made_anew(made: Made) -> None:
    """Where a Python is asked for, it is the one that runs afterwards."""
    assert made.said.startswith("venv was made with another Python, or does not run: it is made anew.\n")
    assert (made.folder / "venv/bin/python").is_symlink()


def test_an_environment_that_does_not_run_does_not_fit(tmp_path: Path) -> None:
    """Its Python is gone, or is none."""
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin/python"
    python.symlink_to("/nowhere/python3")
    gone = fits(tmp_path)
    python.unlink()
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)

    assert [gone, fits(tmp_path), fits(tmp_path / "missing")] == [False] * 3


def test_another_python_is_kept_where_none_is_asked_for(made: Made) -> None:
    """An environment that was made with PYTHON=… serves the commands after it."""
    python = made.folder / "venv/bin/python"
    target = python.readlink()
    python.unlink()
    another_python(made.folder)

    assert install(made.folder, "empty.txt").stdout == ""
    python.unlink()
    python.symlink_to(target)


def test_packages_that_cannot_be_reached_are_one_sentence(made: Made) -> None:
    """The reason is pip's own, its whole output is in a file, and the command can be repeated."""
    (made.folder / "lock.txt").write_text(f"no-such-package==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    os.utime(made.folder / "venv/.installed", (0, 0))
    ended = install(made.folder, "lock.txt")

    assert ended.returncode == 1
    assert ended.stdout == "Installing 1 packages of lock.txt into venv.\n"
    assert ended.stderr == (
        "The packages could not be installed: No matching distribution found for no-such-package==1.0. Check the"
        " network and pip's settings, and run the command again; venv/install.log has pip's output.\n"
    )
