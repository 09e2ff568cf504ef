"""Requests with 50 planted secrets in titles, ids, notes, tips and comments, which are detected anywhere."""

from collections.abc import Callable
from itertools import count
from typing import Any

SECRETS_N = 50
USERS = 5
COMMENTS = 5
_NOW = "2026-05-07T09:40:00+02:00"


def secret(number: int) -> str:
    """One word of its own letters, because figures of a title stay."""
    return f"geheim{chr(97 + number // 10) * 3}{chr(107 + number % 10) * 3}canary"


def secrets_in(text: str | bytes) -> set[int]:
    """The numbers of the secrets in a text, in any case of their letters."""
    read = (text.decode("latin-1") if isinstance(text, bytes) else text).lower()
    return {number for number in range(SECRETS_N) if secret(number) in read}


def comments() -> list[str]:
    """The last five secrets, as users write them."""
    return [f"No, {secret(SECRETS_N - 1 - place)}!" for place in range(COMMENTS)]


def requests() -> list[dict[str, Any]]:
    """Bodies of `/recommend` with the other secrets, one for each of five users."""
    numbers = count()
    return [_request(lambda: secret(next(numbers))) for _ in range(USERS)]


def _request(word: Callable[[], str]) -> dict[str, Any]:
    title, other, gone = f"Call {word()} about the flat", f"Pay {word()}", f"Write to {word()}"
    task_id, user_id = f"task-{word()}", f"user-{word()}"
    project, own = word(), word()
    return {
        "user_id": user_id,
        "now_iso": _NOW,
        "timezone": "Europe/Berlin",
        "tasks": [
            {
                "id": task_id,
                "title": title,
                "due_at": "2026-05-07T17:00:00+02:00",
                "project_id": project,
                "tags": [project],
            },
            {"id": f"{task_id}-2", "name": other, "status": project, "parent_id": task_id, "notes": title},
            {
                "id": f"{task_id}-3",
                "title": f"**{gone}**",
                "status": "done",
                "due": {"date": "2026-05-06", "string": own},
            },
        ],
        "agent_outputs": [
            {
                "agent_id": "deadline-pressure",
                "prompt_text": f"[start|3] Fact: «{title}» is due in about 8 h. Move: start with a 25-min block.",
                "trace_id": own[:64],
            },
            {"agent_id": own, "agent_version": own, "prompt_text": f"{word()}: mornings suit you, {title}."},
        ],
        "recent_tips": [
            {
                "content": f"{gone}, then rest.",
                "kind": own,
                "task_id": f"{task_id}-3",
                "created_at": "2026-05-06T09:00:00Z",
            },
            {"content": f"Begin «{other}», {word()}.", "kind": "start", "task_id": task_id},
        ],
    }
