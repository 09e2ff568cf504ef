"""Names of time zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

from hypothesis import given
from hypothesis import strategies as st

from oo.contract.zones import read_zone
from testing.for_each import for_each

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


def offset_min(name: object) -> float | None:
    """Minutes ahead of UTC on a day in March."""
    zone = read_zone(name)
    offset = NOW.astimezone(zone).utcoffset() if zone else None
    return None if offset is None else offset / timedelta(minutes=1)


@for_each(
    "case",
    [
        *(
            (name, 60)
            for name in ("Europe/Berlin", " Europe/Berlin\n", "europe/berlin", "EUROPE/BERLIN", "CET", "Poland")
        ),
        *((name, -420) for name in ("America/Los_Angeles", "america/los_angeles", "US/Pacific", "us/pacific")),
        *((name, 330) for name in ("Asia/Kolkata", "Asia/Calcutta", "+05:30", "+0530", "UTC+5:30", "GMT+0530", "+530")),
        *(
            (name, 120)
            for name in ("+02:00", "+0200", "+02", "+2", "UTC+2", "utc+02:00", "GMT+0200", "GMT +2", "Etc/GMT-2")
        ),
        *((name, -480) for name in ("-08:00", "-0800", "UTC-8", "GMT-08:00", "gmt-8")),
        *((name, 0) for name in ("UTC", "utc", "GMT", "Etc/UTC", "Z", "z", "+00:00", "-00:00", "UTC+0", "Zulu")),
        *((name, minutes) for name, minutes in (("+14:00", 840), ("-12:00", -720), ("+12:45", 765))),
    ],
)
def test_zones_are_read_in_any_case_and_as_offsets(case: tuple[str, float]) -> None:
    assert offset_min(case[0]) == case[1]


@for_each(
    "name",
    [
        *(None, "", " ", 0, 2, 120, True, 1.5, [], ["Europe/Berlin"], {}, {"name": "Europe/Berlin"}),
        *("Mars/Olympus", "Europe", "Berlin", "Europe/Berlin/Mitte", "PST", "Pacific Standard Time", "MESZ", "local"),
        *("W. Europe Standard Time", "(UTC+01:00) Berlin", "UTC+", "UTC+25", "+24:00", "+02:60", "+15:00", "+2:0", "2"),
        *("02:00", "++02:00", "UTC 2", "UTC+02:00:00", "GMT+1 CET", "x" * 65, "../../etc/passwd", "/etc/passwd"),
        *(
            "Europe/../Europe/Berlin",
            "Europe/Berlin\0",
            "tzdata.zi",
            "zone.tab",
            "leapseconds",
            "\ud800",
            "+\u0660\u0662:00",
        ),
        *("localtime", "Localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin", "Factory"),
    ],
)
def test_anything_else_is_no_zone(name: object) -> None:
    """The machine's own clock and clocks with leap seconds are no zones either."""
    assert read_zone(name) is None


def test_every_zone_is_read_in_lower_case() -> None:
    names = sorted(available_timezones() - {"Factory", "localtime"})

    assert [name for name in names if read_zone(name.lower()) is None] == []


@given(st.text(max_size=70))
def test_no_name_raises(name: str) -> None:
    read_zone(name)
