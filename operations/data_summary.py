"""A summary of unreadable values over all users of a file, in sentences that name the remedy."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from oo.contract.leniency import MOST_KEYS, OTHER_KEYS
from operations.title_keys import TitleKeys
from operations.user_data import UserData

_DATE_CURE = "write 2026-03-12, or 2026-03-12T17:00:00+01:00"
_CURES = {
    "due_at": _DATE_CURE,
    "created_at": _DATE_CURE,
    "completed_at": _DATE_CURE,
    "priority": "write low, medium, high or urgent, or 1 to 4",
    "estimate_minutes": "write minutes as a number",
    "status": "write open, in progress, waiting, done or cancelled",
    "title": "write text",
    "tags": "write a list of texts",
    "action": "write shown, opened, helpful, done, snoozed, dismissed or not_helpful",
    "dwell_ms": "write milliseconds as a number",
    "timezone": "write an IANA name, as Europe/Berlin",
    "profile": "write numbers",
}
"""By the field without its list, or by the object."""

_PLURALS = {"priority": "priorities", "row of feedback": "rows of feedback"}
_CAUSES = {
    "duplicate_id": "a later row has the same id",
    "not_object": "they are not objects",
    "future": "their time is in the future",
    "no_time": "they have no readable time",
}


class DataSummary:
    """The totals of all users' reports."""

    def __init__(self) -> None:
        self.users = 0
        self._title_keys = TitleKeys()
        self._due_keys: Counter[str] = Counter()
        self._hinted_users = 0
        self._users: dict[str, Counter[str]] = defaultdict(Counter)
        self._rows: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, user: UserData) -> None:
        """Add one user's report."""
        self.users += 1
        reading = user.reading
        for part in ("unreadable", "dropped", "tasks"):
            self._add(part, reading.get(part, {}))
        for name, keys in reading.get("unread_keys", {}).items():
            self._add(f"unread_keys.{name}", keys)
        self._add("assumed", dict.fromkeys(reading.get("assumed", ()), 1))
        if user.untitled:
            self._title_keys.add(user.untitled_rows)
        if reading.get("tasks", {}).get("unreadable_due") and "tasks.due_at" not in reading.get("unreadable", {}):
            self._hinted_users += 1
            self._due_keys.update({key: rows for (key, field), rows in user.guesses.items() if field == "due_at"})

    def _add(self, part: str, counts: Mapping[str, int]) -> None:
        self._users[part].update(name for name, count in counts.items() if count)
        self._rows[part].update(counts)

    def sentences(self) -> Iterator[str]:
        """A sentence per kind of unreadable value, with the number of users; none if everything was read."""
        if untitled := self._users["tasks"]["untitled"]:
            yield self._have(untitled, f"tasks without a title: {_called(self._title_keys.best(), 'title')}")
        if self._hinted_users:
            key = min(self._due_keys, key=lambda key: (-self._due_keys[key], key), default=None)
            yield self._have(self._hinted_users, f"tasks whose due date is unknown: {_called(key, 'due_at')}")
        for name, users in sorted(self._users["unreadable"].items()):
            yield self._have(users, f"`{name}` that cannot be read{_cure(name)} ({self._rows['unreadable'][name]:,}).")
        for name, users in sorted(self._users["dropped"].items()):
            of_list, _, why = name.partition(".")
            rows = self._rows["dropped"][name]
            yield self._have(users, f"rows of `{of_list}` that do not count: {_CAUSES[why]} ({rows:,}).")
        for name, users in sorted(self._users["assumed"].items()):
            yield self._have(users, _assumed(name))
        for part in sorted(self._rows):
            of_list = part.removeprefix("unread_keys.")
            if of_list != part:
                yield f"Keys of `{of_list}` that no field uses: {named_keys(self._rows[part])}."

    def _have(self, users: int, text: str) -> str:
        return f"{users:,} of {number_of(self.users, 'user')} {'has' if users == 1 else 'have'} {text}"


def number_of(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun if number == 1 else _PLURALS.get(noun, f'{noun}s')}"


def named_keys(counts: Mapping[str, int]) -> str:
    """The most frequent keys with the number of their rows, and all others."""
    named = sorted((key for key in counts if key != OTHER_KEYS), key=lambda key: (-counts[key], key))[:MOST_KEYS]
    others = sum(counts.values()) - sum(counts[key] for key in named)
    return ", ".join([*(f"{key} ({counts[key]:,})" for key in named), *([f"others ({others:,})"] if others else [])])


def _called(key: str | None, field: str) -> str:
    return f"is it called `{key}`?" if key else f"send it as `{field}`."


def _cure(name: str) -> str:
    """A clause with the form of a field; empty for a field without an entry here, whose name is enough."""
    of_list, _, field = name.partition(".")
    cure = _CURES.get(of_list) or _CURES.get(field)
    return f": {cure}" if cure else ""


def _assumed(name: str) -> str:
    field, _, what = name.partition("=")
    if name == "timezone=UTC":
        return "no time zone, so tips name no day: send `timezone`."
    if what == "dates":
        return f"midnights in `{field}`, which are read as days: write 2026-03-12."
    if name == "user_id=text":
        return "a number as `user_id`, which is read as its digits."
    return f"null as `{field}`, which is read as empty."
