"""The folder for cases from real requests, which git ignores."""

import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from evals.cases.case import Case, case_line
from evals.recording.titles import OtherTitles
from evals.unusable_input import UnusableInput

FOLDER = Path(__file__).parents[1] / "local"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_KEY_FILE = ".key"
_KEY_BYTES = 16


def path_for(name: str, folder: Path = FOLDER) -> Path:
    """The file of that name; raises UnusableInput."""
    if not _NAME.fullmatch(name):
        raise UnusableInput("NAME is the file's name in evals/local: 1 to 64 of a-z, 0-9, - and _, as NAME=disliked.")
    return folder / f"{name}.jsonl"


def other_titles(folder: Path = FOLDER) -> OtherTitles:
    """The replacements of titles in this folder's files, the same for the same title in all of them."""
    path = folder / _KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(_KEY_BYTES), encoding="utf-8")
        return OtherTitles(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnusableInput(f"The folder {folder} cannot be used: {error.strerror}.") from None


def write_cases(cases: Iterable[Case], path: Path) -> None:
    """Write the file atomically; raises UnusableInput."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text("".join(f"{case_line(case)}\n" for case in cases), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise UnusableInput(f"{path} cannot be written: {error.strerror}.") from None
