"""Responses of a proxy as bytes, and a client with a function in place of the network."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from oo.deadline import Deadline
from oo.llm.client import LiteLLMClient, Purpose
from oo.llm.completion import ChatCompletion

KEY = "sk-planted-key"
CALL_ID = "sent-call-id"
PURPOSE = Purpose(user_id="user-7", trace_id="a" * 32, tags=("fn:recommend", "prompt:v2"), metadata={"serve_id": "s1"})
MESSAGES = [{"role": "system", "content": "rules"}, {"role": "user", "content": "data"}]

Proxy = Callable[[httpx.Request], httpx.Response]


def completion(content: object = "{}", **changes: Any) -> dict[str, Any]:
    """A chat completion; changes replace top-level fields."""
    message = {"role": "assistant", "content": content}
    return {
        "id": "chatcmpl-1",
        "model": "tip-generator",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    } | changes


def choice(message: object, finish_reason: object = "stop") -> dict[str, Any]:
    """A chat completion whose message is as given."""
    return completion(choices=[{"index": 0, "message": message, "finish_reason": finish_reason}])


def problem(message: str = "secret upstream text", **fields: Any) -> bytes:
    """The proxy's body for an error."""
    return json.dumps({"error": {"message": message, "type": None, "param": None, "code": "400"} | fields}).encode()


def client_of(proxy: Proxy, **options: Any) -> LiteLLMClient:
    """A client of a proxy that is a function."""
    given: dict[str, Any] = {"base_url": "https://proxy.test/v1/", "key": lambda **_: KEY}
    return LiteLLMClient(transport=httpx.MockTransport(proxy), **(given | options))


def ask_once(client: LiteLLMClient, seconds: float = 5.0, **options: Any) -> ChatCompletion:
    """One call with nothing remarkable about it."""
    given: dict[str, Any] = {
        "max_tokens": 400,
        "deadline": Deadline.after(seconds),
        "purpose": PURPOSE,
        "call_id": CALL_ID,
    }
    return client.complete(MESSAGES, **(given | options))
