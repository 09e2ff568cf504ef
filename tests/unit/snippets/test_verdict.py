from datetime import timedelta
from typing import Any

import pytest

from oo.agents.registry import all_manifests
from oo.contract.tips import AgentOutputSnippet, SnippetState
from oo.snippets.open_tasks import read_open_tasks
from oo.snippets.verdict import judge_all, state_of
from oo.telemetry.spans import Trace, recording
from tests.unit.tips.fixtures import NOW

OURS = all_manifests()[0]
MAJOR = int(OURS.version.split(".")[0])
TASKS = read_open_tasks([{"id": "a", "title": "Pay rent"}, {"id": "b", "title": "Old", "status": "done"}], NOW)
NO_TASKS = read_open_tasks([], NOW)


def snippet(prompt_text: object = "Mornings suit you.", **fields: Any) -> AgentOutputSnippet:
    return AgentOutputSnippet(agent_id=OURS.agent_id, prompt_text=prompt_text, **fields)


@pytest.mark.parametrize("prompt_text", [None, 7, ["x"], "", " \n", "\u200b", "x" * 2_001])
def test_what_is_no_text_is_malformed(prompt_text: object) -> None:
    """Also where it is fresh and of the right version."""
    judged = snippet(prompt_text, expires_at=NOW + timedelta(hours=1), agent_version=OURS.version)

    assert state_of(judged, TASKS, NOW) is SnippetState.MALFORMED


@pytest.mark.parametrize(
    ("version", "state"),
    [
        (None, SnippetState.UNKNOWN),
        (OURS.version, SnippetState.UNKNOWN),
        (f"{MAJOR}.99.0", SnippetState.UNKNOWN),
        (f"{MAJOR + 1}.0.0", SnippetState.OTHER_VERSION),
        (f"{MAJOR}0.0.0", SnippetState.OTHER_VERSION),
        ("", SnippetState.OTHER_VERSION),
        ("latest", SnippetState.OTHER_VERSION),
    ],
)
def test_another_major_means_something_else(version: str | None, state: SnippetState) -> None:
    """Minor versions still say the same."""
    assert state_of(snippet(agent_version=version), TASKS, NOW) is state


def test_of_an_agent_of_others_no_version_is_known() -> None:
    """A caller may bring its own agents."""
    foreign = AgentOutputSnippet(agent_id="theirs", prompt_text="x", agent_version="9.0.0")

    assert state_of(foreign, TASKS, NOW) is SnippetState.UNKNOWN


@pytest.mark.parametrize(
    ("seconds", "state"), [(-1, SnippetState.EXPIRED), (0, SnippetState.EXPIRED), (1, SnippetState.FRESH)]
)
def test_a_snippet_holds_until_just_before_it_expires(seconds: int, state: SnippetState) -> None:
    """At the moment itself it is no longer true."""
    assert state_of(snippet(expires_at=NOW + timedelta(seconds=seconds)), TASKS, NOW) is state


@pytest.mark.parametrize("expires_in", [None, timedelta(hours=1), timedelta(days=30_000), timedelta(hours=-1)])
def test_a_snippet_from_more_than_five_minutes_ahead_is_malformed(expires_in: timedelta | None) -> None:
    """It would count as fresh until its moment came."""
    expires_at = None if expires_in is None else NOW + expires_in

    for ahead in (timedelta(minutes=5, seconds=1), timedelta(days=26_500)):
        ahead_of_us = snippet(computed_at=NOW + ahead, expires_at=expires_at)
        assert state_of(ahead_of_us, TASKS, NOW) is SnippetState.MALFORMED
    close = snippet(computed_at=NOW + timedelta(minutes=5), expires_at=expires_at)
    assert state_of(close, TASKS, NOW) is state_of(snippet(expires_at=expires_at), TASKS, NOW)


def test_a_title_that_no_open_task_has_is_a_ghost() -> None:
    """Done tasks are gone; without tasks nobody can tell."""
    assert state_of(snippet("«Pay rent» is due."), TASKS, NOW) is SnippetState.UNKNOWN
    assert state_of(snippet("«Old» is due."), TASKS, NOW) is SnippetState.GHOST
    assert state_of(snippet("«Old» is due."), NO_TASKS, NOW) is SnippetState.UNKNOWN


@pytest.mark.parametrize(("seconds", "age_s"), [(90.9, 90), (0, 0), (-30, 0)])
def test_an_age_is_whole_seconds_and_never_negative(seconds: float, age_s: int) -> None:
    """Two machines' clocks disagree a little."""
    (judged,) = judge_all([snippet(computed_at=NOW - timedelta(seconds=seconds))], TASKS, NOW)

    assert judged.receipt(used=True).age_s == age_s


def test_every_snippet_has_a_span() -> None:
    """It names the agent, what was said, and the trace that computed it."""
    with recording(Trace.begin()) as trace:
        judge_all([snippet(trace_id="c" * 32), snippet(7)], TASKS, NOW)

    first, second = trace.spans
    assert (first.name, first.inputs) == (f"agent:{OURS.agent_id}", {"agent_id": OURS.agent_id})
    assert (first.outputs, first.attributes["computed_in_trace"]) == ({"prompt_text": "Mornings suit you."}, "c" * 32)
    assert (second.outputs, second.attributes["state"]) == ({"prompt_text": None}, "malformed")
