"""Windows of the local day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from oo.agent_kit.windows import daily_window
from oo.snapshot.clock import clock_at
from testing.for_each import for_each

BERLIN = ZoneInfo("Europe/Berlin")


@for_each(
    ("now", "centre_h", "start", "is_open"),
    [
        ("2026-06-17T07:29:59", 9, "2026-06-17T07:30", False),
        ("2026-06-17T07:30:00", 9, "2026-06-17T07:30", True),
        ("2026-06-17T10:29:59", 9, "2026-06-17T07:30", True),
        ("2026-06-17T10:30:00", 9, "2026-06-18T07:30", False),
        ("2026-06-17T00:30:00", 23.5, "2026-06-16T22:00", True),
        ("2026-06-17T23:30:00", 0, "2026-06-17T22:30", True),
        ("2026-03-29T01:00:00", 2.5, "2026-03-29T01:00", True),
    ],
)
def test_window_is_the_open_or_the_next_one(now: str, centre_h: float, start: str, *, is_open: bool) -> None:
    """Three hours around a local hour are open now or next, also across midnight and clock changes."""
    clock = clock_at(datetime.fromisoformat(now).replace(tzinfo=BERLIN), BERLIN)
    window = daily_window(clock, centre_h, 3)

    assert window.start.astimezone(BERLIN) == datetime.fromisoformat(start).replace(tzinfo=BERLIN)
    assert window.holds(clock.now) is is_open


def test_clock_change_shortens_a_window() -> None:
    """A window over a skipped hour is an hour shorter."""
    clock = clock_at(datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN), BERLIN)
    window = daily_window(clock, 2.5, 3)

    assert window.end - window.start == timedelta(hours=2)
