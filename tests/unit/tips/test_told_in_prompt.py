"""The clock and the language of a request to `/recommend`, in the messages that the model gets."""

import json
from typing import Any

from testing.for_each import for_each
from tests.unit.tips.fixtures import Scene, replied

TASKS = [{"id": "a", "title": "Überweisung Miete", "due_at": "2026-04-16T13:00:00+02:00"}]
REPLY = {"content": "Gib «Überweisung Miete» zehn Minuten.", "rationale": "Heute.", "kind": "start", "task_ref": "T1"}
MOMENT = {"now_iso": "2026-04-16T09:10:00+02:00", "timezone": "Europe/Berlin"}


def messages(**body: Any) -> tuple[str, str]:
    """The system and the user message of a request."""
    scene = Scene(replied(REPLY))
    scene.recommend(**{"agent_outputs": [], "tasks": TASKS, **body})
    system, user = (message["content"] for message in scene.conversations[0][:2])
    return system, user


def language(**body: Any) -> str:
    line = next(line for line in messages(**body)[1].splitlines() if line.startswith("Delivery: "))
    return str(json.loads(line.removeprefix("Delivery: "))["language"])


@for_each(
    ("body", "line"),
    [
        ({**MOMENT, "hour_of_day": 22, "day_of_week": 6}, "Now: Thursday, morning, 09:10"),
        ({**MOMENT, "hour_of_day": 22}, "Now: Thursday, morning, 09:10"),
        (MOMENT, "Now: Thursday, morning, 09:10"),
        ({"now_iso": "2026-04-16T07:10:00Z", "timezone": "Asia/Tokyo"}, "Now: Thursday, afternoon, 16:10"),
        ({"now_iso": "2026-04-16T22:30:00Z", "timezone": "Europe/Berlin"}, "Now: Friday, night, 00:30"),
        ({"now_iso": "2026-04-16T09:10:00+02:00", "hour_of_day": 22}, "Now: Thursday, morning, 09:10"),
        ({"now_iso": "2026-04-16T07:10:00Z", "hour_of_day": 22, "day_of_week": 6}, "Now: Sunday, night (22h)"),
        ({"hour_of_day": 22, "day_of_week": 6}, "Now: Sunday, night (22h)"),
        ({"hour_of_day": 22, "day_of_week": 6, "timezone": "Europe/Berlin"}, "Now: Sunday, night (22h)"),
        ({"hour_of_day": 9}, "Now: morning (09h)"),
        ({"now_iso": "2026-04-16T07:10:00Z"}, None),
        ({}, None),
    ],
)
def test_the_users_moment_wins_over_hour_and_weekday(body: dict[str, Any], line: str | None) -> None:
    """These two serve where no moment in a known zone is given, and then without minutes."""
    _, user = messages(**body)

    assert [each for each in user.splitlines() if each.startswith("Now: ")] == [line] * (line is not None)
    if line and "Thursday" in line:
        assert not [word for word in ("Sunday", "22h", "night") if word in user]


@for_each(
    "case",
    [
        ({"locale": "de"}, "de"),
        ({"locale": "de-CH"}, "de"),
        ({"locale": "pt_BR", "tasks": [{"title": "Call mum"}]}, "pt"),
        ({"locale": " DE ", "tasks": [{"title": "Buy the bread"}]}, "de"),
        ({"locale": None}, "de"),
        ({"locale": ""}, "de"),
        ({"locale": 7, "tasks": [{"title": "Rechnung bezahlen"}]}, "de"),
        ({"tasks": [{"title": "Acheter une facture"}]}, "fr"),
        ({"tasks": [{"title": "Купить хлеб"}]}, "ru"),
        ({"tasks": [{"title": "税金を払う"}]}, "ja"),
        *(({"tasks": [{"title": title}]}, "en") for title in ("TÜV", "IKEA", "1:1 Ben", "Zürich", "42", "Xyzzy")),
        ({"tasks": [{"title": title} for title in ("TÜV", "IKEA", "1:1 Ben")]}, "en"),
        ({"tasks": []}, "en"),
    ],
)
def test_the_language_is_the_callers_else_that_of_the_titles(case: tuple[dict[str, Any], str]) -> None:
    """Names are no language, and English is meant in doubt."""
    body, expected = case

    assert language(**body) == expected


def test_content_and_reason_are_asked_for_in_it() -> None:
    """In words beside the bounds; titles stay as they are, and the rules ask for both in one language."""
    for locale, name in (("de", "German"), ("fr", "French"), ("gsw", 'the language "gsw"')):
        system, user = messages(locale=locale)

        assert f"Write content and rationale in {name}, titles as they are." in user
        assert '"title":"Überweisung Miete"' in user
        assert "in the language of the tip" in system
