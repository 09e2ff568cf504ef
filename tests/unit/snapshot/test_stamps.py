"""Which texts, numbers and objects are dates, which mean that there is none, and which cannot be read."""

import json
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from oo.contract.vocabulary import ABSENT_DATES, DATE_SHAPES, UNREADABLE_DATES
from oo.snapshot.clock import Moment
from oo.snapshot.rows import UNREADABLE
from oo.snapshot.stamps import read_moment, read_stamp, stamp_reader, stamps_reader
from testing.for_each import for_each

BERLIN = ZoneInfo("Europe/Berlin")
FIVE = datetime(2026, 3, 12, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def at(value: object, zone: tzinfo | None = BERLIN) -> datetime | None:
    """The instant of a stamp with a time."""
    moment = read_stamp(value, zone)
    assert isinstance(moment, Moment), value
    assert not moment.date_only, value
    return moment.at


@for_each(
    "value",
    [
        "2026-03-12T17:00:00Z",
        "2026-03-12T17:00Z",
        "2026-03-12T17Z",
        "2026-03-12t17:00:00z",
        "2026-03-12T17:00:00+00:00",
        "2026-03-12T17:00:00-00:00",
        "2026-03-12T17:00:00+0000",
        "2026-03-12T17:00:00+00",
        "2026-03-12T18:00:00+01:00",
        "2026-03-12T18:00+01",
        "2026-03-12T22:30:00+05:30",
        "2026-03-12T09:00:00-08:00",
        "2026-03-13T07:00:00+14:00",
        "20260312T170000Z",
        "20260312T1700Z",
        "20260312T180000+0100",
        "2026-W11-4T17:00:00Z",
        "2026-03-12 17:00:00Z",
        "2026-03-12 17:00:00+00",
        "2026-03-12 17:00:00 +0000",
        "2026-03-12 18:00:00 +01:00",
        "  2026-03-12T17:00:00Z\n",
        "2026-03-12 17:00:00 UTC",
        "2026-03-12 17:00:00 utc",
        "2026-03-12 17:00:00UTC",
        "2026-03-12 17:00 GMT",
        "2026-03-12 17:00:00 +0000 UTC",
        "2026-03-12T17:00:00Z[UTC]",
        "2026-03-12T17:00:00[UTC]",
        "2026-03-12T18:00:00+01:00[Europe/Berlin]",
        "2026-03-12T18:00:00[Europe/Berlin]",
        "2026-03-12T18:00:00[europe/berlin]",
        "2026-03-12T18:00:00 Europe/Berlin",
        "2026-03-12 13:00:00 America/New_York",
        "2026-03-12T18:00:00[+01:00]",
        "2026-03-12T18:00:00+01:00[Mars/Olympus]",
        "2026-03-12T17:00:00,5Z",
        *(f"2026-03-12T17:00:00.{'0123456789' * 7}"[: 20 + digits] + "Z" for digits in (1, 2, 3, 6, 7, 9, 12, 30, 60)),
        "2026-03-12T17:00:00.000+0000",
        "20260312T170000.123Z",
        1773334800,
        1773334800.0,
        1773334800.75,
        1773334800000,
        1773334800123.0,
        "1773334800",
        "1773334800000",
        " 1773334800 ",
        "Thu, 12 Mar 2026 17:00:00 GMT",
        "thu, 12 mar 2026 17:00:00 gmt",
        "Thu, 12 Mar 2026 17:00:00 +0000",
        "Thu, 12 Mar 2026 17:00:00 +0000 (UTC)",
        "12 Mar 2026 17:00:00 GMT",
        "12 Mar 2026 17:00 UT",
        "12 Mar 2026 12:00:00 EST",
        "12 Mar 2026 10:00:00 PDT",
        "12 Mar 2026 18:00:00 +0100",
        {"dateTime": "2026-03-12T17:00:00.0000000", "timeZone": "UTC"},
        {"dateTime": "2026-03-12T18:00:00", "timeZone": "Europe/Berlin"},
        {"dateTime": "2026-03-12T13:00:00", "timezone": "America/New_York"},
        {"dateTime": "2026-03-12T18:00:00+01:00", "timeZone": "America/New_York"},
        {"dateTime": "2026-03-12T18:00:00"},
        {"dateTime": "2026-03-12T18:00:00", "timeZone": None},
        {"dateTime": "2026-03-12T18:00:00", "timeZone": "Mars/Olympus", "timezone": "Europe/Berlin"},
        {"datetime": "2026-03-12T17:00:00Z", "string": "today at 18"},
        {"datetime": "2026-03-12T17:00:00Z", "date": "2026-03-12"},
        {"date": "2026-03-12", "dateTime": "2026-03-12T17:00:00Z"},
        {"date": "2026-03-12T17:00:00Z", "is_recurring": False},
        {"date": None, "dateTime": "2026-03-12T17:00:00Z"},
        {"date": 1773334800000},
        "2026-03-12T18:00:00",
        "2026-03-12T18:00",
        "2026-03-12 18:00:00.1234567",
        "20260312T180000",
        "12 Mar 2026 18:00:00",
    ],
)
def test_a_time_is_an_instant(value: object) -> None:
    """Five o'clock in UTC, in shapes that apps use; whole seconds. Without a zone it is the user's in Berlin."""
    assert at(value) == FIVE


@for_each("value", ["2026-03-12", "20260312", " 2026-03-12 ", "2026-W11-4", {"date": "2026-03-12"}, date(2026, 3, 12)])
def test_a_date_is_a_day_of_the_user(value: object) -> None:
    """From its first second in Berlin to its last."""
    first = datetime(2026, 3, 11, 23, tzinfo=UTC)

    assert read_stamp(value, BERLIN) == Moment(first, date_only=True)
    assert read_stamp(value, BERLIN, end_of_date=True) == Moment(first + DAY - timedelta(seconds=1), date_only=True)


@for_each(
    "case",
    [
        ("2026-03-12T24:00:00Z", datetime(2026, 3, 13, tzinfo=UTC)),
        ("2026-03-12T24:00Z", datetime(2026, 3, 13, tzinfo=UTC)),
        ("20260312T240000Z", datetime(2026, 3, 13, tzinfo=UTC)),
        ("2026-03-12T24:00:00.000Z", datetime(2026, 3, 13, tzinfo=UTC)),
        ("2026-12-31T24:00:00+01:00", datetime(2026, 12, 31, 23, tzinfo=UTC)),
        ("2026-03-12T24:00:00", datetime(2026, 3, 12, 23, tzinfo=UTC)),
        ("2026-06-30T23:59:60Z", datetime(2026, 7, 1, tzinfo=UTC)),
        ("20260630T235960Z", datetime(2026, 7, 1, tzinfo=UTC)),
        ("2026-06-30T23:59:60.5Z", datetime(2026, 7, 1, tzinfo=UTC)),
        ("2026-03-12T16:59:60Z", FIVE),
        ("Thu, 12 Mar 2026 16:59:60 GMT", FIVE),
        ("Thu, 12 Mar 2026 24:00:00 GMT", datetime(2026, 3, 13, tzinfo=UTC)),
    ],
)
def test_the_end_of_a_day_and_a_leap_second_belong_to_what_follows(case: tuple[str, datetime]) -> None:
    assert at(case[0]) == case[1]


@for_each(
    "value",
    [
        *(None, "", " ", "\t\n", [], {}, 0, 0.0, "0", " 0 "),
        *("0000-00-00", "0000-00-00 00:00:00", "0000-00-00T00:00:00Z", "00000000T000000Z"),
        *("0001-01-01", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00", "00010101T000000Z", "0001-01-01 00:00:00 UTC"),
        *("9999-12-31", "9999-12-31T23:59:59Z", "9999-01-01T00:00:00+01:00", "99991231T235959Z"),
        *("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00+00:00", "1970-01-01T00:00:00"),
        *("1970-01-01", "19700101", "19700101T000000Z", "1970-01-01 00:00:00 UTC", "1970-01-01T01:00:00+01:00"),
        "Thu, 01 Jan 1970 00:00:00 GMT",
        *({"date": None}, {"date": ""}, {"dateTime": None, "timeZone": "UTC"}, {"date": None, "datetime": None}),
        *({"dateTime": "0001-01-01T00:00:00.0000000", "timeZone": "UTC"}, {"date": "0001-01-01"}, {"date": 0}),
        *ABSENT_DATES,
    ],
)
def test_what_programs_write_where_there_is_no_date_is_none(value: object) -> None:
    for zone in (BERLIN, UTC, ZoneInfo("America/Los_Angeles"), None):
        assert read_stamp(value, zone) is None, zone


@for_each(
    "value",
    [
        *("12.03.2026", "03/12/2026", "12/03/2026", "12-03-2026", "3/12/26", "2026/03/12", "2026.03.12", "12 Mar 2026"),
        *("<2026-03-12 Thu>", "[2026-03-12 Thu 12:00]", "2026-03-12 Thu", "<2026-03-12>"),
        *("2027-02-29", "2026-02-30", "2026-13-01", "2026-00-10", "2026-04-31T10:00:00Z", "20260230", "2026-2-3"),
        *("2026-03-12T25:00:00Z", "2026-03-12T24:00:01Z", "2026-03-12T24:30Z", "2026-03-12T17:60:00Z"),
        *("2026-03-12T17:00:61Z", "2026-03-12T17:00:00+25:00", "30 Feb 2026 10:00:00 GMT", "12 Foo 2026 10:00:00 GMT"),
        *("today", "tomorrow", "next Friday", "soon", "morgen", "never", "now", "P1D", "in 3 days", "12 March 2026"),
        *("Thu Mar 12 2026 17:00:00 GMT+0100 (Central European Time)", "Thu Mar 12 17:00:00 2026"),
        *("/Date(1773334800000)/", "/Date(1773334800000+0100)/", "Date(2026,2,12)"),
        *({"$date": "2026-03-12T17:00:00Z"}, {"$date": {"$numberLong": "1773334800000"}}, {"_seconds": 1773334800}),
        *({"seconds": 1773334800, "nanoseconds": 0}, {"start": "2026-03-12"}, {"date": {"start": "2026-03-12"}}),
        *({"string": "today"}, {"timeZone": "UTC"}, {"date": "12.03.2026"}, {"date": ["2026-03-12"]}),
        {"dateTime": "2026-03-12T17:00:00", "timeZone": "Pacific Standard Time"},
        {"dateTime": "2026-03-12T17:00:00", "timeZone": "Mars/Olympus"},
        {"dateTime": "2026-03-12T17:00:00", "timeZone": 5},
        {"dateTime": "2026-03-12T17:00:00", "timeZone": 5, "timezone": "Mars/Olympus"},
        *(
            1773334800000000,
            "1773334800000000",
            1773334800000000000,
            "177333480",
            "17733348000",
            20260312,
            46093,
            1,
            -1,
        ),
        *(-1773334800, "-1773334800", 1e300, 10**400, True, False, [2026, 3, 12], ["2026-03-12"], "1773334800.5"),
        *("1999-12-31", "1999-12-31T23:59:59Z", "2101-01-01", "2101-01-01T00:00:00Z", "1900-01-01", 946684799),
        *("1970-01-02", "1970-01-01T00:00:01Z", 1, "1", 4133980800, "4133980800"),
        *("2026-03-12T17:00:00 CET", "2026-03-12T17:00:00 Mars/Olympus", "2026-03-12T17:00:00[Mars]", "2026-03-12Z"),
        *("2026-03-12 UTC", "2026-03-12[Europe/Berlin]", "2026-03", "2026", "17:00", "T17:00:00Z", "2026-071X"),
        *(
            "2026-03-12_17:00:00Z",
            "2026-03-12X17:00:00Z",
            "\uff12\uff10\uff12\uff16-03-12",
            "२०२६-०३-१२T17:00:00Z",
            "٢٠٢٦-٠٣-١٢",
        ),
        *("2026-03-12T17:00:00Z extra", "due 2026-03-12", "2026-03-12T17:00:00Z;", "x" * 97, "2" * 100_000),
        *UNREADABLE_DATES,
    ],
)
def test_what_would_be_a_guess_is_unknown(value: object) -> None:
    """Neither a date nor the absence of one."""
    for zone in (BERLIN, None):
        assert read_stamp(value, zone) is UNREADABLE, zone
    assert read_moment(value, BERLIN) is None


@for_each("year", [2000, 2100])
def test_the_first_and_the_last_year_are_read(year: int) -> None:
    assert at(f"{year}-07-01T00:00:00Z") == datetime(year, 7, 1, tzinfo=UTC)
    assert isinstance(read_stamp(f"{year}-07-01", BERLIN), Moment)


def test_without_a_zone_of_the_user_a_time_without_one_is_only_a_day() -> None:
    """That of UTC, which stands for the unknown one; a zone beside the time is one."""
    day = Moment(datetime(2026, 3, 12, tzinfo=UTC), date_only=True)

    assert read_stamp("2026-03-12T17:00:00", None) == day
    assert read_stamp("2026-03-12", None) == day
    assert at("2026-03-12T18:00:00[Europe/Berlin]", None) == FIVE
    assert at({"dateTime": "2026-03-12T18:00:00", "timeZone": "Europe/Berlin"}, None) == FIVE


def test_a_rows_zone_is_that_of_its_times_and_not_of_its_days() -> None:
    """A day in Los Angeles ends when it is nine hours later in Berlin, and is the user's there."""
    read = stamp_reader(BERLIN, of_times=ZoneInfo("America/Los_Angeles"), end_of_date=True)

    assert read("2026-03-12T10:00:00") == Moment(FIVE, ahead=-7 * HOUR)
    assert read("2026-03-12") == read_stamp("2026-03-12", BERLIN, end_of_date=True)
    assert read("2026-03-12T17:00:00Z") == Moment(FIVE)
    assert read({"dateTime": "2026-03-12T18:00:00", "timeZone": "Europe/Berlin"}) == Moment(FIVE, ahead=HOUR)


def test_a_time_in_a_zone_that_cannot_be_read_is_unknown() -> None:
    """Dates and times with a zone of their own are not."""
    read = stamp_reader(BERLIN, of_times=UNREADABLE)

    assert read("2026-03-12T17:00:00") is UNREADABLE
    assert read("2026-03-12") == read_stamp("2026-03-12", BERLIN)
    assert read("2026-03-12T17:00:00Z") == Moment(FIVE)


@for_each(
    "case",
    [
        (None, None),
        ([], None),
        (["2026-03-12T17:00:00Z", "0", None], (Moment(FIVE),)),
        (["2026-03-12T17:00:00Z", "soon"], UNREADABLE),
        ("2026-03-12", UNREADABLE),
        ({"a": 1}, UNREADABLE),
        (["2026-03-12T17:00:00Z"] * 25, (Moment(FIVE),) * 20),
    ],
)
def test_a_list_of_dates_is_read_whole_or_not_at_all(case: tuple[object, object]) -> None:
    assert stamps_reader(stamp_reader(BERLIN))(case[0]) == case[1]


@for_each("shape", DATE_SHAPES)
def test_the_documented_examples_are_read(shape: str) -> None:
    for example in DATE_SHAPES[shape]:
        value = json.loads(example) if example.startswith("{") else example

        assert isinstance(read_stamp(value, BERLIN), Moment), example


@given(st.datetimes(datetime(2000, 1, 2), datetime(2100, 12, 30), timezones=st.timezones()))  # noqa: DTZ001  # bounds of aware ones
def test_every_instant_is_read_in_every_shape(moment: datetime) -> None:
    """Python's own formats are read in whole seconds, as text and as a number."""
    instant = moment.astimezone(UTC).replace(microsecond=0)
    if (moment.utcoffset() or timedelta()) % timedelta(minutes=1):
        return
    text = moment.isoformat()

    assert at(text) == at(text.replace("T", " ")) == instant
    assert at(int(instant.timestamp())) == at(int(instant.timestamp()) * 1000) == instant


@given(st.text(max_size=40) | st.from_regex(r"\d{4}-\d\d-\d\d[T ]?\d?\d?:?\d?\d?.{0,5}", fullmatch=True))
def test_no_text_raises(value: str) -> None:
    for zone in (BERLIN, None):
        state = read_stamp(value, zone)
        assert state is None or state is UNREADABLE or isinstance(state, Moment)
