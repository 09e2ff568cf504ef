"""Replies of a model to the cases of the bench, cached so that a second run sends none of these requests."""

import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import httpx

from evals.planted_model import Message, PlantedModel
from evals.unusable_input import UnusableInput
from local.model import write_reply
from oo.llm.completion import NotACompletion, read_chat_completion
from oo.llm.tls import proxy_context
from oo.llm.transport import KeptTransport

ROOT = Path(__file__).parents[1]
CACHE = Path("build/evals-cache")
PLANTED = "planted"
STAND_IN = "stand-in"
_CODE = ("evals/**/*.py", "local/model.py", "layers/agents/oo/**/*.py")
"""The files of code from which verdicts follow, and the replies of the models without a network."""


class Model(Protocol):
    """A model, or a replacement. `name` separates its replies from those of others."""

    @property
    def name(self) -> str:
        """The name in the report."""

    @property
    def kept_as(self) -> str:
        """The name in the cache."""

    def answer(self, request: httpx.Request, case: str, repeat: int) -> httpx.Response:
        """The answer to one chat completion."""


@dataclass(frozen=True)
class InProcess:
    """A model that is a function of the messages, the case and the repeat."""

    name: str
    planted: PlantedModel | None

    @property
    def kept_as(self) -> str:
        """The name with a digest of the code, so that replies are not reused after a change of the code."""
        return f"{self.planted or self.name} {_code_digest()}"

    def answer(self, request: httpx.Request, case: str, repeat: int) -> httpx.Response:
        """The reply in the form of a chat completion."""
        messages = messages_of(request)
        text = self.planted.reply(messages, case, repeat) if self.planted else write_reply(messages)
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
        return httpx.Response(200, json={"model": self.name, "choices": [choice], "usage": usage})


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible endpoint; `url` is given if it differs from the name."""

    name: str
    transport: httpx.BaseTransport
    url: str = ""

    @property
    def kept_as(self) -> str:
        """Its name: replies of a local one are reused at any port."""
        return self.name

    def answer(self, request: httpx.Request, case: str, repeat: int) -> httpx.Response:  # noqa: ARG002
        """The endpoint's own response."""
        return self.transport.handle_request(request)


def find_model(name: str, environment: Mapping[str, str]) -> Model:
    """The model of that name, or at that URL; raises UnusableInput."""
    if name == PLANTED:
        return InProcess(PLANTED, PlantedModel())
    if name == STAND_IN:
        return InProcess(STAND_IN, None)
    if name.startswith(("http://", "https://")):
        return Endpoint(name, KeptTransport(proxy_context(environment)))
    raise UnusableInput(f"{name or 'An empty name'} is no model: MODEL is {PLANTED}, {STAND_IN}, local or a URL.")


def messages_of(request: httpx.Request) -> Sequence[Message]:
    """The messages of a chat completion."""
    messages: Sequence[Message] = json.loads(request.content)["messages"]
    return messages


class KeptFile:
    """A JSON file per digest of everything that it depends on; without a folder nothing is stored."""

    def __init__(self, folder: Path | None, follows_from: Any) -> None:  # noqa: ANN401  # any JSON
        digest = sha256(json.dumps(follows_from).encode()).hexdigest() if folder else ""
        self._path = folder / digest[:2] / f"{digest}.json" if folder else None

    def read(self) -> Any:  # noqa: ANN401  # any JSON
        """The stored value, None if there is none."""
        try:
            return json.loads(self._path.read_bytes()) if self._path else None
        except (FileNotFoundError, ValueError):
            return None

    def write(self, told: Any) -> None:  # noqa: ANN401  # any JSON
        """Write the file atomically, because a run may be interrupted."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}.{threading.get_ident()}")
        part.write_text(json.dumps(told), encoding="utf-8")
        part.replace(self._path)


@dataclass
class Replies:
    """A model with a cache of its replies. `asked` and `kept` count requests and cache hits since the start."""

    model: Model
    folder: Path | None = None
    asked: int = 0
    kept: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: httpx.Request, case: str, repeat: int) -> httpx.Response:
        """The cached reply, else the model's."""
        kept = self._kept_reply(messages_of(request), case, repeat)
        told = kept.read()
        if told is not None:
            self._count(kept=1)
            return httpx.Response(200, json=told)
        self._count(asked=1)
        response = self.model.answer(request, case, repeat)
        body = response.read()
        if response.status_code == httpx.codes.OK and _text(body) is not None:
            kept.write(json.loads(body, strict=False))
        return httpx.Response(response.status_code, headers=response.headers, content=body)

    def _count(self, *, asked: int = 0, kept: int = 0) -> None:
        with self._lock:
            self.asked += asked
            self.kept += kept

    def _kept_reply(self, messages: Sequence[Message], case: str, repeat: int) -> KeptFile:
        # Only a model in this process knows the case: another one gets the messages alone.
        known = case if isinstance(self.model, InProcess) else ""
        return KeptFile(self.folder, ["reply", messages, self.model.kept_as, known, repeat])

    def kept_row(self, follows_from: Any) -> KeptFile:  # noqa: ANN401  # any JSON
        """The file of a cached row of the bench, for this input, model and code."""
        return KeptFile(self.folder, ["row", follows_from, self.model.kept_as, _code_digest()])


@dataclass
class CaseTransport(httpx.BaseTransport):
    """Sends the calls of one case; `latest` is the text of the last reply."""

    replies: Replies
    case: str
    repeat: int
    latest: str | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call."""
        response = self.replies.answer(request, self.case, self.repeat)
        self.latest = _text(response.content)
        return response


@cache
def _code_digest() -> str:
    files = sorted(path for pattern in _CODE for path in ROOT.glob(pattern))
    return sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]


def _text(body: bytes) -> str | None:
    try:
        return read_chat_completion({}, body, "").text
    except NotACompletion:
        return None
