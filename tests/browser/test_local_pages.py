"""The pages of `make run` in a browser."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_the_api_docs_call_the_service_of_this_machine(visit: Visit, local_service: str) -> None:
    """A request is sent from the page and answered; no other host is asked, and the console stays empty."""
    page = visit.open(f"{local_service}/docs")
    expect(page.get_by_role("heading", name=re.compile("oO tip service"))).to_be_visible()
    operation = page.locator(".opblock").filter(has_text="/health")
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()

    expect(operation.locator(".live-responses-table .response-col_status").last).to_have_text("200")
    assert {address.split("/")[2] for address in visit.requests if not address.startswith("data:")} == {
        local_service.split("/")[2]
    }
    assert visit.problems == []


def test_the_first_page_links_to_what_there_is(visit: Visit, local_service: str) -> None:
    """Every link has an answer."""
    page = visit.open(local_service)
    links = [link.get_attribute("href") for link in page.get_by_role("link").all()]
    statuses = [page.request.get(f"{local_service}{link}").status for link in links]

    assert links == ["/docs", "/openapi.json", "/health", "/agents/registry"]
    assert statuses == [200] * 4
