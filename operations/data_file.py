"""A file of users' data to be checked: a JSON object per line, or one JSON array with the rows of one user's tasks."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from oo.contract import strict_json
from oo.errors import RequestInvalid

_ANY_SIZE = 1 << 40
"""Bytes. Rows are also checked if a line is too large for a message."""

_BLANK = b"\xef\xbb\xbf \t\r\n"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class UnusableFile(Exception):
    """The file cannot be checked; the text is one sentence."""


class DataLine(NamedTuple):
    """One user's fields, or the fault of the line; `size` is in bytes. An array of rows has the number 0."""

    number: int
    fields: dict[str, Any] | None
    problem: str = ""
    size: int = 0

    @property
    def place(self) -> str:
        """The user's place in the file."""
        return f"line {self.number}" if self.number else "the array of rows"


def read_lines(path: Path) -> Iterator[DataLine]:
    """The users of a file; blank lines are skipped. Raises UnusableFile."""
    try:
        rows = _rows_of_array(path)
        if rows is not None:
            yield DataLine(0, {"user_id": "rows", "tasks": rows})
            return
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                if raw.strip(_BLANK):
                    yield _read_line(number, raw)
    except OSError as error:
        raise UnusableFile(f"{path} cannot be read: {error.strerror}.") from error


def _rows_of_array(path: Path) -> list[Any] | None:
    """The rows of a file that is one array; None for a file with a JSON value per line."""
    first = _first_line(path)
    try:
        _parse(first)
    except RequestInvalid:
        is_whole_line = False
    else:
        is_whole_line = True
    if is_whole_line and not first.strip(_BLANK).startswith(b"["):
        return None
    try:
        value = _parse(path.read_bytes())
    except RequestInvalid as error:
        if is_whole_line or not first.strip(_BLANK).startswith(b"["):
            return None
        raise UnusableFile(f"{path} begins like a JSON array, but is not one: {_reason(path, error)}.") from None
    if isinstance(value, dict):
        raise UnusableFile(f"{path} is one JSON object on several lines: write each user's object on one line.")
    if isinstance(value, list) and value and not any(isinstance(row, dict) for row in value):
        raise UnusableFile(f"{path} is a JSON array without rows: its elements are not objects.")
    return value if isinstance(value, list) else None


def _first_line(path: Path) -> bytes:
    """The first line that is not blank."""
    with path.open("rb") as file:
        first = next((line for line in file if line.strip(_BLANK)), b"")
    if not first:
        raise UnusableFile(f"{path} is empty: write one JSON object per user and line, or one array of rows.")
    if first.startswith(_UTF_16):
        raise UnusableFile(f"{path} is UTF-16 text: save it as UTF-8.")
    return first


def _read_line(number: int, raw: bytes) -> DataLine:
    try:
        fields = _parse(raw)
    except RequestInvalid as error:
        return DataLine(number, None, _sentence(error))
    if not isinstance(fields, dict):
        return DataLine(number, None, "Input should be an object")
    return DataLine(number, fields, size=len(raw.strip()))


def _parse(raw: bytes) -> Any:  # noqa: ANN401  # any JSON value
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RequestInvalid([strict_json.problem_at_body("utf_8", "Input should be UTF-8 text")]) from None
    return strict_json.parse(text, limit_bytes=_ANY_SIZE)


def _sentence(error: RequestInvalid) -> str:
    return str(error.errors[0]["msg"])


def _reason(path: Path, error: RequestInvalid) -> str:
    """The place of an array's syntax error, else the problem itself."""
    try:
        json.loads(path.read_bytes().decode("utf-8-sig"))
    except json.JSONDecodeError as syntax:
        return f"look at line {syntax.lineno}, column {syntax.colno}"
    except (ValueError, RecursionError):
        pass
    return _sentence(error)
