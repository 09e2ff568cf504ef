"""A stand-in for the language model: OpenAI's chat completions by a rule, without a network.

It parses the tasks and notes from the data in the user's message and writes the service's template tip.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from oo.prompts.delivery import DEFAULT_DELIVERY, read_delivery
from oo.snippets.ranking import DELIVERY_AGENT
from oo.tips.template_drafts import Setting, ShownTask, note_text
from oo.tips.template_tip import template_tips

MODEL = "oo-stand-in/no-language-model"
_PLAIN_TASK = re.compile(r"^- (.+)$", re.MULTILINE)
_NUMBER_ASKED_FOR = re.compile(r"\b(\d{1,2}) (?:candidates|tips)\b")
_FEW = 3
_DELIVERY = "Delivery: "
_HOUR = re.compile(r"^Now: .*?(\d\d)(?:h|:\d\d)", re.MULTILINE)
_SEED = 64

Row = Mapping[str, Any]


def write_reply(messages: Sequence[Mapping[str, Any]]) -> str:
    """JSON in the shape that the messages require: one tip, or `candidates`.

    Corrections follow the message with the data, so the user's first message is used.
    """
    asked = next((str(one.get("content") or "") for one in messages if one.get("role") == "user"), "")
    tasks, notes = read_data(asked)
    if not tasks and not notes:
        tasks = [{"ref": "", "title": title} for title in _PLAIN_TASK.findall(asked)]
    closing = asked.rpartition("\n")[2]
    setting = _setting(asked)
    if "candidates" not in closing:
        return json.dumps(_tip(tasks, notes, 0, setting), ensure_ascii=False)
    number = _NUMBER_ASKED_FOR.search(closing)
    count = int(number[1]) if number else _FEW
    candidates = [_tip(tasks, notes, index, setting) for index in range(count)]
    return json.dumps({"candidates": candidates}, ensure_ascii=False)


def _setting(asked: str) -> Setting:
    """The bounds, the hour and the recent tips in the message."""
    delivery = next((read_delivery(line) for line in asked.splitlines() if line.startswith(_DELIVERY)), None)
    hour = _HOUR.search(asked)
    said = [str(row["recent_tip"]) for line in asked.splitlines() if "recent_tip" in (row := _row(line))]
    return Setting(delivery or DEFAULT_DELIVERY, int(hour[1]) if hour else None, said, asked[:_SEED])


def _tip(tasks: Sequence[Row], notes: Sequence[Row], index: int, setting: Setting) -> dict[str, str | None]:
    """The tip at `index`: each starts from another task and note, until all have been used."""
    shown = [ShownTask(str(row["ref"]), str(row["title"]), _due(row)) for row in _turned(tasks, index)]
    about = [note_text(str(row["note"])) for row in _turned(notes, index) if row["from"] != DELIVERY_AGENT]
    tip = next(template_tips(shown, about, setting))
    return {
        "id": f"stand-in-{index + 1}",
        "content": tip.content,
        "rationale": tip.rationale,
        "kind": str(tip.kind),
        "task_ref": tip.task_ref,
    }


def _due(row: Row) -> str | None:
    return str(row["due"]) if row.get("due") else None


def _turned(rows: Sequence[Row], by: int) -> list[Row]:
    start = by % len(rows) if rows else 0
    return [*rows[start:], *rows[:start]]


def read_data(message: str) -> tuple[list[Row], list[Row]]:
    """Tasks and notes of the DATA block in a user message, in their order."""
    rows = [_row(line) for line in message.splitlines()]
    return [row for row in rows if {"ref", "title"} <= row.keys()], [
        row for row in rows if {"from", "note"} <= row.keys()
    ]


def _row(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


async def _complete(request: Request) -> Response:
    try:
        messages = (await request.json())["messages"]
        content = write_reply(messages)
    except (ValueError, KeyError, TypeError, AttributeError):
        error = {"message": "not a chat completion", "type": "invalid_request_error", "code": "400"}
        return JSONResponse({"error": error}, 400)
    asked = sum(_words(str(message.get("content") or "")) for message in messages)
    said = _words(content)
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
    return JSONResponse(
        {
            "id": f"chatcmpl-{uuid4().hex}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": MODEL,
            "choices": [choice],
            # It has no tokens: it counts words.
            "usage": {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said},
        }
    )


def _words(text: str) -> int:
    return len(text.split())


async def _alive(_: Request) -> Response:
    return PlainTextResponse("I'm alive!")


app = Starlette(
    routes=[
        Route("/chat/completions", _complete, methods=["POST"]),
        Route("/v1/chat/completions", _complete, methods=["POST"]),
        Route("/health/liveliness", _alive),
    ]
)
