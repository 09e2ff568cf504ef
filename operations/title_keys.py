"""The key that most likely contains the title of rows without one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from oo.contract.vocabulary import TASK_FIELDS, TASK_FLAGS
from oo.snapshot.clock import Moment
from oo.snapshot.report import PLAIN_KEY
from oo.snapshot.stamps import read_stamp

Row = Mapping[str, Any]

USED_KEYS = frozenset(key for field in (*TASK_FIELDS.values(), *TASK_FLAGS.values()) for key in field.keys)
"""The keys of rows of tasks that some field uses."""

_MOST_TEXTS = 1000


class TitleKeys:
    """Counts the unused keys that contain text, over rows without a title."""

    def __init__(self) -> None:
        self._rows: Counter[str] = Counter()
        self._texts: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, rows: Iterable[Row]) -> None:
        """Count the keys of rows without a title."""
        for row in rows:
            for key, value in row.items():
                if key not in USED_KEYS and PLAIN_KEY.match(key) and _is_text(value):
                    self._rows[key] += 1
                    if len(self._texts[key]) < _MOST_TEXTS:
                        self._texts[key].add(value)

    def best(self) -> str | None:
        """The most frequent key; of several, a title key of some app, else the one with the most texts."""
        hints = TASK_FIELDS["title"].hints
        return min(
            self._rows, key=lambda key: (-self._rows[key], key not in hints, -len(self._texts[key]), key), default=None
        )


def _is_text(value: object) -> bool:
    """Whether a value consists of words: no date, and no id or address."""
    if not isinstance(value, str):
        return False
    is_words = len(value.split()) > 1 and any(map(str.isalpha, value))
    return (is_words or value.strip().isalpha()) and not isinstance(read_stamp(value, None), Moment)
