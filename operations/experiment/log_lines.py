"""Served tips and feedback from log lines, as `make run` prints them and CloudWatch returns them.

A line may have a prefix, may be a text inside JSON, as `aws logs filter-log-events` writes it, and may be a field of a
CSV file, as Logs Insights exports it. The file is read line by line, so its size does not matter.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oo.snapshot.feedback import read_action
from operations.aws_lookup import NotPossible
from operations.experiment.served_tips import Record, ServedTip, TipFeedback, number, share, text

_EVENTS = (b"recommend_served", b"feedback_received")
_LONGEST_LINE_BYTES = 256 * 1024
"""A line of the service has at most 16,000 bytes, escaped or not; only the beginning of a longer one is read."""

_WRAPPERS = ("message", "@message")
_DECODER = json.JSONDecoder()


class LogFile:
    """A file of log lines; lines of other events are skipped. Raises NotPossible, whose sentence names the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = str(path)

    def records(self, _experiment: str) -> Iterator[Record]:
        """The records of all experiments in the file."""
        try:
            with self._path.open("rb") as file:
                while raw := file.readline(_LONGEST_LINE_BYTES):
                    if any(event in raw for event in _EVENTS):
                        record = _record(_fields(raw.decode("utf-8", "replace")))
                        if record is not None:
                            yield record
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no file has such a name"
            raise NotPossible(f"{self.name} cannot be read: {reason}.") from error


def _fields(line: str) -> Mapping[str, Any]:
    """The innermost JSON object that begins at the first brace; empty if there is none."""
    start = line.find("{")
    if line.startswith('{""', start):
        # A field of CSV has each quote twice.
        line, start = line[start:].replace('""', '"'), 0
    value = _decoded(line, start)
    if value is None and start and line[start - 1] == '"':
        value = _decoded(line, start - 1)
    while not isinstance(value, dict) or any(_is_object(value.get(name)) for name in _WRAPPERS):
        inner = value if isinstance(value, str) else _wrapped(value)
        if not _is_object(inner):
            return {}
        value = _decoded(inner, 0)
    return value


def _decoded(line: str, start: int) -> Any:  # noqa: ANN401  # any JSON value; None where there is none
    if start < 0:
        return None
    try:
        return _DECODER.raw_decode(line, start)[0]
    except (ValueError, RecursionError):
        return None


def _is_object(value: object) -> bool:
    return isinstance(value, str) and value.startswith("{")


def _wrapped(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    return next((value[name] for name in _WRAPPERS if _is_object(value.get(name))), "")


def _record(fields: Mapping[str, Any]) -> Record | None:
    match fields.get("message"):
        case "recommend_served":
            return _served(fields)
        case "feedback_received":
            return _feedback(fields)
        case _:
            return None


def _served(fields: Mapping[str, Any]) -> ServedTip | None:
    serve_id, experiment = text(fields.get("serve_id")), text(fields.get("experiment"))
    if serve_id is None or experiment is None:
        return None
    return ServedTip(
        serve_id=serve_id,
        user=text(fields.get("user")),
        experiment=experiment,
        arm=text(fields.get("arm")),
        propensity=share(fields.get("propensity")),
        is_degraded=bool(fields.get("degraded_reason")),
        attempts=number(fields.get("attempts")),
        cost_usd=number(fields.get("cost_usd")),
        latency_ms=number(fields.get("latency_ms")),
        control=text(fields.get("control")),
    )


def _feedback(fields: Mapping[str, Any]) -> TipFeedback | None:
    serve_id, user = text(fields.get("serve_id")), text(fields.get("user"))
    outcome = read_action(fields.get("action"))
    if serve_id is None or user is None or outcome is None:
        return None
    return TipFeedback(serve_id, user, outcome, number(fields.get("dwell_ms")))
