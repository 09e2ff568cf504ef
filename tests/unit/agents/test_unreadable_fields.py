"""Sentences about a task with one unreadable field state neither its value nor its absence."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import NamedTuple

import pytest

from oo.agents.registry import all_agents
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import DAY, NOW, compute, iso, snapshot
from testing.seeds import seeds
from tests.unit.agents.random_inputs import seeded

ODD_VALUES: Mapping[str, Sequence[Mapping[str, object]]] = {
    "due": [
        *({"due_at": value} for value in ("12.03.2026", "03/12/2026", "today", "2027-02-29", {"$date": 1}, [1], True)),
        *({"due_at": None, key: "soon"} for key in ("when", "date", "scheduled")),
    ],
    "priority": [
        *({"priority": value} for value in ("??", True, {"level": 3}, ["high"], {"name": "eventually"})),
        *({"priority": None, key: 1} for key in ("flag", "importance", "urgency")),
    ],
    "estimate": [
        *(
            {"estimate_minutes": value}
            for value in ("30m", "PT5M", "0:05", -5, 5000, True, {"amount": 1, "unit": "day"})
        ),
        *({"estimate_minutes": None, key: 5} for key in ("estimate", "points", "duration")),
    ],
    "status": [{"status": value} for value in ("parked", "zzz", {"name": "limbo"})],
    "created": [{"created_at": value} for value in ("last week", "12.03.2026", {"_seconds": 1})],
    "code": [{"status": value} for value in (2, True, ["open"])],
}
"""By the field that cannot be read; a row whose status is a code is never named at all."""

NONE_DUE = re.compile(r"nothing (?:else )?is due|open time")
"""Words that may not be said to a user of whose tasks one has an unknown date."""

OF_THE_ROW = {
    "due": re.compile(r"\bis due\b|past its|no date"),
    "priority": re.compile(r"is \w+ priority|let it go|letting go|weightiest"),
    "estimate": re.compile(r"is marked|no estimate"),
    "status": re.compile(r"\bis open|has been open|has waited"),
    "created": re.compile(r"has been open \d|has waited"),
    "code": re.compile(r""),
}
"""Words that may not be said in a sentence about such a task."""

DATED = ("deadline-pressure", "lateness-buffer", "workload-balance", "important-first", "stale-task", "overdue-pile")
"""Agents that do not name a task whose date cannot be read."""


class Case(NamedTuple):
    """A user with one odd row, and the field of it that cannot be read."""

    given: ComputeRequest
    field: str


def plain(random: Random, name: str) -> dict[str, object]:
    """A row of which everything can be read."""
    due = NOW + timedelta(hours=random.randrange(-200, 400))
    return {
        "id": name,
        "title": f"Task {name}",
        "due_at": iso(due) if random.random() < 0.6 else None,
        "created_at": iso(NOW - random.randrange(0, 90) * DAY),
        "priority": random.choice(("low", "medium", "high", "urgent", None)),
        "estimate_minutes": random.choice((5, 25, 90, None)),
        "project_id": random.choice(("p", "q")),
        "due_history": random.choice((None, ["2026-03-01", "2026-04-01", "2026-05-01"])),
    }


def cases() -> Iterator[Case]:
    for seed in seeds(1000):
        random = seeded(seed)
        rows = [plain(random, f"t{number}") for number in range(random.choice((0, 1, 4, 9)))]
        field = random.choice(list(ODD_VALUES))
        odd = {**plain(random, "odd"), **random.choice(ODD_VALUES[field])}
        prefs = random.choice(({}, {"capacity_min": 240, "work_start_h": 9, "work_end_h": 18}, {"min_importance": 0.5}))
        now = NOW.replace(hour=random.randrange(24))
        yield Case(snapshot(*rows, odd, now=now, user_id=f"user-{seed}", prefs=prefs), field)


@pytest.mark.all_seeds
def test_no_sentence_states_what_cannot_be_read() -> None:
    """Of the odd row neither a value nor its absence is said, and of an unknown date not that nothing is due."""
    spoken = 0
    for case in cases():
        for agent in all_agents():
            text = compute(agent, case.given).prompt_text
            named = "«Task odd»" in text
            spoken += named

            assert not (case.field == "due" and NONE_DUE.search(text)), text
            assert not (case.field == "due" and named and agent.manifest.agent_id in DATED), text
            assert not (named and OF_THE_ROW[case.field].search(text)), (case.field, text)
    assert spoken > 20
