"""A case: one request of an invented person, with what a scorer may know beside it."""

import json
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent
_REPEAT = "$repeat"


class Case(NamedTuple):
    """`request` is a body of `/recommend`; `about` are facts that no prompt holds. No user is in two sets."""

    id: str
    user: str
    persona: str
    request: dict[str, Any]
    about: dict[str, Any]


def read_cases(name_or_path: str) -> list[Case]:
    """The cases of a set by its name ("core", "held-out", "adversarial"), or of a file of JSON Lines by its path.

    Raises OSError and ValueError where there is no such file, and where a line is no case.
    """
    named = FOLDER / f"{name_or_path.replace('-', '_')}.jsonl"
    path = named if "/" not in name_or_path and named.is_file() else Path(name_or_path)
    return [_case(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def case_line(case: Case) -> str:
    """The case as one line of a file."""
    return json.dumps(case._asdict(), ensure_ascii=False, separators=(",", ":"))


def repeated(text: str, times: int) -> dict[str, Any]:
    """A recipe for a long text: a file holds it in place of the text, and reading the file makes the text of it."""
    return {_REPEAT: [text, times]}


def _case(line: str) -> Case:
    fields = json.loads(line)
    try:
        return Case(**(fields | {"request": _written_out(fields["request"])}))
    except (KeyError, TypeError) as error:
        raise ValueError(f"no case: {line[:80]}") from error


def _written_out(value: Any) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(value, list):
        return [_written_out(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {_REPEAT}:
        text, times = value[_REPEAT]
        return text * times
    return {key: _written_out(each) for key, each in value.items()}
