"""The chosen content of one tip, so that only the words of a version can differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from oo.contract.tips import AgentOutputSnippet
from oo.prompts.chosen import Chosen
from oo.prompts.clock_line import NO_CLOCK, ToldClock
from oo.prompts.delivery import Delivery
from oo.prompts.recent import choose_recent
from oo.prompts.slider import read_slider
from oo.snapshot.clock import clock_at
from oo.snippets.judge import judge
from oo.snippets.open_tasks import OpenTasks, read_open_tasks
from oo.snippets.ranking import RankedSnippets
from oo.snippets.verdict import JudgedSnippet

Row = Mapping[str, Any]


def scene(
    *,
    setting: int,
    delivery: Delivery,
    now: datetime,
    rows: Sequence[Row] = (),
    offered: Sequence[str] = (),
    notes: Sequence[Row] = (),
    delivery_note: Row | None = None,
    recent_tips: Sequence[Row] = (),
    told_clock: ToldClock = NO_CLOCK,
) -> Chosen:
    """The content: the `offered` tasks among `rows`, by their ids, and the `notes` in the given order."""
    tasks = read_open_tasks(rows, clock_at(now, now.tzinfo))
    by_id = {task.id: task for task in tasks.tasks}
    lines = tuple(_judged(place, note, tasks, now) for place, note in enumerate(notes))
    deliveries = () if delivery_note is None else (_judged(len(notes), delivery_note, tasks, now),)
    return Chosen(
        snippets=(*lines, *deliveries),
        ranked=RankedSnippets(lines, deliveries),
        open_tasks=tasks,
        tasks=tuple(by_id[each] for each in offered),
        recent=choose_recent(recent_tips)[0],
        slider=read_slider(setting),
        delivery=delivery,
        told_clock=told_clock,
    )


def _judged(place: int, note: Row, tasks: OpenTasks, now: datetime) -> JudgedSnippet:
    """The note judged alone, so that nothing can outrank or contradict it."""
    (judged,) = judge([AgentOutputSnippet.model_validate(note)], tasks, now, 1)
    return judged._replace(place=place)
