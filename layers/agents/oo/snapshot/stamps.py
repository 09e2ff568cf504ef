"""Dates and times as apps write them: a closed list of shapes, of which none is a guess."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

from oo.contract.vocabulary import MOST_EARLIER_DATES
from oo.snapshot.clock import Moment, end_of_day, start_of_day
from oo.snapshot.numbers import finite_number
from oo.snapshot.rows import UNREADABLE, Unreadable, is_blank
from oo.snapshot.zones import read_zone

LONGEST_STAMP = 96
YEARS = range(2000, 2101)
_SECONDS = (946_684_800, 4_133_980_800)
"""2000-01-01 and 2101-01-01 in epoch seconds; a thousand times as large, the same in milliseconds."""

_NOTHING = frozenset({"0"})
_EMPTY_YEARS = ("0000-", "0001-", "9999-", "00010101", "00000000", "99991231")
"""Beginnings of what programs write where there is no date."""

_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = re.compile(r"\d{10}(?:\d{3})?\Z", re.ASCII)
_EXTENDED = re.compile(r"\d{4}-(?:\d\d-\d\d|W\d\d-\d|\d{3})", re.ASCII)
_TIMED = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|\d{8})"
    r"(?:[T ](?P<time>\d\d(?::?\d\d(?::?\d\d(?:[.,]\d{1,30})?)?)?))?"
    r"\s?(?P<offset>Z|[+-]\d\d(?::?\d\d)?)?"
    r"(?:\s?\[(?P<bracket>[A-Z0-9_+/:-]{1,64})\]|\s(?P<words>UTC|GMT|[A-Z_]+/[A-Z0-9_+/-]{1,60}))?",
    re.ASCII | re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_RFC_2822 = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun),\s*)?(?P<day>\d{1,2})\s+(?P<month>[a-z]{3})\s+(?P<year>\d{4})\s+"
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s*(?P<zone>[+-]\d{4}|[a-z]{1,3}))?",
    re.ASCII | re.IGNORECASE,
)
_RFC_ZONES = {"ut": 0, "utc": 0, "gmt": 0, "z": 0} | {
    f"{name}{letter}t": hours + (letter == "d")
    for name, hours in (("e", -5), ("c", -6), ("m", -7), ("p", -8))
    for letter in "sd"
}
"""Offsets in hours of the names in RFC 2822, section 4.3."""

_OBJECT_KEYS = ("date", "datetime", "dateTime")
_OBJECT_ZONES = ("timeZone", "timezone")
_SECOND = timedelta(seconds=1)


Written = datetime | date
"""A date or time as it was written: without a zone where none stood with it."""


def read_stamp(value: object, zone: tzinfo | None, *, end_of_date: bool = False) -> Moment | Unreadable | None:
    """The moment of a stamp; None where the value means that there is none.

    A time without a zone is read in `zone`; where that is None, only its day is known. A bare date is the first second
    of that day in `zone`, else in UTC, or its last second with `end_of_date`.
    """
    # Nearly all stamps have this shape, and reading stamps is most of what an agent does.
    if isinstance(value, str) and 19 < len(value) < 33 and value[10] in "T ":
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            if at.year in YEARS and at.tzinfo is not None and value[4] == "-":
                return _moment(at)
    found = _written(value)
    return found if found is None or isinstance(found, Unreadable) else _in_zone(found, zone, end_of_date=end_of_date)


def read_stamps(value: object, zone: tzinfo | None) -> tuple[Moment, ...] | Unreadable | None:
    """The due dates of a list, at most the first 20; UNREADABLE where one of them is, and for what is no list."""
    if is_blank(value):
        return None
    if not isinstance(value, list | tuple):
        return UNREADABLE
    read = [read_stamp(each, zone, end_of_date=True) for each in value[:MOST_EARLIER_DATES]]
    found = tuple(each for each in read if isinstance(each, Moment))
    return UNREADABLE if UNREADABLE in read else found


def _in_zone(found: datetime | date, zone: tzinfo | None, *, end_of_date: bool) -> Moment | Unreadable | None:
    if isinstance(found, datetime) and not found.tzinfo:
        found = found.date() if zone is None else found.replace(tzinfo=zone)
    if found.year not in YEARS:
        return None if found == _EPOCH_START else UNREADABLE
    if isinstance(found, datetime):
        return _moment(found)
    own = zone or UTC
    return Moment(end_of_day(found, own) if end_of_date else start_of_day(found, own), date_only=True)


def read_moment(value: object, assume: tzinfo | None, *, end_of_date: bool = False) -> Moment | None:
    """The moment of a stamp, None for everything that is none."""
    found = read_stamp(value, assume, end_of_date=end_of_date)
    return found if isinstance(found, Moment) else None


def read_past_moment(row: Mapping[str, object], key: str, assume: tzinfo | None, latest: datetime) -> Moment | None:
    """The moment under a key unless it lies after `latest`."""
    moment = read_moment(row.get(key), assume)
    return moment if moment and moment.at <= latest else None


def _moment(at: datetime) -> Moment:
    ahead = None
    # No needless conversion, and `replace` takes three times as long.
    if at.tzinfo is not UTC:
        ahead = at.utcoffset() or None
        at = at.astimezone(UTC)
    return Moment(at - timedelta.resolution * at.microsecond if at.microsecond else at, ahead=ahead)


def _written(value: object) -> Written | Unreadable | None:
    if isinstance(value, date):  # a datetime is one, too
        return value
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, Mapping):
        return _of_object(value)
    if is_blank(value):
        return None
    number = finite_number(value)
    return UNREADABLE if number is None else _of_number(number)


def _of_number(number: float) -> Written | Unreadable | None:
    if number == 0:
        return None
    first, last = _SECONDS
    for unit in (1, 1000):
        if first * unit <= number < last * unit:
            return datetime.fromtimestamp(number / unit, UTC)
    return UNREADABLE


def _of_text(value: str) -> Written | Unreadable | None:
    if len(value) > LONGEST_STAMP:
        return UNREADABLE
    text = value.strip()
    if not text or text in _NOTHING or text.startswith(_EMPTY_YEARS):
        return None
    if _DIGITS.match(text):
        return _of_number(float(text))
    try:
        return _of_iso(text) or _of_rfc_2822(text) or UNREADABLE
    except (ValueError, OverflowError):  # a day or an hour that does not exist
        return UNREADABLE


def _of_iso(text: str) -> Written | None:
    found = _TIMED.fullmatch(text)
    if not found:
        return date.fromisoformat(text) if _EXTENDED.fullmatch(text) else None
    day = date.fromisoformat(found["date"])
    if day == _EPOCH_START.date() and not found["time"]:
        return _EPOCH_START
    if not found["time"]:
        return None if found["offset"] or found["words"] or found["bracket"] else day
    zone = _zone_of(found)
    time, more = _whole_time(found["time"].replace(",", "."))
    return datetime.fromisoformat(f"{found['date']}T{time}").replace(tzinfo=zone) + more


def _whole_time(text: str) -> tuple[str, timedelta]:
    """A time that Python reads, and what it lacks: the end of a day and a leap second belong to what follows."""
    digits = text.replace(":", "")
    if digits.startswith("24") and not digits[2:].replace(".", "").strip("0"):
        return f"00{text[2:]}", timedelta(days=1)
    if digits[4:6] == "60":
        return f"{digits[:2]}:{digits[2:4]}:59", _SECOND
    return text, timedelta()


def _zone_of(found: re.Match[str]) -> tzinfo | None:
    """The zone that stands with a time; its offset decides. Raises ValueError for a name that is no zone's."""
    if found["offset"]:
        return datetime.fromisoformat(f"2000-01-01T00:00{found['offset'].upper()}").tzinfo
    name = found["bracket"] or found["words"]
    if not name:
        return None
    zone = read_zone(name)
    if zone is None:
        raise ValueError(name)
    return zone


def _of_rfc_2822(text: str) -> Written | None:
    found = _RFC_2822.fullmatch(text)
    if not found or found["month"].lower() not in _MONTHS:
        return None
    day = date(int(found["year"]), _MONTHS.index(found["month"].lower()) + 1, int(found["day"]))
    clock = f"{found['hour']}:{found['minute']}:{found['second'] or '00'}"
    time, more = _whole_time(clock)
    at = datetime.fromisoformat(f"{day.isoformat()}T{time}") + more
    name = (found["zone"] or "").lower()
    if not name:
        return at
    if name[0] in "+-":
        return datetime.fromisoformat(f"{at.isoformat()}{name}")
    if name not in _RFC_ZONES:
        return None
    return (at - timedelta(hours=_RFC_ZONES[name])).replace(tzinfo=UTC)


def _of_object(value: Mapping[str, object]) -> Written | Unreadable | None:
    """A date or time in an object, in the zone of that object where it has one."""
    given = [value[key] for key in _OBJECT_KEYS if not is_blank(value.get(key))]
    if not given:
        return None if not value or any(key in value for key in _OBJECT_KEYS) else UNREADABLE
    written = UNREADABLE if isinstance(given[0], Mapping) else _written(given[0])
    if not isinstance(written, datetime) or written.tzinfo:
        return written
    name = next((value[key] for key in _OBJECT_ZONES if not is_blank(value.get(key))), None)
    if name is None:
        return written
    own = read_zone(name)
    return UNREADABLE if own is None else written.replace(tzinfo=own)
