"""The user's hour and weekday in words."""

from oo.prompts.clock_line import now_line
from testing.for_each import for_each


@for_each(
    ("hour", "daypart"),
    [
        (0, "night"),
        (4, "night"),
        (5, "morning"),
        (11, "morning"),
        (12, "afternoon"),
        (16, "afternoon"),
        (17, "evening"),
        (21, "evening"),
        (22, "night"),
        (23, "night"),
    ],
)
def test_dayparts(hour: int, daypart: str) -> None:
    """Each daypart begins at its hour."""
    assert f"Now: {daypart} ({hour:02d}h)" == now_line(hour, None)


@for_each(("day", "name"), [(0, "Monday"), (1, "Tuesday"), (5, "Saturday"), (6, "Sunday")])
def test_week_begins_on_monday(day: int, name: str) -> None:
    """0 is Monday, 6 is Sunday."""
    assert f"Now: {name}" == now_line(None, day)


def test_both_are_said_in_one_line() -> None:
    """The line gives weekday, daypart and hour."""
    assert now_line(9, 1) == "Now: Tuesday, morning (09h)"


@for_each("unknown", [None, -1, 24, 99, "9", True, float("nan")])
def test_what_is_unknown_is_not_said(unknown: object) -> None:
    """An hour and a weekday that are left out or out of range leave no line."""
    assert now_line(unknown, unknown) is None
