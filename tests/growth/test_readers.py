"""The time of every reader of text that others wrote grows with the text's length and no faster."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import httpx
import pytest

from local.model import read_data
from oo.contract.tips import AgentOutputSnippet
from oo.errors import LLMError
from oo.llm.thoughts import without_thoughts
from oo.prompts.recent import choose_recent
from oo.snapshot.titles import read_title
from oo.snippets.grammar import read_snippet
from oo.snippets.judge import judge
from oo.snippets.open_tasks import OpenTasks, read_open_tasks
from oo.tips.shapes import first_object, several_objects
from oo.tips.tip_text import ReplyPolicy, read_tip_text
from oo.untrusted_text.cleaning import clean, fold, hide_links, looks_like_instructions
from oo.untrusted_text.crisis import may_tell_of_crisis
from oo.untrusted_text.entities import decoded
from oo.untrusted_text.hosts import show_hosts
from oo.untrusted_text.markdown import without_markdown
from oo.untrusted_text.reply_policy import is_placeholder
from oo.untrusted_text.tags import without_tags
from testing.snippet_line import LINE_GRAMMAR
from testing.tip_prompts import build
from testing.wire import ask_once, client_of
from tests.growth.measure import growth, processor_s
from tests.growth.pieces import ENDS, PIECES, repeated

SIZES = (16_384, 32_768, 65_536)
MOST_GROWTH = 2.5
UNMEASURED_S = 0.03
"""A text of 64 KB that takes less is not looked at: noise would be most of it."""

NOW = datetime(2025, 1, 1, tzinfo=UTC)
TASKS: OpenTasks = read_open_tasks([{"id": "a", "title": "Pay the rent"}], None)
GUARD = ReplyPolicy(build(agent_outputs=[], tasks=[{"id": "a", "title": "Pay the rent"}]))

Reader = Callable[[str], object]


def _answered(status: int, body: str) -> None:
    with suppress(LLMError):
        ask_once(client_of(lambda _: httpx.Response(status, content=body.encode("utf-8", "replace"))))


def _errors(text: str) -> None:
    _answered(400, json.dumps({"error": {"message": text, "code": text, "type": text}}))
    _answered(400, json.dumps([{"error": text}]))


READERS: dict[str, Reader] = {
    "tip": first_object,
    "candidates": several_objects,
    "thoughts": without_thoughts,
    "tip in JSON": lambda text: first_object(json.dumps({"content": text})),
    "JSON in a string": lambda text: first_object(json.dumps({"response": text})),
    "answer": lambda text: _answered(200, text),
    "error": _errors,
    "error without JSON": lambda text: _answered(400, text),
    "line": lambda text: read_snippet(f"[start|3] Fact: {text} Move: {text}"),
    "grammar": lambda text: LINE_GRAMMAR.fullmatch(f"[start|3] Fact: {text} Move: {text}"),
    "title": read_title,
    "markdown": lambda text: without_markdown(clean(text)),
    "tags": lambda text: without_tags(clean(text)),
    "entities": decoded,
    "hosts": lambda text: show_hosts(clean(text)),
    "content": lambda text: read_tip_text({"content": text, "rationale": text}, GUARD),
    "placeholder": lambda text: is_placeholder(clean(text)),
    "clean": clean,
    "fold": fold,
    "links": lambda text: hide_links(clean(text)),
    "instructions": lambda text: looks_like_instructions(fold(text)),
    "crisis": lambda text: may_tell_of_crisis(fold(text)),
    "snippet": lambda text: judge([AgentOutputSnippet(agent_id="a", prompt_text=text)], TASKS, NOW, 8),
    "quoted title": TASKS.named,
    "recent tip": lambda text: choose_recent([{"content": text}]),
    "data": read_data,
}
ENDED = ("tip", "candidates", "line", "content", "error")
"""Readers that look for beginnings and ends: for them each text also has one that does not match."""


def _read(name: str, text: str) -> None:
    with suppress(LLMError):
        READERS[name](text)


def _growth(name: str, piece: str, begin: str, end: str) -> float:
    """How often the time of a size holds that of the size before; 0 where the largest takes next to none."""
    runs = [partial(_read, name, f"{begin}{repeated(piece, size)}{end}") for size in SIZES]
    if processor_s(runs[-1]) < UNMEASURED_S:
        return 0.0
    return growth(runs, MOST_GROWTH, UNMEASURED_S / MOST_GROWTH)


@pytest.mark.parametrize("name", READERS)
def test_time_grows_with_the_text(name: str) -> None:
    """By at most 2.5 for each doubling above 16 KB, for every repeated piece."""
    too_fast: list[str] = []
    for piece in PIECES:
        for begin, end in ENDS if name in ENDED else ENDS[:1]:
            if _growth(name, piece, begin, end) > MOST_GROWTH:
                too_fast.append(f"{piece!a} between {begin!a} and {end!a}")

    assert too_fast == []
