"""A request's processor time is bounded for any reply of the model and any body of a caller."""

import json
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from oo.errors import LLMError
from tests.growth.measure import Reference
from tests.growth.pieces import PIECES, pairs, repeated
from tests.unit.tips.fixtures import NOW, TIP, Scene, replied

REPLY_BYTES = 250_000
TIMES_REPLIES = 10
"""Bound on three such replies in a row, where 1 is the time of a plain body of 1 MiB; the dearest take 5."""

TIMES_BODY = 6
"""The same of any body; the dearest takes 3.5."""

TASKS = [{"id": "a", "title": "Pay the rent"}]


def of_size(piece: str, size: int = REPLY_BYTES) -> str:
    """The piece, repeated to that many bytes of JSON."""
    bytes_each = (len(json.dumps(piece, ensure_ascii=False).encode()) - 2) / len(piece)
    return repeated(piece, int(size / bytes_each))


def as_reply(piece: str) -> object:
    return of_size(piece)


def as_content(piece: str) -> object:
    return {"content": of_size(piece, REPLY_BYTES // 2), "rationale": of_size(piece, REPLY_BYTES // 2 - 100)}


def as_candidates(piece: str) -> object:
    return {"candidates": [{"content": of_size(piece, 3_000), "rationale": of_size(piece, 3_000)} for _ in range(40)]}


def asked(route: str, reply: object, **body: Any) -> None:
    """One request whose model sends that reply to every call; an error is one of the service's own."""
    scene = Scene(replied(reply))
    with suppress(LLMError):
        scene.recommend(**body) if route == "recommend" else scene.generate(**body)
    assert 1 <= len(scene.requests) <= 3


@pytest.fixture(scope="module")
def plain() -> Reference:
    """A request with the longest body of plain titles."""
    return Reference(partial(asked, "recommend", TIP, tasks=titles("x" * 485)))


@pytest.mark.parametrize("route", ["recommend", "generate"])
@pytest.mark.parametrize("form", [as_reply, as_content, as_candidates], ids=lambda form: form.__name__)
def test_any_repeated_piece_is_answered(route: str, form: Any, plain: Reference) -> None:
    """A correction or an error takes the time of ten plain requests at most, also if the reply comes three times.

    The two routes share the pairs: on one of them a piece stands in front of another, on the other one behind it.
    """
    slow: list[str] = []
    pieces = (*PIECES, *pairs()[route == "generate" :: 2]) if form is as_reply else PIECES
    for piece in pieces:
        reply = form(piece)

        quotient = plain.quotient(partial(asked, route, reply, tasks=TASKS), TIMES_REPLIES)
        if quotient > TIMES_REPLIES:
            slow.append(f"{piece!a}: {quotient:.1f}")

    assert slow == []


def test_nested_tags_are_cheap(plain: Reference) -> None:
    """Sixteen candidates of 2,600 tags inside each other, in content and rationale."""
    nested = "<a" * 2_600 + ">" * 2_600
    reply = {"candidates": [{"content": nested, "rationale": nested}] * 16}

    assert plain.quotient(partial(asked, "generate", reply), TIMES_REPLIES) <= TIMES_REPLIES


def notes(*texts: str) -> dict[str, Any]:
    return {"agent_outputs": [{"agent_id": f"a{place}", "prompt_text": text} for place, text in enumerate(texts)]}


def titles(title: str) -> list[dict[str, Any]]:
    return [{"id": f"t{number}", "title": f"{title} {number}"} for number in range(2_000)]


BODIES: dict[str, dict[str, Any]] = {
    "quoted titles": notes(*["«a…»" * 499] * 100) | {"tasks": titles("a")},
    "different quoted titles": notes(
        *["".join(f"«{number}…»" for number in range(first, first + 280)) for first in range(1_000, 29_000, 280)]
    )
    | {"tasks": titles("a")},
    "recent tips of ligatures": {"recent_tips": [{"content": "\ufdfa" * 4_000}] * 85},
    "recent tips of marks": {"recent_tips": [{"content": "\u0301\u0323" * 2_000}] * 85},
    "notes of marks": notes(*["a" + "\u0301\u0323" * 999] * 100),
    "titles of ligatures": {"tasks": titles("\ufdfa" * 160)},
    "titles of marks": {"tasks": titles("a" + "\u0301\u0323" * 90)},
    "long titles of marks": {"tasks": titles("a" + "\u0301\u0323" * 2_000)[:120]},
    "titles of emphasis": {"tasks": titles("**a** " * 80)},
    "titles of tags": {"tasks": titles("<b>a</b>" * 60)},
    "titles of links": {"tasks": titles("[a](b)" * 80)},
    "titles of entities": {"tasks": titles("&amp;lt;" * 60)},
    "titles of addresses": {"tasks": titles("https://a.co/ " * 35)},
    "titles of mail addresses": {"tasks": titles("a@b.co " * 70)},
    "titles of joiners": {"tasks": titles("\u0645\u200c" * 40)},
    "titles about crisis": {"tasks": titles("suicide " + "\u3316" * 150)},
}


@pytest.mark.parametrize("name", BODIES)
def test_no_body_costs_more_than_six_plain_ones(name: str, plain: Reference) -> None:
    """Each has at most the size of the plain one."""
    run = partial(asked, "recommend", TIP, **BODIES[name])

    assert plain.quotient(run, TIMES_BODY) <= TIMES_BODY


def test_notes_of_many_clauses_are_cheap(plain: Reference) -> None:
    """Also for the tip without a model, which reads them again."""
    clauses = "[start|3] Fact: a." + " Move: x Care: y" * 123 + "«"

    def run() -> None:
        scene = Scene(replied("Sorry."))
        scene.recommend(template_fallback=True, now_iso=NOW.isoformat(), **notes(*[clauses] * 100))

    assert plain.quotient(run, TIMES_BODY) <= TIMES_BODY
