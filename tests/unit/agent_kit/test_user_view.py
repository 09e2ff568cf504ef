"""One user's snapshot as an agent sees it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from oo.agent_kit.due_counts import due_counts
from oo.agent_kit.user_view import UserView, view_at
from oo.agents.registry import all_manifests, get_agent
from oo.contract.snapshot import Snapshot
from testing.agent_snapshots import HOUR, MINUTE, NOW, SECOND, changed, iso, snapshot, user_view
from testing.call_counts import calls
from testing.for_each import for_each

MIDNIGHT = NOW.replace(hour=0) + 24 * HOUR


def view(*moments: object) -> UserView:
    """A snapshot with a completion and a tip taken up at each moment."""
    rows = [{"completed_at": moment, "created_at": moment, "action": "done"} for moment in moments]
    return user_view(snapshot(completions=rows, feedback=rows), get_agent("quick-win").manifest)


@for_each(
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
    """A time up to five minutes ahead counts, one later today is announced, one still later is neither."""
    found = view(iso(NOW + ahead))
    expected = None if changes_in is None else NOW + changes_in

    assert (len(found.completions), len(found.sent_completions), len(found.feedback)) == (counted, counted, counted)
    assert (found.completions_change_at, found.feedback_changes_at) == (expected, expected)


def test_first_of_several_is_announced() -> None:
    """Of several times ahead the first one ends a statement; an unreadable time does not."""
    found = view(iso(NOW + 3 * HOUR), iso(NOW + HOUR), iso(NOW), None, "soon")

    assert found.completions_change_at == found.feedback_changes_at == NOW + 55 * MINUTE


def test_completions_of_done_tasks_count_once() -> None:
    """A completion that was sent along is that of the done task: only agents see both lists."""
    done = {"status": "done", "completed_at": iso(NOW)}
    found = view_at(snapshot(done, {**done, "project_id": "p"}, completions=[done]), NOW)

    assert (len(found.completions), len(found.sent_completions)) == (2, 1)


def test_all_agents_of_a_zone_share_the_parts() -> None:
    """Ten agents read the snapshot once together, and each its own preferences."""
    shared = view_at(snapshot({"id": "a"}), NOW)
    views = [shared.for_agent(manifest, {}) for manifest in all_manifests()]

    counts = calls(lambda: [(each.tasks, each.completions, each.feedback, each.profile) for each in views])

    readers = ("read_tasks", "read_task_completions", "read_feedback", "read_profile")
    assert {name: counts[name] for name in readers} == dict.fromkeys(readers, 1)


def test_a_result_is_computed_once_in_each_zone() -> None:
    """Agents of the same zone get the same object, those of another zone their own."""
    shared = view_at(snapshot({"id": "a"}), NOW)
    manifest = get_agent("quick-win").manifest

    views = [shared.for_agent(manifest, {"timezone": zone}) for zone in ("", "", "Asia/Tokyo")]
    results = [view.once(due_counts) for view in views]

    assert [result is results[0] for result in results] == [True, True, False]


def test_another_zone_reads_anew() -> None:
    """An agent's own time zone gives its view other days, and leaves those of the others as they are."""
    berlin = view_at(snapshot({"id": "a", "due_at": "2026-06-17"}), NOW)
    tokyo = berlin.for_agent(get_agent("quick-win").manifest, {"timezone": "Asia/Tokyo"})

    due = [found.tasks.open[0].due for found in (tokyo, berlin)]

    assert [iso(moment.at) for moment in due if moment] == ["2026-06-17T14:59:59+00:00", "2026-06-17T21:59:59+00:00"]
    assert (tokyo.clock.now, berlin.clock.zone) == (berlin.clock.now, NOW.tzinfo)


@for_each("zone", ["", None, 7])
def test_an_unusable_zone_is_the_clocks(zone: object) -> None:
    """A preference that names no zone leaves the view in the zone of the snapshot's moment."""
    assert (
        view_at(snapshot(), NOW).for_agent(get_agent("quick-win").manifest, {"timezone": zone}).clock.zone == NOW.tzinfo
    )


def test_a_zone_that_cannot_be_read_is_no_zone() -> None:
    """A preference with a name of no zone makes the zone unknown, and is reported."""
    view = view_at(snapshot(), NOW).for_agent(get_agent("quick-win").manifest, {"timezone": "Nowhere/Else"})

    assert (view.clock.zone_known, view.reading) == (False, {"unreadable": {"timezone": 1}})


def test_wrong_containers_are_empty() -> None:
    """Null, text or a number in place of a list or an object raises nothing and holds nothing."""
    for wrong in (None, "text", 7):
        given = changed(snapshot(), tasks=wrong, profile=wrong, feedback_history=wrong, task_completions=wrong)
        found = view_at(given, NOW).for_agent(get_agent("quick-win").manifest, wrong)

        assert (found.tasks.open, found.profile, found.feedback, found.completions) == ((), {}, [], []), wrong


def completions_at(*moments: object, task_id: object = "a") -> list[dict[str, object]]:
    return [{"task_id": task_id, "completed_at": moment} for moment in moments]


@for_each(
    ("moments", "recurs"),
    [
        ([NOW - 26 * HOUR, NOW - 2 * HOUR], True),
        ([NOW - 2 * HOUR, NOW - 2 * HOUR + SECOND], False),
        ([NOW - 2 * HOUR, (NOW - 2 * HOUR).isoformat()], False),
        ([NOW - 2 * HOUR], False),
        ([NOW - 2 * HOUR, NOW + HOUR], False),
        ([], False),
    ],
)
def test_an_open_task_that_was_done_twice_recurs(moments: list[datetime | str], *, recurs: bool) -> None:
    """Two completions at different times show that an open task recurs, for any row."""
    rows = completions_at(*(moment if isinstance(moment, str) else iso(moment) for moment in moments))
    found = user_view(snapshot({"id": "a", "title": "A"}, completions=rows), get_agent("quick-win").manifest)

    assert [task.recurs for task in found.tasks.open] == [recurs]


def test_the_moment_from_which_a_task_recurs_is_known() -> None:
    """A completion of an open task that lies ahead begins to count five minutes before."""
    rows = completions_at(iso(NOW - HOUR), iso(NOW + HOUR))
    found = user_view(snapshot({"id": "a", "title": "A"}, completions=rows), get_agent("quick-win").manifest)

    assert found.tasks.changes_at == NOW + 55 * MINUTE


@for_each(
    ("name", "now"),
    [
        ("Europe/Berlin", datetime(2026, 3, 31, 0, 30, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 3, 4, 30, tzinfo=UTC)),
        ("Pacific/Apia", datetime(2012, 1, 1, 10, 30, tzinfo=UTC)),
    ],
)
def test_the_last_days_are_local_dates(name: str, now: datetime) -> None:
    """Also where the clock changed among them, and where it left out a whole day."""
    zone = ZoneInfo(name)
    times = [now - number * HOUR for number in range(14 * 24)]
    sent = Snapshot(user_id="u", task_completions=[{"completed_at": at.isoformat()} for at in times], timezone=name)
    found = view_at(sent, now)

    for days in (1, 2, 3, 7):
        first = now.astimezone(zone).date() - timedelta(days=days - 1)
        expected = [at for at in reversed(times) if at.astimezone(zone).date() >= first]

        assert expected == [each.completed.at for each in found.completions_within(days)]
