"""A period before now, as written on a command line: `30m`, `1h`, `7d`."""

import re
from datetime import datetime, timedelta

from operations.aws_lookup import NotPossible

_TEXT = re.compile(r"(\d{1,6})([smhdw])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST = timedelta(weeks=520)


def moment_before(now: datetime, text: str) -> datetime:
    """The start of that period before `now`. Raises NotPossible, whose sentence names SINCE."""
    found = _TEXT.fullmatch(text.strip())
    if found is None:
        raise NotPossible(f"SINCE is a number and one of s, m, h, d, w, such as 1h or 7d, not {text[:20]!r}.")
    return now - min(_LONGEST, timedelta(**{_UNITS[found[2]]: int(found[1])}))
