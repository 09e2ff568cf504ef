"""A case: one request of an invented user, with further facts for the scorers."""

import json
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from oo.contract.tips import RecentTip, RecommendRequest
from oo.contract.vocabulary import SMALLER_IS_HIGHER
from oo.contract.zones import read_zone
from oo.snapshot.clock import Clock, clock_at
from oo.snapshot.tasks import Task
from oo.snapshot.titles import read_title
from oo.snapshot.zones import user_zone
from oo.snippets.grammar import QUOTED
from oo.snippets.open_tasks import OpenTasks, read_open_tasks
from oo.snippets.ranking import Turns

FOLDER = Path(__file__).parent
_REPEAT = "$repeat"


class _Fields(NamedTuple):
    id: str
    user: str
    persona: str
    request: dict[str, Any]
    about: dict[str, Any]


NO_MOMENT = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
"""The service's clock, for requests without a time."""


class Case(_Fields):
    """One case.

    `request` is a body of `/recommend`; `about` are facts that no prompt contains. No user is in two sets. In a
    recorded request, `assumed` lists the parts that were absent (`now_iso`, `timezone`) and that the service filled in.
    `about["turns"]` has the turns of its notes, which followed from the user's id.
    """

    @cached_property
    def body(self) -> RecommendRequest:
        """The request as the service parses it."""
        return RecommendRequest.model_validate(self.request)

    @cached_property
    def asked(self) -> RecommendRequest:
        """The request as sent: a prompt words a given time and zone differently."""
        return self.body.model_copy(update=dict.fromkeys(self._assumed))

    @cached_property
    def now(self) -> datetime:
        """The service's clock at the request."""
        return self.body.now_iso or NO_MOMENT

    @cached_property
    def default_zone(self) -> tzinfo | None:
        """The zone that the service assumed."""
        return read_zone(self.body.timezone) if "timezone" in self._assumed else None

    @cached_property
    def turns(self) -> Turns:
        """The turns of a recorded request's notes; empty if they follow from the user's id."""
        return {(agent_id, says): turn for agent_id, says, turn in self.about.get("turns", ())}

    @property
    def _assumed(self) -> set[str]:
        return {"now_iso", "timezone"}.intersection(self.request.get("assumed", ()))

    @cached_property
    def clock(self) -> Clock | None:
        """The user's clock, None if the request contains no time."""
        now = self.body.now_iso
        return clock_at(now, user_zone(self.body.timezone, now).zone) if now else None

    @cached_property
    def local(self) -> datetime | None:
        """The user's local time, None if time or zone is unknown."""
        return self.clock.local(self.clock.now) if self.clock and self.clock.zone_known else None

    @cached_property
    def hour(self) -> int | None:
        """The user's hour, None if unknown."""
        return self.local.hour if self.local else self.body.hour_of_day

    @cached_property
    def weekday(self) -> int | None:
        """The user's day of the week, 0 is Monday; None if unknown."""
        return self.local.weekday() if self.local else self.body.day_of_week

    @cached_property
    def recent(self) -> tuple[RecentTip, ...]:
        """The tips that the user has seen, newest first; those without a time are last."""
        dated = [tip for tip in self.body.recent_tips if tip.created_at]
        rest = [tip for tip in self.body.recent_tips if not tip.created_at]
        return (*sorted(dated, key=lambda tip: str(tip.created_at and tip.created_at.timestamp()), reverse=True), *rest)

    @cached_property
    def opened(self) -> OpenTasks:
        """The tasks as the service parses them."""
        scale = self.body.priority_scale
        return read_open_tasks(self.body.tasks, self.clock, smaller_is_higher=scale == SMALLER_IS_HIGHER)

    @cached_property
    def nameable(self) -> dict[str, Task]:
        """The open tasks by display title, including waiting ones, without those that may mention self-harm."""
        tasks = self.opened.rows.task_list
        return {
            task.title: task
            for task in (*tasks.set_aside, *tasks.open)
            if task.title and not self.opened.is_withheld(task)
        }

    @cached_property
    def noted_titles(self) -> frozenset[str]:
        """The titles in the snippets."""
        texts = [snippet.prompt_text for snippet in self.body.agent_outputs or ()]
        return frozenset(title for text in texts if isinstance(text, str) for title in QUOTED.findall(text) if title)

    @cached_property
    def closed_titles(self) -> frozenset[str]:
        """The titles of tasks that are done, cancelled or gone: in a row, in a snippet, or in `about["done"]`."""
        rows = [row.get("title") for row in self.body.tasks if isinstance(row, dict)]
        told = [*rows, *self.about.get("done", ())]
        if self.opened.tells_titles:
            told += [title for title in self.noted_titles if self.opened.named(title) is None]
        tasks = self.opened.rows.task_list
        opened = {task.title for task in (*tasks.open, *tasks.set_aside, *tasks.unclear)}
        return frozenset(filter(None, map(read_title, told))) - opened


def path_of(name_or_path: str) -> Path:
    """The file of a set by its name ("core", "held-out", "adversarial"), or the path itself."""
    named = FOLDER / f"{name_or_path.replace('-', '_')}.jsonl"
    return named if "/" not in name_or_path and named.is_file() else Path(name_or_path)


def read_cases(name_or_path: str) -> list[Case]:
    """The cases of a set, or of a file of JSON Lines, as `path_of` finds it.

    Raises OSError and ValueError if there is no such file, and if a line is not a case.
    """
    return [_case(line) for line in path_of(name_or_path).read_text(encoding="utf-8").split("\n") if line]


def unreadable(error: OSError | ValueError) -> str:
    """The reason why `read_cases` failed, as the end of a sentence."""
    if isinstance(error, UnicodeDecodeError):
        return "it is no UTF-8 text"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def case_line(case: Case) -> str:
    """The case as one line of a file."""
    return json.dumps(case._asdict(), ensure_ascii=False, separators=(",", ":"))


def repeated(text: str, times: int) -> dict[str, Any]:
    """A marker for a long text, which a file contains instead of the text; reading the file expands it."""
    return {_REPEAT: [text, times]}


def _case(line: str) -> Case:
    try:
        fields = json.loads(line)
        return Case(**(fields | {"request": written_out(fields["request"])}))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"a line is no case: {line[:80]}") from error


def written_out(value: Any) -> Any:  # noqa: ANN401  # any JSON
    """The value with each marker replaced by its text."""
    if isinstance(value, list):
        return [written_out(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {_REPEAT}:
        text, times = value[_REPEAT]
        return text * times
    return {key: written_out(each) for key, each in value.items()}
