"""The answers about one user's data over HTTP and over the queues, by the functions' entries and the workers."""

import json
import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import pytest

from oo.agents.registry import all_manifests
from oo.telemetry.instrumentation import Handler
from testing.entries import invoke, load_handler
from testing.http_events import http_event
from testing.memory_queues import Queues
from testing.sqs_events import SENT_MS

AGENTS = tuple(manifest.agent_id for manifest in all_manifests())
NOW_ISO = "2026-03-12T09:00:00Z"
"""A Thursday, 10:00 in Berlin."""

ZONE = "Europe/Berlin"
Answer = dict[str, Any]


@cache
def handler_of(function: str, default_zone: str = "") -> Handler:
    """A function that serves template tips, without a line of log per answer."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("POWERTOOLS_SERVICE_NAME", f"answers-{function}-{secrets.token_hex(4)}")
        environment.setenv("POWERTOOLS_LOG_LEVEL", "WARNING")
        environment.setenv("DEFAULT_TIMEZONE", default_zone)
        if function == "recommend":
            environment.setenv("LITELLM_URL", "http://127.0.0.1:9")
            environment.setenv("LITELLM_API_KEY", "sk-planted")
            environment.setenv("TIP_FALLBACK", "template")
            environment.setenv("LLM_BUDGET_S", "0.001")
        return load_handler(function)


def body_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as a body about a user in Berlin at ten in the morning; a field that is `...` is left out."""
    body = {"user_id": "user-1", "now_iso": NOW_ISO, "timezone": ZONE, **fields}
    return {name: value for name, value in body.items() if value is not ...}


def ask(function: str, path: str, fields: Mapping[str, Any], default_zone: str = "") -> Answer:
    """The body of a successful answer."""
    given = invoke(handler_of(function, default_zone), http_event("POST", path, body_of(fields)))
    assert given["statusCode"] == 200, given["body"]
    return cast("Answer", json.loads(given["body"]))


def computed(agent_id: str, **fields: Any) -> Answer:
    """The answer of one agent's compute."""
    return ask("compute", f"/agents/{agent_id}/compute", fields)


def text(agent_id: str, **fields: Any) -> str:
    """The sentence of one agent, empty for none."""
    return str(computed(agent_id, **fields)["prompt_text"])


def signals(agent_id: str, **fields: Any) -> dict[str, Any]:
    """The signals of one agent."""
    return cast("Answer", computed(agent_id, **fields)["signals_snapshot"])


def reading(*tasks: object, **fields: Any) -> dict[str, Any]:
    """The report about some tasks, empty for none."""
    return computed("deadline-pressure", tasks=list(tasks), **fields)["reading"] or {}


def learned(agent_id: str, **fields: Any) -> dict[str, Any]:
    """The preferences that one agent infers."""
    return cast("Answer", ask("infer", f"/agents/{agent_id}/infer", fields)["inferred_prefs"])


def tip(**fields: Any) -> Answer:
    """The template tip, from tasks and the snippets of `agent_outputs`."""
    return cast("Answer", ask("recommend", "/recommend", {"agent_outputs": [], **fields})["tip"])


def said(**fields: Any) -> str:
    """All sentences of agents and the template tip about the data, one per line."""
    texts = [text(agent_id, **fields) for agent_id in AGENTS]
    given = tip(**{name: value for name, value in fields.items() if name not in _HISTORY})
    return "\n".join([*filter(None, texts), given["content"], given["rationale"] or ""])


_HISTORY = ("feedback_history", "task_completions", "agent_prefs", "profile")


def stored(fields: Mapping[str, Any]) -> dict[str, Answer | None]:
    """The outputs that precompute stores, by agent; None for an agent that is not eligible."""
    queues = Queues()
    message = {"snapshot_version": SENT_MS, **body_of(fields)}
    assert queues.take(message) == []
    outputs = {name: output for (_, name), output in queues.store.outputs.items()}
    return {name: None if output is None else output.model_dump(mode="json") for name, output in outputs.items()}


def over_http(fields: Mapping[str, Any]) -> dict[str, Answer]:
    """The answers by agent of a caller that infers, and then computes with the learned preferences.

    `agent_prefs` are by agent, as in a message; the user's own are over the learned ones.
    """
    prefs: Mapping[str, Any] = fields.get("agent_prefs") or {}
    found = {}
    for agent_id in AGENTS:
        own = prefs.get(agent_id) or {}
        history = {name: value for name, value in fields.items() if name not in ("agent_prefs", "profile")}
        inferred = learned(agent_id, **history)
        merged = {**inferred, **{key: value for key, value in own.items() if value is not None}}
        sources = dict.fromkeys(inferred, "inferred") | dict.fromkeys(own, "user")
        found[agent_id] = computed(agent_id, **{**fields, "agent_prefs": {**merged, "_sources": sources}})
    return found
