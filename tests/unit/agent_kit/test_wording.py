"""Words for times and counts hold as long as they say."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from oo.agent_kit.wording import Phrase, about_hours, counted, hour_phrase, minutes_phrase, when_phrase
from oo.snapshot.clock import Clock, Moment, end_of_day
from oo.snapshot.clock import clock_at as clock_in
from testing.agent_snapshots import HOUR, MINUTE, NOW, SECOND, clock_at
from testing.for_each import for_each


def phrase_of(due: Moment, clock: Clock) -> Phrase:
    phrase = when_phrase(due, clock)
    assert phrase is not None
    return phrase


@for_each("minutes", range(1, 30 * 60, 13))
def test_phrase_holds_until_it_says(minutes: int) -> None:
    """Right before its end a phrase is the same, right after it another one."""
    due = Moment(clock_at().now + minutes * MINUTE)
    phrase = phrase_of(due, clock_at())

    ends_at = min(phrase.holds_until or clock_at().midnight, clock_at().midnight)
    before, after = (phrase_of(due, clock_at(ends_at + step * SECOND)).text for step in (-1, 1))

    assert before == phrase.text
    assert after != phrase.text or ends_at == clock_at().midnight


@for_each(
    ("left", "words"),
    [
        (-SECOND, "past its time today (09:59)"),
        (-24 * HOUR, "past its date"),
        (HOUR + 29 * MINUTE, "in about 1 h"),
        (HOUR + 30 * MINUTE, "in about 2 h"),
        (6 * 24 * HOUR, "on Tuesday"),
        (7 * 24 * HOUR, "in 7 days"),
    ],
)
def test_words_by_distance(left: timedelta, words: str) -> None:
    """Hours are rounded to the nearest, weekdays reach six days, then days are counted."""
    assert phrase_of(Moment(clock_at().now + left), clock_at()).text == words


@for_each(
    ("left", "words"),
    [
        (-26 * HOUR, "past its date"),
        (-23 * HOUR, "past its time"),
        (14 * HOUR, "in about 14 h"),
        (24 * HOUR + MINUTE, "in about 24 h"),
        (71 * HOUR, "in about 3 days"),
    ],
)
def test_words_of_an_instant_where_no_zone_is_known(left: timedelta, words: str) -> None:
    """An instant is on both sides of midnight in one zone or another: also where the first and the last agree."""
    clock = clock_in(NOW, None)

    for hour in range(24):
        now = clock_in(clock.now + hour * HOUR, None)
        phrase = phrase_of(Moment(now.now + left), now)
        later = clock_in((phrase.holds_until or now.now) + SECOND, None)
        assert phrase.text == words
        assert phrase_of(Moment(now.now + left), later).text != words or left < -24 * HOUR


def test_bare_date_of_today_is_today_all_day() -> None:
    """A bare date has no hour, and its phrase holds until midnight."""
    end_of_today = clock_at(NOW).midnight - SECOND
    phrase = phrase_of(Moment(end_of_today, date_only=True), clock_at())

    assert (phrase.text, phrase.holds_until) == ("today", None)


@for_each(
    ("minutes", "words"),
    [(14.9, "under half an hour"), (15, "about 0.5 h"), (44, "about 0.5 h"), (45, "about 1 h"), (390, "about 6.5 h")],
)
def test_hours_are_rounded_to_halves(minutes: float, words: str) -> None:
    """Minutes become half hours; too few give no figure."""
    assert about_hours(minutes) == words


def test_counts_and_minutes() -> None:
    """One is singular, and minutes have no needless fraction."""
    assert (counted(1, "day"), counted(2, "day")) == ("1 day", "2 days")
    assert [minutes_phrase(each) for each in (0.4, 1, 7.5, 1440)] == ["under 1 min", "1 min", "7.5 min", "1440 min"]


def test_hours_are_shown_as_a_clock_does() -> None:
    """An hour of the day has two digits each for hours and minutes, and the day ends where it begins."""
    shown = [hour_phrase(hour) for hour in (0, 9, 14.75, 23.99, 23.9999, 24)]

    assert shown == ["00:00", "09:00", "14:45", "23:59", "00:00", "00:00"]


ZONES = [timezone(timedelta(hours=hours)) for hours in range(-12, 15)]
MOMENT = datetime(2026, 3, 12, 9, tzinfo=UTC)


@given(st.integers(0, 24 * 60), st.integers(-10 * 24 * 60, 10 * 24 * 60))
def test_without_a_zone_a_word_for_the_day_of_an_instant_holds_in_all(of_day: int, ahead: int) -> None:
    """Hours and days that are left are as many everywhere; "past its date" is only said where it is so everywhere."""
    now = MOMENT + of_day * MINUTE
    due = Moment(now + ahead * MINUTE)
    phrase = phrase_of(due, clock_in(now, None))
    everywhere = {phrase_of(due, clock_in(now, zone)).text for zone in ZONES}

    assert phrase.text.startswith(("in about", "within the hour", "past its"))
    if phrase.text == "past its date":
        assert everywhere == {"past its date"}


@given(st.integers(0, 24 * 60), st.integers(-10, 10))
def test_without_a_zone_a_word_for_a_day_holds_in_all(of_day: int, ahead: int) -> None:
    now = MOMENT + of_day * MINUTE
    day = (MOMENT + timedelta(days=ahead)).date()
    phrase = when_phrase(Moment(end_of_day(day, UTC), date_only=True), clock_in(now, None))
    everywhere = {phrase_of(Moment(end_of_day(day, zone), date_only=True), clock_in(now, zone)).text for zone in ZONES}

    if phrase is None:
        assert len(everywhere) > 1
    elif phrase.text.startswith("on "):
        assert day.strftime("%A") == phrase.text[3:]
        assert not {text for text in everywhere if text.startswith("past")}
    else:
        assert everywhere == {phrase.text}
