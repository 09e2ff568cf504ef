"""The playground answers its own page, and no other that is open in the same browser."""

import pytest

from local.playground.app import LARGEST_BODY
from testing.for_each import for_each
from tests.unit.local.playground.page_requests import page_request, question

SIMPLE = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")
"""The types that a page may send to another origin without asking first."""


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:3004", "localhost", "localhost:3004", "LOCALHOST:3004"])
def test_its_own_address_is_answered(host: str) -> None:
    assert page_request("GET", "/", headers={"host": host}).status_code == 200


@for_each(
    "host",
    [
        "attacker.test",
        "attacker.test:3004",
        "127.0.0.1.attacker.test",
        "localhost.attacker.test:3004",
        "127.0.0.1:3005",
        "127.0.0.2",
        "[::1]:3004",
        "localhost@attacker.test",
        "",
    ],
)
@for_each("path", ["/", "/playground.js", "/example?set=examples&name=recommend.json", "/nothing"])
def test_any_other_name_is_refused(host: str, path: str) -> None:
    """A name of the attacker's may resolve to this machine."""
    assert page_request("GET", path, headers={"host": host}).status_code == 403


@for_each("path", ["/ask", "/feedback"])
@for_each(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", "application/jsonp", ""],
)
def test_a_post_that_is_not_json_is_refused(path: str, kind: str) -> None:
    response = page_request("POST", path, content="{}", headers={"content-type": kind})

    assert response.status_code == 415


def test_json_may_name_its_characters() -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}

    assert page_request("POST", "/feedback", content="{}", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/ask", "/feedback"])
def test_a_body_has_a_limit(path: str) -> None:
    body = question("x" * LARGEST_BODY)

    assert page_request("POST", path, json=body).status_code == 413


def test_another_origin_gets_no_permission() -> None:
    """The question of a browser before it sends JSON to another origin is answered without one."""
    headers = {"origin": "http://attacker.test", "access-control-request-method": "POST"}
    response = page_request("OPTIONS", "/ask", headers=headers)

    assert response.status_code == 405
    assert not [name for name in response.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/playground.js", 200), ("/choices", 200), ("/nothing", 404), ("/ask", 405)]
)
def test_every_answer_forbids_what_is_not_its_own(path: str, status: int) -> None:
    response = page_request("GET", path)
    policy = response.headers["content-security-policy"]

    assert response.status_code == status
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
