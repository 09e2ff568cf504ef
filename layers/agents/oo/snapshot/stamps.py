"""Dates and times in the formats of apps: a closed list, without guesses."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from oo.contract.vocabulary import MOST_EARLIER_DATES, FieldKeys
from oo.contract.zones import read_zone
from oo.snapshot.clock import Moment, end_of_day, new_moment, start_of_day
from oo.snapshot.numbers import finite_number
from oo.snapshot.rows import UNREADABLE, Read, Unreadable, Zone, first_readable, is_blank, readers_by_key
from oo.snapshot.task_fields import is_flag_word

LONGEST_STAMP = 96
YEARS = range(2000, 2101)
_SECONDS = (946_684_800, 4_133_980_800)
"""2000-01-01 and 2101-01-01 in epoch seconds; a thousand times as large, the same in milliseconds."""

_NOTHING = frozenset({"0"})
_EMPTY_YEARS = ("0000-", "0001-", "9999-", "00010101", "00000000", "99991231")
"""Beginnings of texts that programs write in place of a missing date."""

_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = re.compile(r"\d{10}(?:\d{3})?\Z", re.ASCII)
_EXTENDED = re.compile(r"\d{4}-(?:\d\d-\d\d|W\d\d-\d|\d{3})", re.ASCII)
_TIMED = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|\d{8})"
    r"(?:[T ](?P<time>\d\d(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?))?"
    r"\s?(?P<offset>Z|[+-]\d\d(?::?\d\d)?)?"
    r"(?:\s?\[(?P<bracket>[A-Z0-9_+/:-]{1,64})\]|\s?(?P<words>UTC|GMT)|\s(?P<area>[A-Z_]+/[A-Z0-9_+/-]{1,60}))?",
    re.ASCII | re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_RFC_2822 = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun),\s*)?(?P<day>\d{1,2})\s+(?P<month>[a-z]{3})\s+(?P<year>\d{4})\s+"
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s*(?P<zone>[+-]\d{4}|[a-z]{1,3}))?"
    r"(?:\s+\([a-z ]{1,32}\))?",
    re.ASCII | re.IGNORECASE,
)
_RFC_ZONES = {"ut": 0, "utc": 0, "gmt": 0, "z": 0} | {
    f"{name}{letter}t": hours + (letter == "d")
    for name, hours in (("e", -5), ("c", -6), ("m", -7), ("p", -8))
    for letter in "sd"
}
"""Offsets in hours of the names in RFC 2822, section 4.3."""

_OBJECT_KEYS = ("datetime", "dateTime", "date")
"""The more precise one first: Todoist sends a date with each time."""
_OBJECT_ZONES = ("timeZone", "timezone")
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta.resolution


Written = datetime | date
"""A date or time as written, without a zone if it had none."""

StampState = Moment | Unreadable | None


def stamp_reader(
    zone: tzinfo | None, *, of_times: tzinfo | Unreadable | None = None, end_of_date: bool = False
) -> Callable[[object], StampState]:
    """A reader of a user's timestamps in `zone`; None if it is unknown.

    The reader returns None for a text that means no date. A bare date is the first second of that day in `zone`, else
    in UTC, or its last second with `end_of_date`. A time without a zone is read in `of_times`, else in `zone`; if
    neither is known, only its day is. It is unreadable if `of_times` is.
    """
    own = zone if of_times is None else of_times
    parse: Callable[[Any], datetime] = datetime.fromisoformat

    def read(value: Any) -> StampState:  # noqa: ANN401  # any JSON value
        # Nearly all stamps have this shape, and reading stamps is most of an agent's work.
        try:
            at = parse(value)
        except (TypeError, ValueError):
            pass
        else:
            named = at.tzinfo
            if named is not None and 2000 <= at.year <= 2100 and value[10] in "T ":
                if named is not UTC:
                    return _moment(at)
                return new_moment((at - _MICROSECOND * at.microsecond if at.microsecond else at, False, None))
        written = _written(value)
        if written is None or isinstance(written, Unreadable):
            return written
        return _in_zone(written, zone, own, end_of_date=end_of_date)

    return read


def read_stamp(value: object, zone: tzinfo | None, *, end_of_date: bool = False) -> StampState:
    """The moment of one timestamp, as `stamp_reader` reads it."""
    return stamp_reader(zone, end_of_date=end_of_date)(value)


def stamps_reader(read: Callable[[object], StampState]) -> Callable[[object], tuple[Moment, ...] | Unreadable | None]:
    """Read lists of timestamps, at most the first 20; UNREADABLE for an unreadable one and for other values."""

    def read_all(value: object) -> tuple[Moment, ...] | Unreadable | None:
        if is_blank(value):
            return None
        if not isinstance(value, list):
            return UNREADABLE
        states = [read(each) for each in value[:MOST_EARLIER_DATES]]
        return UNREADABLE if UNREADABLE in states else tuple(each for each in states if isinstance(each, Moment))

    return read_all


def _in_zone(
    written: Written, zone: tzinfo | None, of_times: tzinfo | Unreadable | None, *, end_of_date: bool
) -> StampState:
    if written.year not in YEARS:
        return None if _is_epoch_start(written) else UNREADABLE
    if isinstance(written, datetime) and not written.tzinfo:
        if isinstance(of_times, Unreadable):
            return UNREADABLE
        written = written.date() if of_times is None else written.replace(tzinfo=of_times)
    if isinstance(written, datetime):
        return _moment(written)
    own = zone or UTC
    return Moment(end_of_day(written, own) if end_of_date else start_of_day(written, own), date_only=True)


def _is_epoch_start(written: Written) -> bool:
    """Whether this is 1970-01-01 at midnight: in UTC, or as written."""
    return written == _EPOCH_START or (
        isinstance(written, datetime) and not written.tzinfo and written == _EPOCH_START.replace(tzinfo=None)
    )


def read_moment(value: object, assume: tzinfo | None, *, end_of_date: bool = False) -> Moment | None:
    """The moment of a timestamp, None for any other value."""
    found = read_stamp(value, assume, end_of_date=end_of_date)
    return found if isinstance(found, Moment) else None


def _moment(at: datetime) -> Moment:
    ahead = None
    # No needless conversion, and `replace` takes three times as long as the subtraction.
    if at.tzinfo is not UTC:
        ahead = at.utcoffset() or None
        at = at.astimezone(UTC)
    return new_moment((at - _MICROSECOND * at.microsecond if at.microsecond else at, False, ahead))


def _written(value: object) -> Written | Unreadable | None:
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, Mapping):
        return _of_object(value)
    if isinstance(value, date):  # a datetime is one, too
        return value
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
        return None if found["offset"] or found["words"] or found["area"] or found["bracket"] else day
    zone = _zone_of(found)
    time, more = _whole_time(found["time"].replace(",", "."))
    return datetime.fromisoformat(f"{found['date']}T{time}").replace(tzinfo=zone) + more


def _whole_time(text: str) -> tuple[str, timedelta]:
    """A time that Python reads, and the span to add to it: for the end of a day and for a leap second."""
    digits = text.replace(":", "")
    if digits.startswith("24") and not digits[2:].replace(".", "").strip("0"):
        return f"00{text[2:]}", timedelta(days=1)
    if digits[4:6] == "60":
        return f"{digits[:2]}:{digits[2:4]}:59", _SECOND
    return text, timedelta()


def _zone_of(found: re.Match[str]) -> tzinfo | None:
    """The zone given with a time; its offset takes precedence. Raises ValueError for an unknown name."""
    if found["offset"]:
        return datetime.fromisoformat(f"2000-01-01T00:00{found['offset'].upper()}").tzinfo
    name = found["bracket"] or found["words"] or found["area"]
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
    """A date or time in an object, in the object's zone if it has one."""
    given = [value[key] for key in _OBJECT_KEYS if not is_blank(value.get(key))]
    if not given:
        return None if not value or any(key in value for key in _OBJECT_KEYS) else UNREADABLE
    read = [UNREADABLE if isinstance(each, Mapping) else _written(each) for each in given]
    nothing = UNREADABLE if UNREADABLE in read else None
    written = next((each for each in read if isinstance(each, date)), nothing)
    if not isinstance(written, datetime) or written.tzinfo:
        return written
    names = [value[key] for key in _OBJECT_ZONES if not is_blank(value.get(key))]
    zone = first_readable(read_zone(name) or UNREADABLE for name in names)
    return zone if isinstance(zone, Unreadable) else written.replace(tzinfo=zone)


def date_readers(fields: Mapping[str, FieldKeys], zone: tzinfo | None, of_times: Zone) -> dict[str, Read]:
    """The readers of a list's dates, by key, for a user in `zone` whose row names the zone `of_times`."""
    read = stamp_reader(zone, of_times=of_times)
    read_due = stamp_reader(zone, of_times=of_times, end_of_date=True)
    readers: dict[str, Read] = {
        "due_at": read_due,
        "created_at": read,
        "completed_at": _completed_reader(read),
        "due_history": stamps_reader(read_due),
    }
    return readers_by_key(fields, {name: readers[name] for name in readers.keys() & fields.keys()})


def _completed_reader(read: Callable[[object], StampState]) -> Callable[[object], StampState]:
    """Read the time at which a row was done; UNREADABLE is an unknown time. Flags under these keys are not times."""

    def read_completed(value: object) -> StampState:
        state = read(value)
        return None if state is UNREADABLE and (isinstance(value, bool) or is_flag_word(value)) else state

    return read_completed
