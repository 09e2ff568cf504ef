"""The cost of the report `reading` for a compute request of a user with 1,000 tasks, some of which cannot be read.

Both variants run alternately through the function's own handler, in processor time of this process. Without the
report, a request reads the same rows, but neither counts nor reports the unreadable values.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from unittest.mock import PropertyMock, patch

from oo.agent_kit.user_view import UserView
from oo.agents.registry import all_agents
from oo.snapshot.report import ListReport
from oo.telemetry.instrumentation import Handler
from testing.entries import invoke, load_handler
from testing.http_events import http_event

PAIRS = 31
TASKS_N = 1_000
MOST = 1.05
_COUNTS = ("unread_key", "unreadable", "dropped")
_EACH_TENTH = 10


def print_report_cost(now: datetime) -> None:
    """Print a line per agent that reads tasks, and whether the slowest keeps the promise."""
    print(f"compute request with the report / without it, {TASKS_N:,} tasks (median of {PAIRS} pairs, quartiles)")
    body = _body(now)
    reads_tasks = [agent.manifest.agent_id for agent in all_agents() if agent.manifest.requires.tasks]
    # The log lines of thousands of requests.
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        handler = load_handler("compute")
        ratios = {agent_id: _ratios(handler, agent_id, body) for agent_id in reads_tasks}
    for agent_id, found in ratios.items():
        low, middle, high = quantiles(found, n=4)
        print(f"{agent_id:<20}{middle:>8.3f}   {low:.3f} to {high:.3f}")
    every = median(ratio for found in ratios.values() for ratio in found)
    print(f"all{every:>25.3f}: {'holds' if every <= MOST else 'DOES NOT HOLD'}, at most {MOST} is asked\n")


def _ratios(handler: Handler, agent_id: str, body: object) -> list[float]:
    event = http_event("POST", f"/agents/{agent_id}/compute", body)
    _taken(handler, event)
    return [with_report / without for with_report, without in (_pair(handler, event, turn) for turn in range(PAIRS))]


def _pair(handler: Handler, event: object, turn: int) -> Sequence[float]:
    """Processor seconds with the report and without it; each is first in every other pair."""
    taken = {}
    for has_report in (True, False) if turn % 2 else (False, True):
        with ExitStack() as changed:
            if not has_report:
                changed.enter_context(_no_report())
            taken[has_report] = _taken(handler, event)
    return taken[True], taken[False]


def _taken(handler: Handler, event: object) -> float:
    started = time.process_time()
    answer = invoke(handler, event)
    taken = time.process_time() - started
    if answer["statusCode"] != 200:
        raise SystemExit(f"the request was refused: {answer['body']}")
    return taken


@contextmanager
def _no_report() -> Iterator[None]:
    """The service without the report: nothing is counted, and the answer contains no report."""
    with ExitStack() as changed:
        for name in _COUNTS:
            changed.enter_context(patch.object(ListReport, name, _count_nothing))
        changed.enter_context(patch.object(UserView, "reading", PropertyMock(return_value=None)))
        yield


def _count_nothing(*_: object) -> None:
    """Replace a count, and do nothing."""


def _body(now: datetime) -> dict[str, object]:
    """Rows as an app exports them: three keys that no field uses, and in each tenth row an unreadable date."""
    tasks = [
        {
            "id": f"t{number}",
            "title": f"Task {number} of a usual length",
            "status": ("open", "in progress", "done")[number % 3],
            "created_at": (now - timedelta(hours=number)).isoformat(),
            "due_at": (now + timedelta(hours=number % 300)).isoformat() if number % _EACH_TENTH else "next Tuesday",
            "priority": number % 5,
            "tags": ["home"],
            "sort_order": number,
            "url": f"https://example.com/{number}",
            "assignee": None,
        }
        for number in range(TASKS_N)
    ]
    done = [
        {"task_id": f"d{number}", "completed_at": (now - timedelta(hours=9 * number)).isoformat(), "sort_order": number}
        for number in range(TASKS_N)
    ]
    return {"user_id": "user-1", "now_iso": now.isoformat(), "tasks": tasks, "task_completions": done}
