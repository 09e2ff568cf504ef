"""The file with the address of a running `make model`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

import httpx

from local.deployment.environment import ROOT

FOLDER = ROOT / "build" / "small-model"
TOLD = FOLDER / "running.json"
_ANSWERS_WITHIN_S = 10.0


class RunningModel(NamedTuple):
    """The proxy's address and key, the name of the model behind it, and the process that ends both."""

    url: str
    key: str
    model: str
    pid: int

    def tell(self, file: Path) -> None:
        """Write the file atomically, readable by its owner alone because it contains the key."""
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(self._asdict()), encoding="utf-8")
        draft.replace(file)


def read_told(file: Path = TOLD) -> RunningModel | None:
    """The model in the file, running or not; None without a file."""
    try:
        return RunningModel(**json.loads(file.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def find_running(file: Path = TOLD) -> RunningModel | None:
    """The model in the file, None if its proxy does not respond."""
    told = read_told(file)
    return told if told and is_alive(told.url) else None


def is_alive(url: str) -> bool:
    """Whether a LiteLLM proxy responds at that address."""
    try:
        return httpx.get(f"{url}/health/liveliness", timeout=_ANSWERS_WITHIN_S, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def forget(file: Path) -> None:
    """Remove the file if this process wrote it; another start may have replaced it."""
    told = read_told(file)
    if told and told.pid == os.getpid():
        file.unlink(missing_ok=True)
