"""Requests and their answers by the contract, run through Lambda events and over HTTP."""

import json
from dataclasses import dataclass, field
from typing import Any

from oo.contract.limits import MAX_BODY_BYTES

COMPUTE = "/agents/deadline-pressure/compute"
INFER = "/agents/deadline-pressure/infer"
SERVED = "bff8def915684475846643a4708a1c39"
RECENT = ["body", "recent_tips", 1, "content"]
NUMBERED = ",".join(f'"{number}":""' for number in range(95_000))
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Case:
    """A request and the answer's status and code; `place` is the first problem's `loc` of a 422 that lists any."""

    name: str
    status: int
    code: str
    path: str = "/recommend"
    method: str = "POST"
    body: str = ""
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))
    place: list[Any] | None = None


def invalid(name: str, body: object, place: list[Any], path: str = "/recommend") -> Case:
    """A body that is a 422; text is sent unchanged."""
    text = body if isinstance(body, str) else json.dumps(body)
    return Case(name, 422, "invalid_request", path=path, body=text, place=place)


def user(**fields: object) -> dict[str, object]:
    """A body with a user in it."""
    return {"user_id": "u", **fields}


CASES = [
    invalid("empty", "", ["body"]),
    Case("empty text", 422, "invalid_request", headers={"content-type": "text/plain"}, place=["body"]),
    invalid("null", "null", ["body"]),
    invalid("not JSON", "{", ["body"]),
    invalid("a list", "[]", ["body"]),
    invalid("deep", "[" * 100_000, ["body"]),
    invalid("NaN in a task", '{"user_id":"u","tasks":[{"priority":NaN}]}', ["body"], COMPUTE),
    invalid("an overflow in the profile", '{"user_id":"u","profile":{"tenure_d":1e999}}', ["body"], COMPUTE),
    invalid("not a number by name", user(profile={"tenure_d": "nan"}), ["body", "profile", "(key)"], COMPUTE),
    invalid("5,000 digits", '{"user_id":"u","hour_of_day":' + "9" * 5000 + "}", ["body"]),
    invalid("a lone surrogate", '{"user_id":"u","tasks":[{"title":"\\ud800"}]}', ["body"]),
    invalid("no user", {}, ["body", "user_id"]),
    invalid("no user for compute", {}, ["body", "user_id"], COMPUTE),
    invalid("no user for infer", {}, ["body", "user_id"], INFER),
    invalid("no user for generate", {}, ["body", "user_id"], "/generate"),
    invalid("user is true", {"user_id": True}, ["body", "user_id"]),
    invalid("user is a fraction", {"user_id": 1.5}, ["body", "user_id"], COMPUTE),
    invalid("user is a number of 257 digits", {"user_id": 10**256}, ["body", "user_id"], INFER),
    invalid("user is null", {"user_id": None}, ["body", "user_id"], "/generate"),
    invalid("user is too long", {"user_id": "u" * 257}, ["body", "user_id"]),
    invalid("hour 24", user(hour_of_day=24), ["body", "hour_of_day"]),
    invalid("weekday -1", user(day_of_week=-1), ["body", "day_of_week"]),
    invalid("slider 101", user(science_destiny=101), ["body", "science_destiny"]),
    invalid("slider a billion", user(science_destiny=1e9), ["body", "science_destiny"]),
    invalid("no candidates", user(n=0), ["body", "n"], "/generate"),
    invalid("10,000 candidates", user(n=10_000), ["body", "n"], "/generate"),
    invalid("hour 24 in a context", user(context={"hour_of_day": 24}), ["body", "context", "hour_of_day"], "/generate"),
    invalid("2,001 tasks", user(tasks=[{}] * 2001), ["body", "tasks"]),
    invalid("2,001 events", user(feedback_history=[{}] * 2001), ["body", "feedback_history"], INFER),
    invalid("2,001 completions", user(task_completions=[{}] * 2001), ["body", "task_completions"], INFER),
    invalid("tasks are a text", user(tasks="no"), ["body", "tasks"]),
    invalid("tasks are a text for infer", user(tasks="no"), ["body", "tasks"], INFER),
    invalid("2,001 texts for tasks", user(tasks=["text"] * 2001), ["body", "tasks"], COMPUTE),
    invalid("an unknown scale", user(priority_scale="upwards"), ["body", "priority_scale"], COMPUTE),
    invalid("a scale in another case", user(priority_scale="LARGER_IS_HIGHER"), ["body", "priority_scale"]),
    invalid(
        "an unknown scale in a context",
        user(context={"priority_scale": 1}),
        ["body", "context", "priority_scale"],
        "/generate",
    ),
    invalid("a recent tip of 4,001 characters", user(recent_tips=[7, {"content": "x" * 4001}]), RECENT),
    invalid("now is a word", user(now_iso="yesterday"), ["body", "now_iso"], COMPUTE),
    invalid("now is no date", user(now_iso="9999-99-99"), ["body", "now_iso"], COMPUTE),
    invalid("now is a number", user(now_iso=1773307800), ["body", "now_iso"], COMPUTE),
    invalid("257 numbers", user(profile=dict.fromkeys(map(str, range(257)), 1)), ["body", "profile"], COMPUTE),
    invalid(
        "257 preferences", user(agent_prefs=dict.fromkeys(map(str, range(257)), 1)), ["body", "agent_prefs"], COMPUTE
    ),
    invalid("95,000 texts", f'{{"user_id":"u","profile":{{{NUMBERED}}}}}', ["body", "profile"], COMPUTE),
    invalid("100 snippets of nobody", user(agent_outputs=[{}] * 100), ["body", "agent_outputs", 0, "agent_id"]),
    invalid(
        "257 features",
        user(profile_features=dict.fromkeys(map(str, range(257)), 1)),
        ["body", "profile_features"],
        "/generate",
    ),
    invalid(
        "257 features in a context",
        user(context={"profile_features": dict.fromkeys(map(str, range(257)), 1)}),
        ["body", "context", "profile_features"],
        "/generate",
    ),
    invalid(
        "257 extras",
        user(context={"extra": dict.fromkeys(map(str, range(257)))}),
        ["body", "context", "extra"],
        "/generate",
    ),
    invalid("feedback without a tip", user(action="done"), ["body", "serve_id"], "/feedback"),
    invalid("feedback without an action", user(serve_id=SERVED), ["body", "action"], "/feedback"),
    invalid("an action of nobody", user(serve_id=SERVED, action="meh"), ["body", "action"], "/feedback"),
    invalid("a serve id of 31 digits", user(serve_id=SERVED[1:], action="done"), ["body", "serve_id"], "/feedback"),
    invalid(
        "a comment of 501 characters",
        user(serve_id=SERVED, action="done", comment="x" * 501),
        ["body", "comment"],
        "/feedback",
    ),
    Case("1.5 MB", 413, "payload_too_large", body=json.dumps(user(pad="x" * (MAX_BODY_BYTES * 3 // 2)))),
    Case("unknown path", 404, "not_found", path="/nowhere", method="GET"),
    Case("path of a parent", 404, "not_found", path="/agents", method="GET"),
    Case("wrong verb", 405, "method_not_allowed", method="GET"),
    Case("wrong verb for a GET", 405, "method_not_allowed", path="/health", body="{}"),
    Case(
        "form", 415, "unsupported_media_type", body="a=b", headers={"content-type": "application/x-www-form-urlencoded"}
    ),
    Case("text", 415, "unsupported_media_type", body=json.dumps(user()), headers={"content-type": "text/plain"}),
    Case("gzip", 415, "unsupported_media_type", body=json.dumps(user()), headers=JSON | {"content-encoding": "gzip"}),
    Case("unknown agent", 404, "unknown_agent", path="/agents/x/compute", body=json.dumps(user())),
    Case("unknown agent to infer", 404, "unknown_agent", path="/agents/__class__/infer", body=json.dumps(user())),
    Case("unknown prompt", 422, "unknown_prompt_version", path="/generate", body=json.dumps(user(prompt_version="v9"))),
    *(
        Case(
            f"unknown prompt {version[:20]!r} of {path}",
            422,
            "unknown_prompt_version",
            path=path,
            body=json.dumps(user(prompt_version=version)),
        )
        for path, versions in {
            "/recommend": ("nonsense", "v2-grounded", "Orchestrator-2", "x" * 65, "x" * 20_000),
            "/generate": ("nonsense", "orchestrator-2", "x" * 65),
        }.items()
        for version in versions
    ),
]
