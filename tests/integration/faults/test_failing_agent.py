"""An agent that raises, from the function's own entry."""

from typing import Any, NoReturn

import pytest

from oo.agent_kit.user_view import UserView
from oo.agents.registry import get_agent
from tests.integration.faults.entry import Entry

TITLE = "Planted title about the divorce lawyer"


@pytest.mark.parametrize("error", [KeyError(TITLE), ValueError(f"{TITLE} is no date"), RecursionError(TITLE)])
def test_an_agent_that_fails_says_so_without_words(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its exception may quote a task: the answer and the log have its type alone, the span is an error."""

    def compute(_: object, view: UserView) -> NoReturn:
        raise error

    monkeypatch.setattr(type(get_agent("quick-win")), "compute", compute)
    entry = Entry("compute", monkeypatch, capsys)
    tasks: list[dict[str, Any]] = [{"id": "t", "title": TITLE}]

    answered = entry.post("/agents/quick-win/compute", {"user_id": "u", "tasks": tasks})

    kind = type(error).__name__
    assert answered.status == 500
    assert answered.body == {"detail": f"Agent compute failed: {kind}", "code": "agent_failed"}
    assert [line["error_type"] for line in entry.events("agent_compute_failed")] == [kind]
    assert TITLE not in entry.written
    assert [record.error_type for trace in entry.traces for record in trace.spans] == ["AgentFailed"]
