"""An installed Chromium, and the playground as `make playground` starts it.

Playwright has an environment of its own, so the tests here import neither the service nor its packages.
"""

import json
import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from testing.free_port import free_port

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv/bin/python"
PATIENCE_MS = 30_000
_START_S = 60.0
_FREE_PORTS = {"AWS_PORT": "0", "MODEL_PORT": "0"}
_SWITCHES = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
_HOST_VARIABLES = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")

Sketch = tuple[int, dict[str, Any]] | None
"""Status and fields of an answer; None closes the connection."""


@dataclass
class Visit:
    """A page with its requests and the messages of its console."""

    page: Page
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """Go there, remembering from the first request on."""
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.problems.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto(address)
        return self.page

    @property
    def elements(self) -> dict[str, int]:
        """The number of elements by their names."""
        counts: dict[str, int] = self.page.evaluate(
            "() => { const counts = {}; for (const node of document.querySelectorAll('*'))"
            " counts[node.localName] = (counts[node.localName] || 0) + 1; return counts; }"
        )
        return counts

    @property
    def overflow(self) -> int:
        """The pixels by which the page is wider than the window."""
        wider: int = self.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        return wider


@dataclass
class PlannedService:
    """A replacement of the service: every request gets the response that a test plans."""

    url: str
    answer: Sketch = None
    bodies: list[dict[str, Any]] = field(default_factory=list)


def pytest_configure(config: pytest.Config) -> None:
    """Keep the figures that tests note."""
    config.stash[_FIGURES] = []


_FIGURES = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the measured figures; no test depends on them."""
    for figure in config.stash[_FIGURES]:
        terminalreporter.write_line(figure)


@pytest.fixture
def note(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Takes a figure for the end of the output."""
    return pytestconfig.stash[_FIGURES].append


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=_SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def visit(context: BrowserContext) -> Visit:
    return Visit(context.new_page())


@pytest.fixture(scope="session")
def playground() -> Iterator[str]:
    """Where the page is, with the whole service behind it and the stand-in model."""
    with _running("local.playground", "PLAYGROUND_PORT", "/choices", PORT="0", **_FREE_PORTS) as address:
        yield address


@pytest.fixture(scope="session")
def local_service() -> Iterator[str]:
    """The address of the service as `make run` starts it."""
    with _running("local.run", "PORT", "/openapi.json", **_FREE_PORTS) as address:
        yield address


@pytest.fixture(scope="session")
def _planned() -> Iterator[tuple[str, PlannedService]]:
    with (
        _serving() as service,
        _running("local.playground", "PLAYGROUND_PORT", "/choices", SERVICE_URL=service.url) as address,
    ):
        yield address, service


@pytest.fixture
def planned(_planned: tuple[str, PlannedService]) -> PlannedService:
    _planned[1].bodies.clear()
    return _planned[1]


@pytest.fixture
def beside_planned(_planned: tuple[str, PlannedService]) -> str:
    """Where a page is that asks the planned service."""
    return _planned[0]


def run(*arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
    """A program of the project, in the environment that has its packages."""
    basics = {name: os.environ[name] for name in _HOST_VARIABLES if name in os.environ}
    path = os.pathsep.join([str(ROOT / "layers/agents"), str(ROOT)])
    return subprocess.Popen(
        [str(PYTHON), "-m", *arguments],
        cwd=ROOT,
        env={**basics, "PYTHONPATH": path, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(url: str, process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Return as soon as the process answers at a URL; fail where it ends, or does not answer in that time."""
    end = time.monotonic() + seconds
    while True:
        assert process.poll() is None, "the server did not start"
        try:
            with urllib.request.urlopen(url):  # noqa: S310  # its own address
                return
        except urllib.error.URLError:
            assert time.monotonic() < end, "the server did not start in time"
            time.sleep(0.05)


@contextmanager
def _running(module: str, port: str, ready: str, **environment: str) -> Iterator[str]:
    """The address of a program that takes its port by the variable `port` and answers at the path `ready`."""
    address = f"http://127.0.0.1:{free_port()}"
    process = run(module, **{port: address.rpartition(":")[2]}, LOGS="json", **environment)
    try:
        wait_for(address + ready, process, _START_S)
        yield address
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def _serving() -> Iterator[PlannedService]:
    service = PlannedService("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            service.bodies.append({"path": self.path, **json.loads(self.rfile.read(length))})
            if service.answer is None:
                self.close_connection = True
                return
            status, fields = service.answer
            body = json.dumps(fields).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
