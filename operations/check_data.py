"""`make check-data FILE=users.jsonl`: the service's reading of users' data, and the mapping that they need.

Counts and names of keys are printed, never values, and nothing is sent. The exit code is 1 if a line is not a JSON
object, or if no open task of a user has a readable title.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from commands.program import needed, program
from oo.contract import strict_json
from oo.contract.limits import MAX_BODY_BYTES
from oo.contract.queues import PrecomputeMessage
from oo.contract.snapshot import Snapshot
from oo.snapshot.report import PLAIN_KEY
from operations.data_file import DataLine, UnusableFile, read_lines
from operations.data_summary import DataSummary, named_keys, number_of
from operations.known_apps import App
from operations.user_data import UserData

_MOST_USERS = 20
_MOST_PLACES = 20
_LISTS = ("tasks", "task_completions", "feedback_history")
_WIDTH = 13

Block = Iterator[tuple[str, str]]
"""Lines with their labels; a line without a label belongs to the one above it."""


class FileCheck:
    """Checks the users of a file one by one, and sums up the findings."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.summary = DataSummary()
        self.no_objects: list[str] = []
        self.untitled: list[str] = []
        self._refused_n = 0
        self._unclear_scales_n = 0
        self._counts: Counter[str] = Counter()
        self._apps: Counter[App | None] = Counter()
        self._mappings: dict[App | None, Counter[str]] = {}

    def check(self, line: DataLine) -> list[str]:
        """Check a line of the file and add it to the summary; returns the text about its user."""
        if line.fields is None:
            self.no_objects.append(line.place)
            return [f"{line.place}: no JSON object ({line.problem})"]
        snapshot, problems = _snapshot(line, self._now)
        user = UserData(snapshot, self._now)
        self.summary.add(user)
        self._counts.update(user.counts)
        self._refused_n += bool(problems)
        self._unclear_scales_n += user.scale_is_unclear
        self._apps[user.app] += 1
        self._mappings.setdefault(user.app, Counter()).update(_mapping(user))
        if user.names_no_task:
            self.untitled.append(line.place)
        return _layout(f"{line.place}: {number_of(user.counts['task'], 'task')}", _about(user, line, problems))

    def total(self) -> list[str]:
        """The report on all users together."""
        users, tasks = number_of(self.summary.users, "user"), number_of(self._counts["task"], "task")
        return _layout(f"In total, {users}: {tasks}", self._about_all())

    def _about_all(self) -> Block:
        yield "read", _read(self._counts)
        yield from _labelled("not read", list(self.summary.sentences()) or ["nothing"])
        if self._refused_n:
            yield "refused", f"{number_of(self._refused_n, 'line')} that `make precompute` leaves out"
        for app in [*filter(None, self._apps), None]:
            if app:
                yield "looks like", f"{app.name} ({number_of(self._apps[app], 'user')})"
            yield from _labelled("to write", list(self._mappings.get(app, ())) or ["nothing"] * bool(app))
        if self._unclear_scales_n:
            yield "priority", _SCALE_QUESTION


_SCALE_QUESTION = (
    'is 4 the highest number? If 1 is, send "priority_scale": "smaller_is_higher" next to tasks; for any other '
    "scale, write words"
)


def _about(user: UserData, line: DataLine, problems: Sequence[str]) -> Block:
    yield "read", _read(user.counts)
    if user.aliases:
        yield "", ", ".join(f"{key} as {field}" for key, field in user.aliases.items())
    yield from _labelled("not read", list(_report(user.reading)) or ["nothing"])
    yield from _labelled("refused", problems)
    if user.app:
        yield "looks like", user.app.name
    wrapped = [] if user.counts["task"] else [f"{key} -> tasks" for key in _lists_of_rows(line)]
    yield from _labelled("to write", [*_mapping(user), *wrapped] or ["nothing"] * bool(user.app))
    if user.scale_is_unclear:
        yield "priority", _SCALE_QUESTION


def _mapping(user: UserData) -> list[str]:
    scale = [f'in the body, next to tasks: "priority_scale": "{user.scale}"'] if user.scale else []
    return [*user.mapping.values(), *scale]


def _lists_of_rows(line: DataLine) -> list[str]:
    """Keys of the body that contain a list of objects but are not read."""
    return [
        key
        for key, value in (line.fields or {}).items()
        if key not in _LISTS
        and PLAIN_KEY.match(key)
        and isinstance(value, list)
        and value
        and isinstance(value[0], dict)
    ]


def _snapshot(line: DataLine, now: datetime) -> tuple[Snapshot, list[str]]:
    """The user's data, and the reason for which `make precompute` skips the line."""
    fields = dict(line.fields or {})
    if fields.get("snapshot_version") is None:
        fields["snapshot_version"] = int(now.timestamp() * 1000)
    problems = [f"over {MAX_BODY_BYTES:,} bytes"] if line.size > MAX_BODY_BYTES else []
    try:
        return PrecomputeMessage.model_validate(fields, context=now), problems
    except ValidationError as error:
        found = strict_json.problems(error.errors(include_input=False, include_context=False))
    problems += [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in found]
    kept: dict[str, Any] = {name: fields[name] for name in _LISTS if isinstance(fields.get(name), list)}
    kept |= {name: fields[name] for name in ("timezone", "priority_scale") if isinstance(fields.get(name), str)}
    return Snapshot.model_construct(user_id="", **kept), problems


def _read(counts: Mapping[str, int]) -> str:
    states = [f"{counts['open']:,} open", f"{counts['done']:,} done"]
    states += [f"{counts[more]:,} {more}" for more in ("cancelled or deleted", "of an unknown status") if counts[more]]
    fields = [number_of(counts[noun], noun) for noun in ("title", "due date", "priority")]
    others = [number_of(counts[noun], noun) for noun in ("completion", "row of feedback") if counts[noun]]
    return "; ".join(", ".join(part) for part in (states, fields, others) if part)


def _report(reading: Mapping[str, Any]) -> Iterator[str]:
    """The report by its own names, one line per part."""
    tasks: Mapping[str, int] = reading.get("tasks", {})
    for name, meaning in (("untitled", "without a title"), ("unreadable_due", "whose due date is unknown")):
        if tasks.get(name):
            yield f"{number_of(tasks[name], 'open task')} {meaning}"
    for part, label in (("unreadable", "unreadable: "), ("dropped", "left out: ")):
        if reading.get(part):
            yield label + named_keys(reading[part])
    for name, keys in reading.get("unread_keys", {}).items():
        yield f"keys of {name} that no field uses: {named_keys(keys)}"
    if reading.get("assumed"):
        yield f"assumed: {', '.join(reading['assumed'])}"


def _labelled(label: str, texts: Iterable[str]) -> Block:
    for text in texts:
        yield label, text
        label = ""


def _layout(head: str, block: Block) -> list[str]:
    return [head, *(f"  {label:{_WIDTH}}{text}" for label, text in block)]


@program("check-data")
@needed("FILE", example="users.jsonl", type=Path, help="JSON objects, one per line, or one array of rows")
def main(file: Path) -> None:
    """Show how the service reads users' data.

    Ends with 1 if a line is not a JSON object, or no open task of a user has a title.
    """
    found = FileCheck(datetime.now(UTC))
    try:
        for place, line in enumerate(read_lines(file)):
            text = found.check(line)
            if place < _MOST_USERS:
                print("\n".join(text), end="\n\n")
            elif place == _MOST_USERS:
                print("Further lines are only included in the total.\n")
    except UnusableFile as problem:
        sys.exit(str(problem))
    if found.summary.users:
        print("\n".join(found.total()), end="\n\n", flush=True)
    if found.no_objects or found.untitled:
        sys.exit("\n".join(_failures(found)))


def _failures(found: FileCheck) -> Iterator[str]:
    if found.no_objects:
        yield f"Not a JSON object: {_places(found.no_objects)}."
    if found.untitled:
        yield f"Open tasks without a readable title: {_places(found.untitled)}. docs/data.md has mappings for apps."


def _places(places: Sequence[str]) -> str:
    shown = ", ".join(places[:_MOST_PLACES])
    return shown + (f" and {len(places) - _MOST_PLACES:,} more" if len(places) > _MOST_PLACES else "")


if __name__ == "__main__":
    main()
