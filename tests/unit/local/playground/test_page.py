"""The page's files: small, without a source elsewhere, and with texts that stay texts."""

import re

import pytest

from local.playground.app import FILES
from testing.for_each import for_each
from tests.unit.local.playground.page_requests import page_request

PAGE, STYLE, SCRIPT = (FILES / name for name in ("index.html", "playground.css", "playground.js"))


def test_the_page_is_small() -> None:
    """Page, style and script together have at most 20 kB, the script at most 200 lines."""
    assert sum(file.stat().st_size for file in (PAGE, STYLE, SCRIPT)) <= 20_000
    assert len(SCRIPT.read_text().splitlines()) <= 200


@for_each(
    "way",
    ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "createContextualFragment", "eval", "setHTML"],
)
def test_no_text_becomes_markup(way: str) -> None:
    assert way not in SCRIPT.read_text()


def test_nothing_is_loaded_from_elsewhere() -> None:
    """Scripts stand in the one file: none is inline, no attribute holds one, and every address is a path."""
    page = PAGE.read_text()

    assert re.findall(r'(?:src|href)="([^"]*)"', page) == ["/playground.css", "/playground.js"]
    assert re.findall(r"<script(?![^>]*src)|<style|\sstyle=|\son\w+=", page) == []
    assert re.findall(r"https?:|url\(|@import", STYLE.read_text() + SCRIPT.read_text()) == []


def test_every_control_has_a_label() -> None:
    page = PAGE.read_text()
    controls = set(re.findall(r'<(?:select|textarea|input) id="(\w+)"', page))

    assert controls == {"set", "name", "a", "b", "text", "slider"}
    assert controls <= set(re.findall(r'<label for="(\w+)"', page))


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "text/html"), ("/playground.css", "text/css"), ("/playground.js", "text/javascript")],
)
def test_the_files_are_served_as_what_they_are(path: str, kind: str) -> None:
    assert page_request("GET", path).headers["content-type"].startswith(kind)
