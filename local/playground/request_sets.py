"""Requests to start from: the example events, the sets of the bench, and recorded cases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from evals.cases.case import read_cases, unreadable
from local.deployment.environment import ROOT
from oo.contract.routes import GENERATE, RECOMMEND

EXAMPLES = "examples"
COMMITTED_SETS = ("core", "adversarial")
"""`held-out` is for one final decision: cases that were examined one by one are no longer independent."""

_PATHS = (RECOMMEND.path, GENERATE.path)
_KEPT_SETS = 8

Bodies = Mapping[str, "ExampleRequest"]


class ExampleRequest(NamedTuple):
    """A body and its path."""

    path: str
    body: Mapping[str, Any]


class UnreadableSet(Exception):
    """The set cannot be read; the text is one sentence for the user of the page."""


class RequestSets:
    """The sets by their names: `events` is a folder of API Gateway events, `recorded` one of cases as JSON Lines."""

    def __init__(self, events: Path = ROOT / "events", recorded: Path = ROOT / "evals/local") -> None:
        self._events = events
        self._recorded = recorded

    def names(self) -> list[str]:
        """The currently available sets."""
        recorded = sorted(f"local/{file.stem}" for file in self._recorded.glob("*.jsonl"))
        return [EXAMPLES, *COMMITTED_SETS, *recorded]

    def requests(self, name: str) -> Bodies:
        """The requests of a set by their names. Raises UnreadableSet."""
        if name not in self.names():
            raise UnreadableSet(f"{name} is no set of requests.")
        if name == EXAMPLES:
            return dict(sorted(self._examples().items(), key=lambda named: _PATHS.index(named[1].path)))
        file = self._recorded / f"{name.removeprefix('local/')}.jsonl"
        try:
            return _cases(name) if name in COMMITTED_SETS else _cases(str(file), file.stat().st_mtime_ns)
        except (OSError, ValueError) as error:
            raise UnreadableSet(f"The cases of {name} cannot be read: {unreadable(error)}.") from error

    def _examples(self) -> Bodies:
        events = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in self._events.glob("*.json")}
        return {
            name: ExampleRequest(event["rawPath"], json.loads(event["body"]))
            for name, event in events.items()
            if event.get("rawPath") in _PATHS
        }


@lru_cache(_KEPT_SETS)
def _cases(name_or_path: str, _changed_at: int = 0) -> Bodies:
    return {case.id: ExampleRequest(RECOMMEND.path, case.request) for case in read_cases(name_or_path)}
