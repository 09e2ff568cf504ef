"""The pages of the local service: everything that they load is on this machine."""

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from local.deployment.environment import ROOT
from local.site.pages import LocalPages
from testing.for_each import for_each

PAGES = LocalPages("curl -s 'http://127.0.0.1:3000' -d \\\n <x>")
SHOWN = ("/", "/docs", "/docs/start.js", "/docs/swagger-ui-bundle.min.js", "/docs/swagger-ui.min.css", "/openapi.json")


def ask(path: str, method: str = "GET") -> Response | None:
    return PAGES.answer(Request({"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}))


def text_of(path: str) -> str:
    answer = ask(path)
    assert answer is not None
    return bytes(answer.body).decode()


@for_each("path", SHOWN)
def test_a_browser_loads_nothing_from_the_network(path: str) -> None:
    """The policy allows this machine alone, also to the scripts that the package brings."""
    answer = ask(path)

    assert answer is not None
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert {word for sources in policy.values() for word in sources.split()} <= {
        *("'self'", "'none'", "'unsafe-inline'", "data:")
    }


@for_each("path", ["/", "/docs"])
def test_a_page_names_only_addresses_that_are_served_here(path: str) -> None:
    """Each link, script and style is a page here or a route of the service."""
    addresses = re.findall(r"(?:href|src)=\"([^\"]*)\"", text_of(path))

    assert addresses
    assert {*addresses} - {"/health", "/agents/registry", "data:,"} <= set(SHOWN)
    assert "//" not in "".join(addresses)


def test_the_document_is_the_repositorys() -> None:
    """Byte for byte; the page sets the server to itself."""
    assert text_of("/openapi.json") == Path(ROOT, "docs/openapi.json").read_text(encoding="utf-8")
    assert "window.location.origin" in text_of("/docs/start.js")
    assert "validatorUrl: null" in text_of("/docs/start.js")


def test_the_first_page_shows_the_request_as_text() -> None:
    """Nothing of it is markup."""
    assert "-d \\\n &lt;x&gt;" in text_of("/")


@for_each(("method", "path"), [("POST", "/docs"), ("GET", "/health"), ("GET", "/docs/"), ("GET", "/docs/../app.py")])
def test_all_else_is_the_services(method: str, path: str) -> None:
    """A page is answered for GET, at its own path."""
    assert ask(path, method) is None
