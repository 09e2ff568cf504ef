"""A stand-in for the language model: OpenAI's chat completions, answered by a rule and without a network.

It reads the tasks and agents' notes out of the data block of the last user message and writes the tip that the service
itself would write without a model.
"""

from __future__ import annotations

import json
import re
import time
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

MODEL = "oo-stand-in (no language model)"
_BLOCK = re.compile(r"^DATA (\S+)\n(.*?)\n?^END \1$", re.DOTALL | re.MULTILINE)
_NUMBER_ASKED_FOR = re.compile(r"\b(\d{1,2})\b[^.\n]{0,40}?\b(?:candidates|tips)\b", re.IGNORECASE)
_MOVE = re.compile(r"Move: (.+?)(?: Care: .+)?$")


def write_reply(messages: list[dict[str, Any]]) -> str:
    """The reply's text: JSON in the shape that the last user message asks for."""
    texts = [str(message.get("content") or "") for message in messages if message.get("role") == "user"]
    with_data = [text for text in texts if _BLOCK.search(text)]
    text = (with_data or texts or [""])[-1]
    lines = _data_lines(text)
    tasks = [line for line in lines if line.get("title")]
    notes = [line for line in lines if line.get("note")]
    if "candidates" not in text:
        return json.dumps(_tip(tasks, notes, 0), ensure_ascii=False)
    match = _NUMBER_ASKED_FOR.search(text)
    count = int(match[1]) if match else 3
    return json.dumps({"candidates": [_tip(tasks, notes, index) for index in range(count)]}, ensure_ascii=False)


def _data_lines(text: str) -> list[dict[str, Any]]:
    block = _BLOCK.search(text)
    lines = []
    for line in block[2].splitlines() if block else []:
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            lines.append(value)
    return lines


def _tip(tasks: list[dict[str, Any]], notes: list[dict[str, Any]], index: int) -> dict[str, Any]:
    task = tasks[index % len(tasks)] if tasks else None
    note = notes[index % len(notes)]["note"] if notes else ""
    move = _MOVE.search(str(note))
    title = f"«{task['title']}»" if task else "the first thing on your list"
    content = f"Start with {title}: ten minutes are enough to begin."
    return {
        "id": f"tip-{index + 1}",
        "content": content,
        "rationale": str(note).partition("Fact: ")[2].partition(" Move:")[0] or "It is next in line.",
        "kind": "start" if move else "advice",
        "task_ref": task.get("ref", "") if task else "",
    }


async def _complete(request: Request) -> Response:
    body = await request.json()
    messages = body.get("messages") or []
    content = write_reply(messages)
    asked = sum(_words(str(message.get("content") or "")) for message in messages)
    said = _words(content)
    return JSONResponse(
        {
            "id": f"chatcmpl-{uuid4().hex[:12]}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": MODEL,
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": content},
                }
            ],
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
