"""The clock and the dates in a prompt's words, as fields of a request.

A prompt contains no date. So its time is put into an arbitrary week: weekday, time and the days between are the same.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from oo.prompts.clock_line import WEEKDAYS

_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
_HOUR = re.compile(r"\b(?P<hour>\d\d)(?::(?P<minute>\d\d)$|h\)$)")
_DUE = re.compile(
    r"(?P<past>past its date)|past its time today \((?P<passed>\d\d:\d\d)\)|(?P<soon>within the hour)"
    r"|in about (?P<hours>\d+) h|today(?: by (?P<by>\d\d:\d\d))?|(?P<tomorrow>tomorrow)|on (?P<day>\w+day)"
    r"|in (?:about )?(?P<days>\d+) days?"
)


def told_moment(now: str) -> Mapping[str, object]:
    """The fields of a request for a line such as "Now: Thursday, morning, 09:10"."""
    hour, day = _HOUR.search(now), next((place for place, name in enumerate(WEEKDAYS) if name in now), None)
    if hour and day is not None:
        moment = _MONDAY + timedelta(days=day, hours=int(hour["hour"]), minutes=int(hour["minute"] or 0))
        return {"now_iso": moment.isoformat(), "timezone": "UTC"}
    known = {"hour_of_day": int(hour["hour"]) if hour else None, "day_of_week": day}
    return {name: value for name, value in known.items() if value is not None}


def told_due(phrase: str, moment: Mapping[str, object]) -> str | None:
    """The date of a task whose line contains one; None if the prompt contains no time.

    An open phrase gives one day for which it is true: a task past its date is one day late.
    """
    found, now = _DUE.fullmatch(phrase), moment.get("now_iso")
    if not isinstance(now, str) or not phrase:
        return None
    at = datetime.fromisoformat(now)
    if found is None:
        return phrase
    if found["soon"] or found["hours"]:
        return (at + timedelta(hours=int(found["hours"] or 0), minutes=0 if found["hours"] else 30)).isoformat()
    if found["passed"] or found["by"]:
        return f"{at:%Y-%m-%d}T{found['passed'] or found['by']}:00+00:00"
    if found["day"]:
        ahead = (WEEKDAYS.index(found["day"]) - at.weekday()) % len(WEEKDAYS) if found["day"] in WEEKDAYS else 0
    else:
        ahead = -1 if found["past"] else int(found["days"] or bool(found["tomorrow"]))
    return f"{at + timedelta(days=ahead):%Y-%m-%d}"
