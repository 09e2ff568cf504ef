"""The payloads of `events/`, in the form for the functions."""

import json
from typing import Any

from local.deployment.environment import ROOT


def sample_event(name: str) -> dict[str, Any]:
    """One event by its file's name."""
    loaded: dict[str, Any] = json.loads((ROOT / "events" / f"{name}.json").read_text())
    return loaded
