"""The planted texts, and how each is recognised anywhere."""

from enum import StrEnum
from typing import Any


class Canary(StrEnum):
    """Each word stands in one kind of text, and nowhere else on this machine."""

    KEY = "sk-canary-of-the-proxys-key"
    USER = "canary-of-the-user"
    TITLE = "canary-of-a-title"
    PROJECT = "canary-of-a-project"
    PROFILE = "canary-of-a-profile"
    FEEDBACK = "canary-of-feedback"
    PREFERENCE = "canary-of-a-preference"
    SNIPPET = "canary-of-a-snippet"
    REPLY = "canary-of-a-reply"
    UPSTREAM = "canary-of-an-error-upstream"
    HEADER = "canary-of-a-header"
    EXCEPTION = "canary-of-an-exception"
    AGENT = "canary-of-an-agents-id"
    VERSION = "canary-of-an-agents-version"
    OTHER_USER = "canary-of-another-users-task"


SECRETS = frozenset({Canary.KEY, Canary.UPSTREAM, Canary.HEADER, Canary.EXCEPTION})
"""Belong nowhere behind the place where they were met; all others are what users and the model wrote."""

TASK = {
    "id": "t1",
    "title": f"{Canary.TITLE} about the divorce lawyer",
    "project_id": Canary.PROJECT,
    "due_at": "2026-03-12T17:00:00Z",
    "priority": 4,
}
BODY: dict[str, Any] = {
    "tasks": [TASK],
    "profile": {Canary.PROFILE: 0.5},
    "feedback_history": [{"action": Canary.FEEDBACK, "note": Canary.FEEDBACK, "created_at": "2026-03-11T09:00:00Z"}],
    "task_completions": [{"project_id": Canary.PROJECT, "completed_at": "2026-03-11T09:00:00Z", "due_at": None}],
    "now_iso": "2026-03-12T09:00:00Z",
}
SNIPPETS = [
    {"agent_id": Canary.AGENT, "agent_version": Canary.VERSION, "prompt_text": f"{Canary.SNIPPET}: mornings suit you."}
]
HEADERS = {
    "authorization": f"Bearer {Canary.HEADER}",
    "cookie": f"session={Canary.HEADER}",
    "user-agent": Canary.HEADER,
    "x-planted": Canary.HEADER,
}
REPLY = {"content": f"{Canary.REPLY}: open the draft.", "rationale": Canary.REPLY, "kind": "advice", "id": "tip-1"}


def shown_in(text: str | bytes) -> set[Canary]:
    """The canaries in a text, in any case of their letters."""
    read = (text.decode("latin-1") if isinstance(text, bytes) else text).lower()
    return {canary for canary in Canary if canary in read}
