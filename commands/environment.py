"""`python -m commands commands.environment FOLDER/STAMP LOCK [OPTION…]`: install a lock into a virtual environment.

It runs with the Python that the environment is for. An environment that does not run is created again. If PYTHON is
given, so is one that was made with another Python. At the end STAMP is newer than the lock.
"""

import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

_LOG = "install.log"


def main() -> None:
    """Make the environment; an obstacle is one sentence and exit code 1."""
    try:
        install(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the command again to continue.")


def install(stamp: Path, lock: Path, options: list[str]) -> None:
    """Install the packages that are not there yet, and write the stamp."""
    folder = stamp.parent
    if not fits(folder):
        _make(folder)
    if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
        _pip(folder, lock, options)
    stamp.touch()


def fits(folder: Path) -> bool:
    """Whether the environment runs, and with the requested Python."""
    try:
        asked = [
            str(folder / "bin" / "python"),
            "-c",
            "import sys, pip._internal.cli.main; print(sys.base_prefix, sys.version_info[:3])",
        ]
        found = subprocess.run(asked, capture_output=True, text=True, check=False)
    except OSError:
        return False
    own = f"{sys.base_prefix} {sys.version_info[:3]}"
    return found.returncode == 0 and (not os.environ.get("PYTHON_GIVEN") or found.stdout.strip() == own)


def _make(folder: Path) -> None:
    if folder.exists():
        print(f"{folder} was made with another Python, or does not run: it is made anew.", flush=True)
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.create(folder, with_pip=True, symlinks=True)
    except (OSError, subprocess.CalledProcessError):
        shutil.rmtree(folder, ignore_errors=True)
        sys.exit(
            f"{sys.executable} cannot make a virtual environment: install its venv module (python3-venv on Debian),"
            " or name another Python with PYTHON=…."
        )
    except KeyboardInterrupt:
        # A half of an environment may look whole.
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _pip(folder: Path, lock: Path, options: list[str]) -> None:
    count = sum(not line.startswith((" ", "#", "\n")) for line in lock.read_text().splitlines(keepends=True))
    print(f"Installing {count} packages of {lock} into {folder}.", flush=True)
    begin = time.monotonic()
    log = folder / _LOG
    quiet = ["--disable-pip-version-check", "--no-input", "--retries", "2"]
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", *quiet, "--require-hashes", "--no-deps"]
    with log.open("w") as output:
        code = subprocess.call([*command, *options, "-r", str(lock)], stdout=output, stderr=subprocess.STDOUT)
    if code:
        errors = [line for line in log.read_text(errors="replace").splitlines() if line.startswith("ERROR: ")]
        reason = errors[-1].partition(" ")[2] if errors else f"pip ended with {code}"
        sys.exit(
            f"The packages could not be installed: {reason.rstrip('.')}. Check the network and pip's settings, and run"
            f" the command again; {log} has pip's output."
        )
    print(f"Installed in {time.monotonic() - begin:.0f} s.", flush=True)
