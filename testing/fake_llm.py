"""A language model behind an OpenAI-compatible address that follows a test's plan for each user."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from oo.contract.shown_ids import hashed
from testing.raw_server import Connection, serving
from testing.wire import choice, completion, problem

CANARY = "canary-of-the-provider"
"""A text in all parts of a proxy's responses except replies, none of which may be passed on."""

TIP = {"id": "tip-1", "content": "Open the draft and write one line.", "rationale": "It has waited.", "kind": "advice"}
BOTH = json.dumps(TIP | {"candidates": [TIP]})
"""A tip and candidates in one reply."""

SLOWLY_S = 1.0
HTML = f"<html><body>{CANARY}</body></html>".encode()


@dataclass(frozen=True)
class Asked:
    """One received call."""

    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        """The conversation so far."""
        messages: list[dict[str, str]] = self.body["messages"]
        return messages


Act = Callable[[Connection, Asked], None]


def answers(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Act:
    """Send a whole answer in one piece; a header without a text is left out."""
    given = {"content-type": "application/json", "content-length": str(len(body))} | dict(headers or {})
    lines = [f"HTTP/1.1 {status} Planned", *(f"{name}: {text}" for name, text in given.items() if text)]
    whole = "\r\n".join([*lines, "", ""]).encode() + body
    return lambda connection, _: connection.send(whole)


def says(content: object, headers: Mapping[str, str] | None = None) -> Act:
    """A completion with that text, or with the JSON of that object."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    return answers(json.dumps(completion(text)).encode(), headers=headers)


def replies(message: object, finish_reason: str = "stop") -> Act:
    """A completion with that message, of any type."""
    return answers(json.dumps(choice(message, finish_reason) | {"usage": None}).encode())


def fails(status: int, headers: Mapping[str, str] | None = None, **fields: str) -> Act:
    """The proxy's error of that status; `fields` go into its `error` object."""
    return answers(problem(**({"message": CANARY} | fields)), status, headers)


def obeys(speak: Callable[[Asked], str]) -> Act:
    """A completion whose text depends on the messages."""
    return lambda connection, asked: says(speak(asked))(connection, asked)


def fills(arguments: str) -> Act:
    """That text as the arguments of the first tool that a call offers, else as the reply."""
    reply = says(arguments)

    def act(connection: Connection, asked: Asked) -> None:
        tools = asked.body.get("tools")
        if not tools:
            return reply(connection, asked)
        used = {"name": tools[0]["function"]["name"], "arguments": arguments}
        call = {"id": "call-1", "type": "function", "function": used}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        return answers(json.dumps(choice(message, "tool_calls")).encode())(connection, asked)

    return act


def hangs(connection: Connection, _: Asked) -> None:
    """Send nothing for a minute."""
    connection.hang(60)


def drips_its_body(connection: Connection, _: Asked) -> None:
    """One byte per second after complete headers."""
    connection.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n")
    connection.drip(b"x" * 9000, SLOWLY_S)


def drips_its_headers(connection: Connection, _: Asked) -> None:
    """One byte per second from the first one on."""
    connection.drip(b"HTTP/1.1 200 OK\r\n" + b"x-filler: 1\r\n" * 100, SLOWLY_S)


def resets(connection: Connection, _: Asked) -> None:
    """Close the connection before the first byte."""
    connection.reset()


def cuts_its_body(connection: Connection, _: Asked) -> None:
    """Announce more than is sent, and close the connection."""
    connection.send(b'HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n{"choices": [')
    connection.reset()


def never_ends(connection: Connection, _: Asked) -> None:
    """Send for as long as the client reads."""
    connection.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        connection.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def floods_with_interim_answers(connection: Connection, _: Asked) -> None:
    """Send 100 Continue for as long as the client reads."""
    while True:
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000)


@dataclass
class FakeModel:
    """`busy_s` is the time in seconds of all its replies, `otherwise` the act for users without a plan."""

    url: str = ""
    busy_s: float = 0.0
    otherwise: Act = field(default_factory=lambda: fills(BOTH))
    _plans: dict[str, tuple[Act, ...]] = field(default_factory=dict)
    _calls: defaultdict[str, list[Asked]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, user_id: str, *acts: Act) -> None:
        """Plan the acts of that user's calls, in order; the last one repeats. Restarts their count."""
        with self._lock:
            self._plans[hashed(user_id)] = acts
            self._calls[hashed(user_id)] = []

    def calls(self, user_id: str) -> list[Asked]:
        """The calls for that user since the plan was made."""
        with self._lock:
            return list(self._calls[hashed(user_id)])

    @property
    def users(self) -> set[str]:
        """The names of the users of all calls so far; calls without a name are left out."""
        with self._lock:
            return {user for user, calls in self._calls.items() if calls}

    @property
    def hits(self) -> int:
        """All calls so far."""
        with self._lock:
            return sum(len(calls) for calls in self._calls.values())

    def serve(self, connection: Connection) -> None:
        """Play one connection."""
        while connection.request():
            started = time.perf_counter()
            if not connection.body:
                answers(b"I'm alive!")(connection, Asked({}, {}))
                continue
            asked = Asked(_headers(connection.head), json.loads(connection.body))
            self._next_act(asked)(connection, asked)
            self.busy_s += time.perf_counter() - started

    def _next_act(self, asked: Asked) -> Act:
        user = asked.body.get("user", "")
        with self._lock:
            acts = self._plans.get(user, (self.otherwise,))
            self._calls[user].append(asked)
            return acts[min(len(self._calls[user]), len(acts)) - 1]


def _headers(head: bytes) -> dict[str, str]:
    lines = (line.decode("latin-1").partition(":") for line in head.split(b"\r\n")[1:])
    return {name.lower(): text.strip() for name, _, text in lines}


@contextmanager
def fake_model() -> Iterator[FakeModel]:
    """A model for the block's time."""
    model = FakeModel()
    with serving(model.serve) as server:
        model.url = server.url
        yield model
