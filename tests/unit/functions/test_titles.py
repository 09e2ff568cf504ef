"""Task titles, from the request of a handler to the snippet, the prompt and the tip in its answer."""

import json
from functools import cache
from typing import Any

import pytest

from oo.snapshot.titles import read_title
from oo.telemetry.instrumentation import Handler
from testing.entries import invoke, load_handler
from testing.for_each import for_each
from testing.http_events import http_event
from tests.unit.tips.fixtures import TIP, Scene, failed, replied

NOW = "2026-03-12T09:00:00Z"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
AS_SENT = (
    "👩\u200d👧 Call mum",
    f"Buy a flag {ENGLAND} for Sunday",
    "نان می\u200cخرم",
    "क\u094d\u200dष and 🏃🏽\u200d♀\ufe0f at 1\ufe0f\u20e3",
    "Rename snake_case in List<String> if 3 < 5 * 2",
)
DISPLAYED = (
    ("<b>Call</b>&nbsp;Tom &amp; Ann", "Call Tom & Ann"),
    ("https://example.com/some/article?id=1", "example.com"),
    ("Send **invoice** to [Marlow](https://marlow.example/po/7)", "Send invoice to Marlow"),
    ("Read https://user:pw@www.example.com:8080/a.", "Read example.com."),
    ("Write to anna@example.com", "Write to (e-mail)"),
    ("Try javascript:alert(1)", "Try (link)"),
    ("![photo](https://example.com/a.png) of &lt;i&gt;Ben&lt;/i&gt;", "photo of Ben"),
)
TITLES = (*((title, title) for title in AS_SENT), *DISPLAYED)


@cache
def compute() -> Handler:
    return load_handler("compute")


def prompt_text(title: str) -> str:
    """An agent's sentence on one task that is due today."""
    task = {"id": "a", "title": title, "due_at": "2026-03-12T17:00:00Z"}
    event = http_event(
        "POST",
        "/agents/deadline-pressure/compute",
        {"user_id": "u", "now_iso": NOW, "tasks": [task], "timezone": "UTC"},
    )
    return str(json.loads(invoke(compute(), event)["body"])["prompt_text"])


def template_content(title: str, *notes: str) -> str:
    """The tip that is made without a model, of one task and an agent's notes."""
    body: dict[str, Any] = {
        "tasks": [{"id": "a", "title": title}],
        "agent_outputs": [{"agent_id": "deadline-pressure", "prompt_text": note} for note in notes],
    }
    return Scene(failed(400)).recommend(template_fallback=True, **body).tip.content


def data(scene: Scene) -> str:
    """The user message that the model got."""
    return str(scene.conversations[0][1]["content"])


@for_each(("title", "displayed"), TITLES)
def test_a_title_is_shown_in_snippet_prompt_and_tip_alike(title: str, displayed: str) -> None:
    """Joiners and flags stay, markup goes, a host stands for its address."""
    note = prompt_text(title)
    scene = Scene(replied(TIP))
    response = scene.recommend(
        tasks=[{"id": "a", "title": title}],
        agent_outputs=[{"agent_id": "deadline-pressure", "prompt_text": note}],
    )

    assert f"«{displayed}»" in note
    assert f"«{displayed}»" in template_content(title)
    assert f"«{displayed}»" in template_content(title, note)
    assert response.receipt.snippets[0].used
    assert json.loads(data(scene).split("\n")[2])["title"] == displayed
    assert f"«{displayed}»" in json.loads(data(scene).split("\n")[3])["note"]


def test_the_handlers_answer_with_display_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing between an event and its answer changes them."""
    monkeypatch.setenv("LITELLM_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LITELLM_API_KEY", "sk-planted")
    monkeypatch.setenv("TIP_FALLBACK", "template")
    recommend = load_handler("recommend")
    for title, displayed in (*((title, title) for title in AS_SENT[:3]), *DISPLAYED[:3]):
        body = {"user_id": "u", "tasks": [{"id": "a", "title": title}]}
        answered = json.loads(invoke(recommend, http_event("POST", "/recommend", body))["body"])

        assert answered["tip"]["source"] == "template"
        assert f"«{displayed}»" in answered["tip"]["content"], title


def test_a_snippet_may_quote_a_title_as_it_was_sent() -> None:
    """It is no ghost; the model and the user see the display title."""
    for title, displayed in DISPLAYED:
        note = f"[start|3] Fact: «{title}» is due today. Move: begin with «{title}»."
        scene = Scene(replied(TIP))
        response = scene.recommend(
            tasks=[{"id": "a", "title": title}], agent_outputs=[{"agent_id": "mine", "prompt_text": note}]
        )

        assert response.receipt.snippets[0].used, title
        assert note.replace(title, displayed) in json.loads(data(scene).split("\n")[3])["note"], title
        assert f"«{displayed}»" in template_content(title, note), title


def test_a_tip_that_names_a_task_by_its_host_is_taken_as_it_is() -> None:
    """In quotes or not, with the task's ref or without it, in one call."""
    title = "Compare https://www.example.com/a?b=1 with Node.js/Deno"
    displayed = "Compare example.com with Node.js/Deno"
    for content in (f"Open «{displayed}» after lunch.", f"{displayed} after lunch.", "Open example.com after lunch."):
        for fields in ({}, {"task_ref": "T1"}):
            response = Scene(replied(TIP | fields | {"content": content})).recommend(
                tasks=[{"id": "a", "title": title}]
            )

            assert (response.receipt.attempts, response.tip.content) == (1, content), content


def test_a_title_that_looks_like_markup_is_quoted_letter_for_letter() -> None:
    """Also where a tip quotes two."""
    titles = ["Port List<String>", "Draft [a](b) c <name>", "Fix *args, **kwargs"]
    content = " and ".join(f"«{read_title(title)}»" for title in titles) + "."
    tasks = [{"id": title, "title": title} for title in titles]

    assert Scene(replied(TIP | {"content": content})).recommend(tasks=tasks).tip.content == content


def test_words_of_self_harm_are_found_behind_markup() -> None:
    """Such a task is not offered, in any disguise of the word."""
    for title in ("plan sui<b></b>cide", "plan sui&#99;ide", "plan **suicide**", "x " * 60 + "sui<i></i>cide"):
        scene = Scene(replied(TIP))
        scene.recommend(tasks=[{"id": "a", "title": title}])

        assert "plan " not in data(scene), title
        assert '"ref"' not in data(scene), title
