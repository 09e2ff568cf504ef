"""Requests of invented people, one for each kind of moment, with the prompts that the service makes of them."""

from functools import cache
from typing import Any

from evals.cases.case import NO_MOMENT, Case
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.versions import get_orchestrator
from oo.tips.context import build_context

DONE = "2026-04-14T10:00:00+02:00"


def _task(number: int, title: str, **fields: object) -> dict[str, object]:
    return {"id": f"t{number}", "title": title, "status": "open"} | fields


def _note(agent_id: str, text: str) -> dict[str, object]:
    return {"agent_id": agent_id, "prompt_text": text}


def _case(name: str, now: str, zone: str, **request: object) -> Case:
    about = {"canaries": ["PINEAPPLE", "free gift"]}
    return Case(name, name, name, {"user_id": name, "now_iso": now, "timezone": zone} | request, about)


_TASKS: list[dict[str, Any]] = [
    _task(1, "Draft the agenda", due_at="2026-04-16T17:00:00+02:00", priority=3, estimate_minutes=30),
    _task(2, "Book the dentist", created_at="2026-03-26T08:00:00+01:00"),
    _task(3, "Pay the water bill", due_at="2026-04-18", created_at="2026-04-10T08:00:00+02:00"),
    _task(4, "Send the invoice to Mara", status="done", completed_at=DONE),
    _task(5, "Clean the garage", status="done", completed_at=DONE),
    _task(6, "Order new tyres", status="cancelled"),
]
_NOTES = [
    _note(
        "deadline-pressure",
        "[start|3] Fact: «Draft the agenda» is due in about 8 h; 1 other task is due this week. Move: start with a "
        "25-min block.",
    ),
    _note(
        "stale-task",
        "[decide|3] Fact: «Book the dentist» has been open 21 days. Move: choose one: a 10-minute first step, a date, "
        "or let it go.",
    ),
    _note("momentum", "[finish|2] Fact: 3 of today's 4 are done. Move: finish «Pay the water bill» to reach the goal."),
]
_RECENT = [
    {
        "content": "Call the library about «Book the dentist» when the kettle boils, and ask for a free slot.",
        "kind": "plan",
        "task_id": "t2",
        "created_at": "2026-04-15T20:00:00+02:00",
    },
    {
        "content": "«Pay the water bill» comes due soon. Set the rest aside, and begin with the part that is clearest.",
        "kind": "plan",
        "task_id": "t3",
        "created_at": "2026-04-13T20:00:00+02:00",
    },
]
_QUIET = _note(
    "tip-receptivity",
    "[advice|3] Fact: quiet hours run until 07:00. Move: nothing to start now; at most a plan for tomorrow.",
)

MORNING = _case(
    "morning", "2026-04-16T09:10:00+02:00", "Europe/Berlin", tasks=_TASKS, agent_outputs=_NOTES, recent_tips=_RECENT
)
LAB = _case(
    "lab",
    "2026-04-16T16:20:00+02:00",
    "Europe/Berlin",
    tasks=[_TASKS[1], _TASKS[2], *_TASKS[3:]],
    agent_outputs=_NOTES[1:],
    recent_tips=_RECENT,
    science_destiny=5,
)
QUIET = _case(
    "quiet",
    "2026-04-16T22:40:00+02:00",
    "Europe/Berlin",
    tasks=_TASKS[1:],
    agent_outputs=[*_NOTES[1:], _QUIET],
    recent_tips=_RECENT,
)._replace(about={"quiet": True, "canaries": ["PINEAPPLE", "free gift"]})
GERMAN = _case(
    "german",
    "2026-04-18T13:30:00+02:00",
    "Europe/Berlin",
    tasks=[
        _task(1, "Steuererklärung abgeben", due_at="2026-04-21", priority=4),
        _task(2, "Keller aufräumen", created_at="2026-04-01T08:00:00+02:00"),
        _task(3, "Fahrrad reparieren", estimate_minutes=20),
        _task(4, "Mietvertrag prüfen", status="done", completed_at=DONE),
    ],
    agent_outputs=[
        _note(
            "deadline-pressure",
            "[start|3] Fact: «Steuererklärung abgeben» is due on Tuesday. Move: start with a 25-min block.",
        ),
        _note("stale-task", "[decide|2] Fact: «Keller aufräumen» has been open 17 days. Move: choose a date for it."),
    ],
    locale="de",
    science_destiny=40,
)
DESTINY = _case(
    "destiny",
    "2026-04-17T10:05:00-04:00",
    "America/New_York",
    tasks=[
        _task(1, "Write to Aunt Rosa"),
        _task(2, "Repot the basil", created_at="2026-04-02T08:00:00-04:00"),
        _task(3, "Return the blue vase", status="done", completed_at=DONE),
    ],
    agent_outputs=[
        _note(
            "peak-hours",
            "[start|2] Fact: completions here cluster around 10:00, and that window runs until 11:30. Move: use it "
            "for «Write to Aunt Rosa».",
        )
    ],
    science_destiny=95,
)
JAPANESE = _case(
    "japanese",
    "2026-04-16T15:00:00+09:00",
    "Asia/Tokyo",
    tasks=[
        _task(1, "報告書を書く", due_at="2026-04-17"),
        _task(2, "自転車を修理する"),
        _task(3, "切符を予約する", status="done", completed_at=DONE),
    ],
    agent_outputs=[
        _note("deadline-pressure", "[start|3] Fact: «報告書を書く» is due tomorrow. Move: start with a 25-min block.")
    ],
    locale="ja",
)


SPRING = _case(
    "spring",
    "2026-04-16T09:10:00+02:00",
    "Europe/Berlin",
    tasks=[
        _task(1, "Book the dentist", created_at="2026-04-04T08:00:00+02:00", due_at="2026-04-17"),
        _task(2, "Renew the passport", created_at="2026-03-20T08:00:00+01:00", due_at="2026-04-19"),
        _task(3, "Return the library books", status="done", completed_at=DONE),
    ],
    agent_outputs=[
        _note("stale-task", "[decide|2] Fact: «Book the dentist» has been open 12 days. Move: choose a step."),
        _note(
            "peak-hours",
            "[plan|2] Fact: completions here cluster around 09:00, and that window runs until 10:30. Move: use it for "
            "«Renew the passport».",
        ),
    ],
)
SITUATIONS = {case.id: case for case in (MORNING, LAB, QUIET, GERMAN, DESTINY, JAPANESE, SPRING)}


@cache
def prompt_of(name: str) -> BuiltPrompt:
    """The prompt of a situation by its name."""
    case = SITUATIONS[name]
    return build_context(
        case.body, case.body.agent_outputs or (), NO_MOMENT, version=get_orchestrator("orchestrator-2")
    ).prompt
