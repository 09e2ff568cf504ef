"""Texts that once took minutes are answered. `make test-growth` measures how long; here only a hang fails."""

import faulthandler
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from oo.errors import LLMError
from tests.unit.tips.fixtures import TIP, Scene, replied

HANG_S = 30
NESTED = "<a" * 2_600 + ">" * 2_600
CLAUSES = "[start|3] Fact: a." + " Move: x Care: y" * 123 + "«"

REPLIES: tuple[Any, ...] = (
    "```" + " " * 3_000 + "x",
    "```json" + "x" * 16_000,
    "`" * 240_000,
    '{"a":' * 48_000,
    '{"' * 120_000,
    "[ " * 120_000,
    "<think " * 34_000,
    {"candidates": [{"content": NESTED, "rationale": NESTED}] * 16},
    {"content": "a" + "\u0301\u0323" * 50_000},
)
BODIES: tuple[dict[str, Any], ...] = (
    {"recent_tips": [{"content": "\ufdfa" * 4_000}] * 85},
    {"recent_tips": [{"content": "\u0301\u0323" * 2_000}] * 85},
    {"agent_outputs": [{"agent_id": "a", "prompt_text": CLAUSES}] * 100},
    {"agent_outputs": [{"agent_id": "a", "prompt_text": "«a…»" * 499}] * 100, "tasks": [{"id": "a", "title": "a b"}]},
)


@pytest.fixture(autouse=True)
def _ended_when_it_hangs() -> Iterator[None]:
    """No signal gets through to a regular expression, so a hang ends the whole run, with a stack that names it."""
    faulthandler.dump_traceback_later(HANG_S, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


def test_long_replies_are_answered() -> None:
    """On both endpoints, also where they come three times."""
    for reply in REPLIES:
        with suppress(LLMError):
            Scene(replied(reply)).recommend()
        with suppress(LLMError):
            Scene(replied(reply)).generate()


def test_long_bodies_are_answered() -> None:
    """Also without a model."""
    for body in BODIES:
        assert Scene(replied(TIP)).recommend(**body).tip.source == "llm"
        assert Scene(replied("")).recommend(template_fallback=True, **body).tip.source == "template"
