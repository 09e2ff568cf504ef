"""The line that a request leaves at the terminal."""

from typing import Any

from local.request_line import readable, request_line
from testing.for_each import for_each

RECEIPT = {"snippets": [{"state": "fresh", "used": True}, {"state": "fresh", "used": False}, {"state": "expired"}]}


@for_each(
    ("status", "body", "line"),
    [
        (200, {"receipt": RECEIPT}, "200 44 ms trace=abc fresh=2 used=1"),
        (200, {"receipt": {"snippets": []}}, "200 44 ms trace=abc fresh=0 used=0"),
        (200, {"receipt": {"snippets": [7, {}]}}, "200 44 ms trace=abc fresh=0 used=0"),
        (200, {"receipt": None}, "200 44 ms trace=abc"),
        (200, None, "200 44 ms trace=abc"),
        (502, {"code": "llm_auth", "detail": "x"}, "502 44 ms trace=abc code=llm_auth"),
    ],
)
def test_a_line_has_the_facts_of_its_answer(status: int, body: object, line: str) -> None:
    """Snippets of a tip, or an error's code."""
    shown = request_line("POST", "/x", status, 44.4, trace="abc", body=body, paint=lambda text, _: text)

    assert shown == f"POST /x {line}"


def test_a_line_without_facts_ends_with_the_time() -> None:
    """A function that is not ours names no trace."""
    shown = request_line("GET", "/" + "x" * 200, 200, 1.0, trace="", body=None, paint=lambda text, _: text)

    assert shown == f"GET /{'x' * 99} 200 1 ms"


def test_the_status_has_a_colour() -> None:
    """It is green, yellow or red; the rest of the line is faint."""

    def paint(text: str, colour: int) -> str:
        return f"<{colour}:{text}>"

    shown = [request_line("GET", "/", status, 1, trace="a", body=None, paint=paint) for status in (202, 404, 503)]

    assert shown == [f"GET / <{colour}> 1 ms <2:trace=a>" for colour in ("32:202", "33:404", "31:503")]


@for_each(
    ("body", "value", "text"),
    [
        (b'{"a":[1,"\xc3\xa4"]}', {"a": [1, "ä"]}, '{\n  "a": [\n    1,\n    "ä"\n  ]\n}\n'),
        (b"not json", None, "not json"),
        (b"", None, ""),
    ],
)
def test_json_gets_one_field_per_line(body: bytes, value: Any, text: str) -> None:
    """Anything else stays as it is."""
    assert readable(body) == (value, text.encode())
