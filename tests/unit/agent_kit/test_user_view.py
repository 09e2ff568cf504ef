"""One user's snapshot as an agent sees it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oo.agent_kit.user_view import Scene, read_scene
from oo.agents.registry import get_manifest
from testing.agent_snapshots import HOUR, MINUTE, NOW, SECOND, iso, snapshot

MIDNIGHT = NOW.replace(hour=0) + 24 * HOUR


def scene(*moments: object) -> Scene:
    """A snapshot with a completion and a tip taken up at each moment."""
    rows = [{"completed_at": moment, "created_at": moment, "action": "done"} for moment in moments]
    given = replace(snapshot(completions=rows), feedback_history=rows)
    return read_scene(get_manifest("quick-win"), given)


@pytest.mark.parametrize(
    ("ahead", "counted", "changes_in"),
    [
        (-HOUR, 1, None),
        (5 * MINUTE, 1, None),
        (5 * MINUTE + SECOND, 0, SECOND),
        (HOUR, 0, 55 * MINUTE),
        (MIDNIGHT - NOW, 0, MIDNIGHT - NOW - 5 * MINUTE),
        (MIDNIGHT - NOW + 5 * MINUTE, 0, MIDNIGHT - NOW),
        (MIDNIGHT - NOW + 6 * MINUTE, 0, None),
    ],
)
def test_what_lies_ahead_begins_to_count(ahead: timedelta, counted: int, changes_in: timedelta | None) -> None:
    """What is up to five minutes ahead counts, what is later today is announced, what is later still is neither."""
    found = scene(iso(NOW + ahead))
    expected = None if changes_in is None else NOW + changes_in

    assert (len(found.completions()), len(found.feedback())) == (counted, counted)
    assert (found.completions_change_at(), found.feedback_changes_at()) == (expected, expected)


def test_first_of_several_is_announced() -> None:
    """Of several moments ahead the first one ends what is said; what can not be read does not."""
    found = scene(iso(NOW + 3 * HOUR), iso(NOW + HOUR), iso(NOW), None, "soon")

    assert found.completions_change_at() == found.feedback_changes_at() == NOW + 55 * MINUTE
