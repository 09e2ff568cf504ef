"""Answers to the page's script: choices, tips, and one sentence for each fault."""

import json
from typing import Any

import httpx
import pytest

from testing.for_each import for_each
from tests.unit.local.playground.page_requests import SERVE_ID, SERVICE, TIP, asked, body_of, page_request, served

PROBLEMS = [{"type": "missing", "loc": ["body", "user_id"], "msg": "Field required"}]


def test_the_choices_are_the_released_versions_of_both_endpoints() -> None:
    told = page_request("GET", "/choices").json()

    assert told["service"] == SERVICE
    assert "orchestrator-2" in told["versions"]["/recommend"]
    assert "v2-grounded" in told["versions"]["/generate"]


def test_the_version_and_the_slider_go_over_the_body() -> None:
    """All else of the text reaches the service as it was written, text that is no valid Unicode included."""
    sent: list[dict[str, Any]] = []

    def remember(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, json=TIP)

    asked(remember, text='{"user_id": 123456789012345678901, "science_destiny": 5, "tasks": [{"title": "\\ud800"}]}')

    assert sent == [
        {
            "user_id": 123456789012345678901,
            "science_destiny": 35,
            "tasks": [{"title": "\ud800"}],
            "prompt_version": "orchestrator-2",
        }
    ]


@for_each("text", ["", "{", "[]", "null", '"text"', "[" * 100_000])
def test_a_text_that_is_no_object_is_not_sent(text: str) -> None:
    told = asked(served(500), text=text)

    assert told["problem"].startswith("The request is not a JSON object: ")


@for_each(
    ("answer", "sentence"),
    [
        (
            served(422, detail=PROBLEMS, code="invalid_request"),
            "The service refuses the request (422 invalid_request): body.user_id: Field required.",
        ),
        (
            served(422, detail="Unknown prompt_version: x", code="unknown_prompt_version"),
            "The service refuses the request (422 unknown_prompt_version): Unknown prompt_version: x.",
        ),
        (
            served(503, detail="LiteLLM unreachable: timeout", code="llm_timeout"),
            "The service answers (503 llm_timeout): LiteLLM unreachable: timeout.",
        ),
        (served(403, message="Forbidden"), "The service answers (403): Forbidden."),
        (lambda _: httpx.Response(502, text="<html>"), "The service answers (502)."),
        (lambda _: httpx.Response(307, headers={"location": "/"}), "The service answers (307)."),
        (
            lambda _: httpx.Response(200, text="<html>"),
            f"The service at {SERVICE} answers 200 without JSON: check SERVICE_URL.",
        ),
        (served(200, ok=True), "This version cannot read the service's response: check SERVICE_URL."),
    ],
)
def test_what_the_service_refuses_is_one_sentence(answer: Any, sentence: str) -> None:
    assert asked(answer) == {"problem": sentence}


def test_of_many_problems_the_first_are_told() -> None:
    told = asked(served(422, detail=5 * PROBLEMS, code="invalid_request"))

    assert told["problem"].count("body.user_id: Field required") == 3
    assert told["problem"].endswith("; and 2 more.")


@pytest.mark.parametrize("path", ["/ask", "/feedback"])
@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ReadTimeout("late")])
def test_a_service_that_is_down_is_one_sentence(path: str, error: Exception) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    body = {"path": "/recommend", "text": "{}", "version": "orchestrator-2"}
    told = page_request("POST", path, fail, json=body).json()

    assert told == {
        "problem": f"The service at {SERVICE} does not answer ({type(error).__name__}):"
        " start it, or name another one with SERVICE_URL."
    }


def test_feedback_is_passed_on() -> None:
    sent: list[tuple[str, Any]] = []

    def remember(request: httpx.Request) -> httpx.Response:
        sent.append((request.url.path, json.loads(request.content)))
        return httpx.Response(202, json={"accepted": True})

    body = {"user_id": "user-7", "serve_id": SERVE_ID, "candidate_id": None, "action": "helpful"}
    told = page_request("POST", "/feedback", remember, json=body).json()

    assert (told, sent) == ({"problem": None}, [("/feedback", body)])


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"path": "/health", "text": "{}", "version": "x"}'])
def test_a_question_that_the_page_does_not_ask_is_refused(content: str) -> None:
    headers = {"content-type": "application/json"}

    assert page_request("POST", "/ask", content=content, headers=headers).status_code == 422


def test_an_example_is_the_body_of_its_event() -> None:
    told = page_request("GET", "/example?set=examples&name=recommend.json").json()

    assert (told["path"], json.loads(told["text"])) == ("/recommend", body_of("recommend"))


@pytest.mark.parametrize("query", ["", "?set=../events", "?set=local/..%2F..%2Fcore", "?set=held-out"])
def test_a_set_that_is_not_offered_is_not_read(query: str) -> None:
    assert page_request("GET", f"/names{query}").json()["problem"].endswith(" is no set of requests.")
