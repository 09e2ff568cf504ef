"""A request with replaced words: the kept parts, and the others."""

from typing import Any

import pytest

from evals.cases.case import Case
from evals.recording.disguise import Disguise
from evals.recording.titles import OtherTitles
from testing.for_each import for_each

BODY: dict[str, Any] = {
    "user_id": "user-7",
    "now_iso": "2026-05-07T09:40:00+02:00",
    "timezone": None,
    "locale": None,
    "tasks": [],
    "agent_outputs": [],
    "recent_tips": [],
}
LONG = "Write the chapter on the history of the canal between both of the seas, and on all of its locks"


def other(**parts: Any) -> dict[str, Any]:
    """The request with these parts, in other words."""
    return Disguise(OtherTitles("a secret"), Case("", "", "", BODY | parts, {}).opened).request(BODY | parts)


def row(**fields: Any) -> dict[str, Any]:
    """One task's row in other words."""
    (told,) = other(tasks=[{"title": "Call Zenobia"} | fields])["tasks"]
    return {key: value for key, value in told.items() if key != "title"}


def note(text: str, agent_id: str = "stale-task") -> dict[str, Any]:
    return {
        "agent_id": agent_id,
        "prompt_text": text,
        "computed_at": None,
        "expires_at": None,
        "agent_version": None,
        "trace_id": "f" * 32,
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "in progress", "priority": "P1", "estimate_minutes": 12.5},
        {"due_at": "2026-05-07T17:00:00[Europe/Berlin]", "created_at": 1773331200, "timezone": "Asia/Kathmandu"},
        {"due": {"date": "2026-05-07", "timeZone": "Europe/Berlin"}, "due_history": ["2026-05-01", None]},
        {"duration": {"amount": 5, "unit": "minutes"}, "done": "no", "archived": False, "type": "habit"},
        {"deadline": "Thu, 12 Mar 2026 16:00:00 GMT", "tags": ["waiting-for"], "project_id": None},
    ],
    ids=str,
)
def test_dates_states_and_numbers_stay(fields: dict[str, Any]) -> None:
    """The service reads them alike, in all of their spellings."""
    assert row(**fields) == fields


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"id": 12345, "parent_id": "12345"}, {"id": "t1", "parent_id": "t1"}),
        ({"project_id": "Zenobia"}, {"project_id": "p1"}),
        ({"tags": ["Zenobia", "@waiting", {"name": "Zenobia"}]}, {"tags": ["@waiting"]}),
        ({"due": {"date": "2026-05-07", "string": "for Zenobia"}}, {"due": {"date": "2026-05-07"}}),
        ({"notes": "Zenobia", "assignee": {"name": "Zenobia"}, "Zenobia": 1}, {}),
    ],
    ids=str,
)
def test_ids_and_other_keys_do_not(fields: dict[str, Any], left: dict[str, Any]) -> None:
    """Ids are numbered, and keys that the service does not read are left out."""
    assert row(**fields) == left


@for_each("name", ["status", "due_at", "priority", "recurrence", "timezone", "description"])
def test_a_text_that_cannot_be_read_is_replaced(name: str) -> None:
    """It stays a text."""
    told = row(**{name: "as Zenobia says"})

    assert list(told) == [name]
    assert "enobia" not in told[name]


@pytest.mark.parametrize(
    ("title", "quoted"),
    [
        ("Call Zenobia", "Call Zenobia"),
        ("**Call** Zenobia", "Call Zenobia"),
        ("Read [the paper](https://paper.example/zenobia)", "Read the paper"),
        (LONG, f"{LONG[:60]}…"),
    ],
)
def test_notes_quote_the_other_title(title: str, quoted: str) -> None:
    """However they quote it, it is that of the same task; their own words stay."""
    text = f"[decide|3] Fact: «{quoted}» has been open 21 days. Move: choose one."
    told = other(tasks=[{"id": "a", "title": title}], agent_outputs=[note(text)])
    case = Case("", "", "", told | {"user_id": "user-1"}, {})
    (snippet,) = told["agent_outputs"]
    (named,) = case.noted_titles

    assert case.opened.named(named) is not None
    assert named != quoted
    assert snippet["prompt_text"] == text.replace(quoted, named)
    assert "trace_id" not in snippet


def test_recent_tips_and_callers_notes_keep_the_services_own_words() -> None:
    """Titles are replaced with and without quotes, and so is each word that no sentence of the service has."""
    told = other(
        tasks=[{"id": "a", "title": "Call Zenobia"}],
        agent_outputs=[note("Mornings suit Zenobia.", "zenobia")],
        recent_tips=[
            {"content": "Call Zenobia before lunch, not «Call Odo».", "kind": "odd", "task_id": "a", "created_at": None}
        ],
    )
    (tip,), (snippet,), (task,) = told["recent_tips"], told["agent_outputs"], told["tasks"]

    assert tip["content"].startswith(f"{task['title']} before lunch, not «")
    assert (tip["kind"], tip["task_id"], snippet["agent_id"]) == (None, "t1", "agent-2")
    assert not {"zenobia", "odo"} & set(str(told).lower().replace("«", " ").replace("»", " ").split())


@pytest.mark.parametrize(
    ("parts", "left"),
    [
        ({"timezone": "Europe/Berlin"}, {"timezone": "Europe/Berlin"}),
        ({"timezone": "Zenobia"}, {"timezone": "(unreadable)"}),
        ({"locale": "de-zenobia"}, {"locale": "de"}),
    ],
    ids=str,
)
def test_zone_and_locale_stay_as_far_as_they_are_read(parts: dict[str, Any], left: dict[str, Any]) -> None:
    """A zone that cannot be read stays one."""
    told = other(**parts)

    assert {name: told[name] for name in left} == left
