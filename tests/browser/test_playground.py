"""The playground in a browser: two tips beside each other, with the keyboard alone, and texts that stay texts."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PATIENCE_MS, PlannedService, Visit

SERVE_ID = "0123456789abcdef0123456789abcdef"
_MARKUP = (
    "<img src=x onerror=hit()>",
    "</script><script>hit()</script>",
    '" onmouseover="hit()" x="',
    "'><svg onload=hit()>",
    "<iframe srcdoc='<script>parent.hit()</script>'>",
    "<style>@import 'https://attacker.test/x.css';</style>",
    "<a href='javascript:hit()'>here</a>",
    "javascript:hit()",
    "&lt;img src=x onerror=hit()&gt;",
    "${hit()} {{hit()}}",
    "<base href='https://attacker.test/'><link rel=stylesheet href='https://attacker.test/x.css'>",
)
HOSTILE = (_MARKUP[0], " ".join(_MARKUP), "x" * 10_000)


def opened(visit: Visit, address: str) -> Page:
    """The page once its first request stands in the field."""
    page = visit.open(address)
    expect(page.get_by_label("Body for")).to_have_value(re.compile("user_id"), timeout=PATIENCE_MS)
    return page


def asked(page: Page) -> None:
    """Press the button, and wait for both."""
    page.get_by_role("button", name="Send to A and B").click()
    answered(page)


def answered(page: Page) -> None:
    expect(page.locator("#status")).to_have_text(re.compile("below"), timeout=PATIENCE_MS)


def answer(text: str, number: int = 1) -> dict[str, Any]:
    """An answer to `/recommend` in which every text is that one."""
    snippet = {"agent_id": text, "agent_version": text, "age_s": 1, "state": "fresh", "used": False}
    return {
        "tip": {"id": "tip-1", "content": text, "source": "llm", "kind": "start", "rationale": text},
        "model": text,
        "prompt_tokens": number,
        "completion_tokens": number,
        "receipt": {
            "serve_id": SERVE_ID,
            "trace_id": text,
            "prompt_version": text,
            "task_id": text,
            "experiment": None,
            "attempts": 1,
            "cost_usd": None,
            "degraded_reason": text,
            "snippets": [{**snippet, "reason": "expired"}],
        },
    }


def request_with(text: str) -> str:
    """A body in which titles, ids, snippets and tips are that text."""
    task = {"id": text, "title": text, "project_id": text, "tags": [text]}
    body = {"user_id": text[:200], "tasks": [task], "recent_tips": [{"content": text[:4000], "task_id": text[:200]}]}
    return json.dumps(body)


def test_both_versions_answer_beside_each_other(visit: Visit, playground: str, note: Callable[[str], None]) -> None:
    """Both have scores, prompt and omissions; no request goes to another host, and the console is empty."""
    page = opened(visit, playground)
    asked(page)
    started = time.monotonic()
    asked(page)
    took_s = time.monotonic() - started
    versions = page.locator("article")

    expect(versions).to_have_count(2)
    for place, version in enumerate(("A: orchestrator-1", "B: orchestrator-2")):
        shown = versions.nth(place)
        expect(shown.get_by_role("heading", level=2)).to_have_text(version)
        expect(shown.locator("blockquote")).to_contain_text("«Send the quarterly report to Mara»")
        expect(shown).to_contain_text("Kind: start. Task: «Send the quarterly report to Mara» (t-101).")
        expect(shown).to_contain_text(re.compile(r"\d+ ms, cost unknown, \d+ \+ \d+ tokens"))
        expect(shown.get_by_role("table").locator("tbody tr")).to_have_count(14)
        expect(shown).to_contain_text(re.compile(r"Prompt: [\d,]+ characters, about [\d,]+ tokens"))
        expect(shown.locator("details").last).to_contain_text("snippet 2 of stale-task: expired")
    assert {address.split("/")[2] for address in visit.requests} == {playground.split("/")[2]}
    assert visit.problems == []
    note(
        f"Two versions answered and shown in {took_s:.1f} s; {sum(visit.elements.values())} elements,"
        f" {len(visit.requests)} requests, 0 of them to another host."
    )


def focus(page: Page, selector: str) -> None:
    """Press Tab until the control has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def test_the_keyboard_is_enough(visit: Visit, playground: str) -> None:
    """From a request of a set over another version and slider to feedback on the tip."""
    page = opened(visit, playground)
    focus(page, "#set")
    page.keyboard.type("adversarial")
    expect(page.get_by_label("Body for")).to_have_value(re.compile("adversarial"))
    page.keyboard.press("Home")
    expect(page.get_by_label("Body for")).to_have_value(re.compile("quarterly"))
    focus(page, "#a")
    page.keyboard.press("ArrowDown")
    focus(page, "#text")
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.type('"locale": "en", ')
    focus(page, "#slider")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#value")).to_have_text("36")
    focus(page, "#ask")
    page.keyboard.press("Enter")
    answered(page)
    focus(page, ".helpful")
    page.keyboard.press("Space")

    expect(page.locator("article h2").first).to_have_text("A: orchestrator-2")
    expect(page.get_by_role("group", name="Feedback on this tip of A").get_by_role("status")).to_have_text(
        "Sent: helpful."
    )
    expect(page.get_by_role("button", name="Helpful", exact=True).first).to_have_attribute("aria-pressed", "true")
    focus(page, "summary")
    page.keyboard.press("Enter")
    expect(page.locator("pre").first).to_be_visible()
    assert visit.problems == []


def test_each_control_has_a_name_and_a_visible_focus(visit: Visit, playground: str) -> None:
    page = opened(visit, playground)
    for name in ("Set of requests", "Request", "Version A", "Version B"):
        expect(page.get_by_role("combobox", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="Body for /recommend, to edit")).to_be_visible()
    expect(page.get_by_role("slider", name=re.compile("^Slider, 0 data-driven to 100 intuitive"))).to_be_visible()
    focus(page, "#ask")

    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_candidates_are_shown_each_with_feedback_of_its_own(visit: Visit, playground: str) -> None:
    page = opened(visit, playground)
    page.get_by_label("Request", exact=True).select_option("generate.json")
    expect(page.locator("#path")).to_have_text("/generate")
    expect(page.get_by_role("slider")).to_be_disabled()
    asked(page)
    expect(page.locator("blockquote")).to_have_count(6)
    page.get_by_role("button", name="Not helpful").nth(4).click()

    expect(page.get_by_text("Sent: not_helpful.")).to_have_count(1)
    assert visit.problems == []


def test_a_hostile_text_adds_no_element(visit: Visit, planned: PlannedService, beside_planned: str) -> None:
    """Not as a title, an id or a tip, as a reason of the service, nor as the name of a recorded case."""
    page = opened(visit, beside_planned)
    plain = elements_with(visit, planned, "plain")

    assert dict.fromkeys(HOSTILE, plain) == {text: elements_with(visit, planned, text) for text in HOSTILE}
    assert {address.split("/")[2] for address in visit.requests} == {beside_planned.split("/")[2]}
    assert page.evaluate("() => [window.hit, document.querySelectorAll('img, iframe, script:not([src])').length]") == [
        None,
        0,
    ]
    assert visit.problems == []


def elements_with(visit: Visit, planned: PlannedService, text: str) -> dict[str, int]:
    """The elements of the page after an answer and a refusal full of that text, and with a set of cases of that name.

    Items of lists do not count: the number of omissions may differ.
    """
    page = visit.page
    planned.answer = (503, {"detail": text, "code": text})
    asked(page)
    expect(page.locator("article .problem").first).to_contain_text(text[:400])
    planned.answer = (200, answer(text))
    page.get_by_label("Body for").fill(request_with(text))
    asked(page)
    expect(page.locator("blockquote").first).to_have_text(text)
    page.unroute_all()
    page.route("**/names*", lambda route: named(route, text))
    page.get_by_label("Set of requests").select_option("adversarial")
    expect(page.get_by_label("Request", exact=True).locator("option")).to_have_text([text])
    page.get_by_label("Set of requests").select_option("examples")

    assert visit.overflow <= 0, text
    return {name: count for name, count in visit.elements.items() if name != "li"}


def named(route: Route, name: str) -> None:
    """Answer the question for the names of a set."""
    route.fulfill(json={"names": [name]})


def test_a_refusal_is_shown_as_its_sentence(visit: Visit, playground: str) -> None:
    page = opened(visit, playground)
    page.get_by_label("Body for").fill('{"tasks": []}')
    asked(page)

    expect(page.locator("article .problem")).to_have_text(
        2 * ["The service refuses the request (422 invalid_request): body.user_id: Field required."]
    )
    expect(page.locator("#status")).to_have_text("2 of 2 versions gave no tip; the reason is below.")
    assert visit.problems == []


def test_the_slider_replaces_the_value_in_the_text_once_it_is_moved(
    visit: Visit, planned: PlannedService, beside_planned: str
) -> None:
    """Until then the text is sent as it is, a value out of range included; a later edit of the text wins again."""
    page = opened(visit, beside_planned)
    planned.answer = (200, answer("plain"))
    text, slider = page.get_by_label("Body for"), page.get_by_role("slider")
    text.fill('{"user_id": "u", "science_destiny": 101}')
    asked(page)
    slider.press("ArrowLeft")
    asked(page)
    text.fill('{"user_id": "u"}')
    asked(page)

    assert [body.get("science_destiny") for body in planned.bodies] == [101, 101, 99, 99, None, None]


def test_a_service_that_is_down_is_one_sentence(visit: Visit, planned: PlannedService, beside_planned: str) -> None:
    page = opened(visit, beside_planned)
    planned.answer = None
    asked(page)

    expect(page.locator("article .problem").first).to_have_text(
        re.compile(
            f"^The service at {planned.url} does not answer .*: start it, or name another one with SERVICE_URL.$"
        )
    )
    assert visit.problems == []


def test_a_playground_that_has_ended_is_one_sentence(visit: Visit, beside_planned: str) -> None:
    page = opened(visit, beside_planned)
    page.route("**/ask", lambda route: route.abort())
    asked(page)

    expect(page.locator("article .problem").first).to_have_text(
        "The playground does not respond. Start it again with make playground."
    )


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_window(visit: Visit, playground: str, width: int, scheme: str) -> None:
    """With every part open, and in the colours that the person prefers."""
    visit.page.set_viewport_size({"width": width, "height": 900})
    visit.page.emulate_media(color_scheme=scheme)
    page = opened(visit, playground)
    asked(page)
    for summary in page.locator("summary").all():
        summary.click()

    assert visit.overflow <= 0
    red = page.evaluate("() => Number(getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0])")
    assert (red > 127) == (scheme == "light")
