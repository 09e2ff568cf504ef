"""Receivers of the lines that child processes print."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TextIO


class ProcessLog(Protocol):
    """Takes one line of a process at a time."""

    def line(self, label: str, text: str) -> None:
        """Keep or show `text`, a line without its end, of the process that `label` names."""


@dataclass(frozen=True)
class StreamLog:
    """Writes each line behind its process' label."""

    stream: TextIO

    def line(self, label: str, text: str) -> None:
        """Write the line at once. A closed stream does not stop the process."""
        with suppress(OSError, ValueError):
            self.stream.write(f"{label} | {text}\n")
            self.stream.flush()


@dataclass(frozen=True)
class JsonLog:
    """Writes JSON objects to a file, one per line and without a label, and all other lines to another log."""

    file: TextIO
    others: ProcessLog

    def line(self, label: str, text: str) -> None:
        """Write the line at once. A full disk does not stop the process."""
        if not _is_object(text):
            self.others.line(label, text)
            return
        with suppress(OSError, ValueError):
            self.file.write(f"{text}\n")
            self.file.flush()


def _is_object(text: str) -> bool:
    try:
        return text.startswith("{") and isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
