"""A proxy that refuses connections, from the function's own entry."""

import socket
from typing import NoReturn

import pytest

from testing.free_port import free_port
from tests.integration.faults.entry import Entry

BODY = {"user_id": "u", "agent_outputs": []}


@pytest.fixture
def look_ups(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names that were looked up; none is known."""
    names: list[str] = []

    def resolve(host: str, *_: object, **__: object) -> NoReturn:
        names.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return names


def recommend_of(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Entry:
    monkeypatch.setenv("LITELLM_URL", url)
    monkeypatch.setenv("LITELLM_API_KEY", "sk-planted")
    return Entry("recommend", monkeypatch, capsys)


def assert_unreachable(entry: Entry) -> None:
    """Three calls, each logged and counted, then the answer."""
    answered = entry.post("/recommend", BODY)

    assert answered.outcome == (503, "llm_unreachable")
    assert [line["code"] for line in entry.events("llm_attempt_failed")] == ["llm_unreachable"] * 3
    assert entry.counted("LLMErrors", kind="llm_unreachable") == 3
    assert [line["code"] for line in entry.events("request_failed")] == ["llm_unreachable"]


def test_a_name_that_is_not_known_is_unreachable(
    look_ups: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its look-up is tried again like any connection."""
    assert_unreachable(recommend_of("https://proxy.invalid", monkeypatch, capsys))

    assert look_ups == ["proxy.invalid"] * 3


def test_a_refused_connection_is_unreachable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No server listens there."""
    assert_unreachable(recommend_of(f"http://127.0.0.1:{free_port()}", monkeypatch, capsys))
