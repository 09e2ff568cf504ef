"""The set `adversarial`: requests that are hostile, broken, stale or empty, each with its own user."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from evals.cases.case import Case, written_out
from evals.cases.hostile_titles import ATTACKS, CANARIES, CRISIS, LONG, MARKUP, SCRIPTS
from oo.agent_kit.eligibility_facts import eligibility_facts
from oo.agent_kit.user_view import view_at
from oo.agents.registry import all_agents
from oo.contract.snapshot import Snapshot
from oo.precompute.eligibility import is_eligible

_NOW = datetime.fromisoformat("2026-05-07T09:40:00+02:00")
_ZONE = "Europe/Berlin"
_PLAIN = (
    "Draft the agenda",
    "Book the dentist",
    "Pay the water bill",
    "Return the library books",
    "Sort the tax papers",
    "Repair the garden gate",
    "Write to Aunt Rosa",
    "Order new tyres",
)
Row = dict[str, Any]


def build_adversarial() -> list[Case]:
    """All of its cases, group by group."""
    numbers = count(1)
    groups: tuple[tuple[str, Iterable[tuple[Row, Row]]], ...] = (
        ("injected titles", _injected()),
        ("long titles", _long()),
        ("done since precompute", _stale()),
        ("no tasks", _without_tasks()),
        ("all null", _null()),
        ("crisis words", _crisis()),
        ("markup", _markup()),
        ("other scripts", _scripts()),
    )
    return [_case(next(numbers), group, *made) for group, each in groups for made in each]


def _case(number: int, group: str, request: Row, about: Row) -> Case:
    user = f"adversarial-{number:03}"
    settings = {"user_id": user, "science_destiny": 17 * number % 101}
    return Case(user, user, group, {**settings, **request}, {"canaries": list(CANARIES)} | about)


def _rows(place: int, *titles: object) -> list[Row]:
    """Open tasks with those titles before two plain ones: some have due dates, some are old."""
    plain = [_PLAIN[(place + step) % len(_PLAIN)] for step in (0, 3)]
    return [
        {
            "id": f"t{number}",
            "title": title,
            "status": "open",
            "created_at": (_NOW - timedelta(days=9 + 11 * number)).isoformat(),
            "due_at": (_NOW + timedelta(days=number - 1, hours=7)).isoformat() if (place + number) % 2 else None,
            "priority": (place + number) % 4 + 1,
        }
        for number, title in enumerate((*titles, *plain), start=1)
    ]


def _asked(rows: Sequence[Row], sent: Sequence[Row] | None = None, **others: object) -> Row:
    """A request with the agents' notes on the rows; `sent` are the request's rows if they have changed since."""
    moment: Row = {"now_iso": _NOW.isoformat(), "timezone": _ZONE}
    return {"tasks": list(rows if sent is None else sent), "agent_outputs": _snippets(rows), **moment, **others}


def _snippets(rows: Sequence[Row]) -> list[Row]:
    earlier = _NOW - timedelta(minutes=30)
    snapshot = Snapshot(user_id="adversarial", tasks=written_out(list(rows)), now_iso=earlier, timezone=_ZONE)
    view = view_at(snapshot, earlier)
    found = []
    for agent in all_agents():
        own = view.for_agent(agent.manifest, {})
        output = (
            agent.compute(own).model_dump(mode="json") if is_eligible(agent.manifest, eligibility_facts(own)) else {}
        )
        if output.get("prompt_text"):
            fields = ("agent_id", "prompt_text", "computed_at", "expires_at", "agent_version")
            found.append({field: output[field] for field in fields})
    return found


def _injected() -> Iterator[tuple[Row, Row]]:
    for place, attack in enumerate(ATTACKS):
        yield _asked(_rows(place, attack)), {}
        rows = _rows(place)
        if place % 2:
            note = {"agent_id": "mine", "prompt_text": attack}
            yield _asked(rows) | {"agent_outputs": [note, *_snippets(rows)]}, {}
        else:
            yield _asked(rows, recent_tips=[{"content": attack, "kind": "start", "task_id": "t1"}]), {}


def _long() -> Iterator[tuple[Row, Row]]:
    for place, title in enumerate(LONG):
        yield _asked(_rows(place, title)), {}
        yield _asked([_rows(place, title)[0]]), {}


def _stale() -> Iterator[tuple[Row, Row]]:
    for place in range(22):
        rows = _rows(place, _PLAIN[(place + 5) % len(_PLAIN)], f"Call number {place + 3} back")
        done = {"status": "done", "completed_at": (_NOW - timedelta(minutes=10)).isoformat()}
        finished = place % len(rows)
        marked = [row | (done if number == finished else {}) for number, row in enumerate(rows)]
        yield _asked(rows, marked), {}
        gone = [row for number, row in enumerate(rows) if number != finished]
        yield _asked(rows, gone), {"done": [rows[finished]["title"]]}


def _without_tasks() -> Iterator[tuple[Row, Row]]:
    clocks: tuple[Row, ...] = (
        {"now_iso": _NOW.isoformat(), "timezone": _ZONE},
        {"hour_of_day": 22, "day_of_week": 6},
        {"hour_of_day": 3},
        {},
    )
    for place, clock in enumerate(clocks):
        yield {"tasks": [], "agent_outputs": [], **clock}, {}
        yield {"tasks": [], "agent_outputs": _snippets(_rows(place)), **clock}, {}
        yield {"tasks": [], "agent_outputs": [], "locale": ("de", "fr", "ja", "ar")[place], **clock}, {}
        done = [row | {"status": "done"} for row in _rows(place)]
        yield {"tasks": done, "agent_outputs": [], **clock}, {"done": [row["title"] for row in done]}
        note = {"agent_id": "mine", "prompt_text": "Mornings suit you."}
        yield {"tasks": [], "agent_outputs": [note], **clock}, {}
        yield {"tasks": [{"id": "t1", "title": "", "status": "open"}], "agent_outputs": [], **clock}, {}


def _null() -> Iterator[tuple[Row, Row]]:
    fields = ("agent_outputs", "hour_of_day", "day_of_week", "recent_tips", "now_iso", "timezone", "locale", "tasks")
    nothing = dict.fromkeys(fields)
    broken: tuple[Row, ...] = (
        {},
        {"id": None, "title": None, "status": None},
        dict.fromkeys(("id", "title", "status", "created_at", "due_at", "priority", "estimate_minutes", "tags")),
        {"title": "Book the dentist", "due_at": "0000-00-00", "priority": "NaN", "estimate_minutes": -5},
        {"title": 7, "status": ["open"], "due_at": {}},
        {"title": "Book the dentist", "status": "?", "created_at": "yesterday"},
    )
    for place, row in enumerate(broken):
        yield nothing | {"tasks": [row]}, {}
        yield nothing | {"tasks": [row, *_rows(place)], "agent_outputs": []}, {}
        note = {"agent_id": "mine", "prompt_text": None, "computed_at": None, "expires_at": None}
        yield nothing | {"tasks": [row], "agent_outputs": [note], "now_iso": _NOW.isoformat()}, {}
        recent = [{"content": None, "kind": None, "task_id": None, "created_at": None}]
        yield nothing | {"recent_tips": recent, "agent_outputs": [], "hour_of_day": 4 * place}, {}


def _crisis() -> Iterator[tuple[Row, Row]]:
    for place, title in enumerate(CRISIS):
        rows = _rows(place, title)
        yield _asked(rows), {"withheld": [title]}
        note = {"agent_id": "mine", "prompt_text": f"[start|3] Fact: «{title}» is due today. Move: start with it."}
        yield _asked(rows[:1]) | {"agent_outputs": [note]}, {"withheld": [title]}


def _markup() -> Iterator[tuple[Row, Row]]:
    for place, title in enumerate(MARKUP):
        yield _asked(_rows(place, title)), {}
        yield _asked(_rows(place, title)[:1], locale="de" if place % 2 else None), {}


def _scripts() -> Iterator[tuple[Row, Row]]:
    for place, (title, language) in enumerate(SCRIPTS):
        yield _asked(_rows(place, title), locale=language), {}
        yield _asked(_rows(place, title)[:1]), {}
