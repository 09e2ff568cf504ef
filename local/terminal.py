"""Lines for the person at the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

GREEN, YELLOW, RED, FAINT = 32, 33, 31, 2
"""SGR codes of ECMA-48."""


class Terminal:
    """Writes to one stream, with colours only if it is a terminal and NO_COLOR is not set."""

    def __init__(self, stream: TextIO, environment: Mapping[str, str]) -> None:
        self._stream = stream
        self._has_colours = stream.isatty() and not environment.get("NO_COLOR")

    def say(self, text: str) -> None:
        """Write a line at once. A closed stream does not stop the service."""
        with suppress(OSError, ValueError):
            print(text, file=self._stream, flush=True)

    def paint(self, text: str, colour: int) -> str:
        """The text in a colour, or unchanged."""
        return f"\033[{colour}m{text}\033[0m" if self._has_colours else text


def shown_path(path: Path) -> str:
    """The path as typed here: relative if it is below the current folder."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def shown_address(url: str) -> str:
    """The URL without user, password, query and fragment; a text that is not a URL with a host is not shown."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        return "(no URL with a host)"
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"
