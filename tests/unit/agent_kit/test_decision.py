"""How a decision becomes an output."""

from datetime import timedelta

import pytest

from oo.agent_kit.decision import Say, Silent, write_output
from oo.agents.registry import get_agent
from oo.contract.agent_output import AgentOutput
from oo.snippets.grammar import SnippetDraft
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, clock_at, iso, snapshot, user_view
from testing.for_each import for_each

MANIFEST = get_agent("quick-win").manifest  # speaks for four hours at most
LINE = SnippetDraft("start", 3, "a.", "b.")


def written(decided: Say | Silent, *tasks: object) -> AgentOutput:
    return write_output(MANIFEST, user_view(snapshot(*tasks), MANIFEST), decided)


@for_each(
    ("valid_until_candidates", "lasts"),
    [
        ([], 4 * HOUR),
        ([None], 4 * HOUR),
        ([clock_at().now + 2 * HOUR, clock_at().now + HOUR], HOUR),
        ([clock_at().now + HOUR + timedelta(microseconds=1)], HOUR),
        ([clock_at().now + 59 * SECOND], MINUTE),
        ([clock_at().now - DAY], MINUTE),
        ([clock_at().now + DAY], 4 * HOUR),
    ],
)
def test_ends_at_the_first_flip(valid_until_candidates: list[object], lasts: timedelta) -> None:
    """A statement ends at its first flip, in whole seconds, within its longest time and after a minute."""
    output = written(Say(LINE, {}, valid_until_candidates))  # type: ignore[arg-type]

    assert output.expires_at - output.computed_at == lasts


def test_silence_lasts_six_hours() -> None:
    """Silence lasts six hours where nothing ends it."""
    assert written(Silent("nothing_small", {})).expires_at == NOW + 6 * HOUR


def test_completion_to_come_ends_it() -> None:
    """A completion that will begin to count ends every output."""
    task = {"id": "a", "completed_at": iso(NOW + 25 * MINUTE)}

    assert written(Say(LINE, {}), task).expires_at == NOW + 20 * MINUTE


def test_snapshot_is_complete_and_rounded() -> None:
    """Undecided signals are null, floats have three places, and the reason says why it is silent."""
    silent = written(Silent("nothing_small", {"easy_share_today_p": 2 / 3, "quick_n": 0})).signals_snapshot

    assert list(silent) == list(MANIFEST.signals_schema)
    assert (silent["easy_share_today_p"], silent["top_task_id"]) == (0.667, None)
    assert (silent["applicable"], silent["reason"]) == (False, "nothing_small")


def test_undeclared_signal_is_an_error() -> None:
    """A signal that the manifest does not declare is a fault of the agent."""
    with pytest.raises(LookupError, match="quick-win gives signals"):
        written(Say(LINE, {"other_n": 1}))


def test_times_are_written_with_an_offset_of_zero() -> None:
    """The body of an output holds times in ISO 8601 with an offset of zero."""
    body = written(Say(LINE, {})).model_dump(mode="json")

    assert body["computed_at"] == "2026-06-17T08:00:00+00:00"
    assert body["expires_at"] == "2026-06-17T12:00:00+00:00"
