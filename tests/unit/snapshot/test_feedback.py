"""Feedback rows and the episodes they make."""

from datetime import UTC, datetime

import pytest

from oo.snapshot.feedback import Episode, FeedbackRow, read_action, read_episodes, read_feedback
from testing.agent_snapshots import HOUR, MINUTE, iso

AT = datetime(2026, 6, 17, 8, 0, tzinfo=UTC)


def row(action: object, minutes: float = 0, dwell_ms: object = None) -> dict[str, object]:
    return {"action": action, "created_at": iso(AT + minutes * MINUTE), "dwell_ms": dwell_ms}


def episodes(*rows: object) -> list[Episode]:
    return read_episodes(read_feedback(rows, UTC, AT + 24 * HOUR))


@pytest.mark.parametrize(
    ("value", "action"),
    [
        ("shown", "shown"),
        ("Impression", "shown"),
        ("CLICKED", "opened"),
        ("completed", "done"),
        ("acted", "done"),
        ("thumbs-up", "helpful"),
        ("Thumbs Down", "not_helpful"),
        ("explode", None),
        (None, None),
        (3, None),
    ],
)
def test_actions_have_one_name(value: object, action: str | None) -> None:
    """Aliases and case lead to one name; the unknown is none."""
    assert read_action(value) == action


def test_rows_are_read_in_order_and_once() -> None:
    """Readable rows come in order of time, exact duplicates once, what lies ahead not at all."""
    rows = [row("done", 5), row("shown"), row("shown"), row(None), "x", row("shown", 60 * 25), {"action": "shown"}]

    assert read_feedback(rows, UTC, AT + 24 * HOUR) == [
        FeedbackRow(AT, "shown"),
        FeedbackRow(AT + 5 * MINUTE, "done"),
    ]


@pytest.mark.parametrize("dwell_ms", [None, -1, "900", True, float("nan"), []])
def test_implausible_dwell_is_unknown(dwell_ms: object) -> None:
    """A dwell time is a number from 0 on."""
    assert episodes(row("opened", dwell_ms=dwell_ms))[0].dwell_ms is None


@pytest.mark.parametrize(
    ("actions", "outcome", "value", "weight"),
    [
        (["shown"], "shown", 0, 0.3),
        (["shown", "opened"], "opened", 1, 0.3),
        (["shown", "opened", "snoozed"], "snoozed", 0, 0.5),
        (["opened", "dismissed", "snoozed"], "dismissed", 0, 1),
        (["dismissed", "done"], "done", 1, 1),
        (["done", "helpful"], "helpful", 1, 1),
        (["helpful", "not_helpful"], "not_helpful", 0, 1),
    ],
)
def test_strongest_event_is_the_outcome(actions: list[str], outcome: str, value: float, weight: float) -> None:
    """An episode's outcome is its strongest event, whatever came first."""
    found = episodes(*(row(action, minute) for minute, action in enumerate(actions)))

    assert [(each.outcome, each.value, each.weight) for each in found] == [(outcome, value, weight)]


@pytest.mark.parametrize(("dwell_ms", "value"), [(2016, 0), (2017, 1), (None, 1)])
def test_a_glance_speaks_against_the_tip(dwell_ms: object, value: float) -> None:
    """Opening a tip for less than 40% of the time that 20 words take counts against it."""
    assert episodes(row("opened", dwell_ms=dwell_ms))[0].value == value


@pytest.mark.parametrize(("minutes", "size"), [(30, 1), (30.1, 2)])
def test_a_long_gap_starts_an_episode(minutes: float, size: int) -> None:
    """Events more than 30 minutes apart belong to different tips."""
    assert len(episodes(row("opened"), row("done", minutes))) == size


def test_each_showing_starts_an_episode() -> None:
    """Every `shown` is a tip of its own."""
    found = episodes(row("shown"), row("dismissed", 1), row("shown", 2), row("done", 3))

    assert [each.outcome for each in found] == ["dismissed", "done"]
