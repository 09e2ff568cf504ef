"""The data that jobs of one batch have in common: a fan-out sends one user's jobs together, with the same lists."""

from collections.abc import Iterator
from contextlib import contextmanager

from oo.agent_kit.shared_parts import SharedParts
from oo.precompute.job_text import KnownLists
from oo.snapshot.rows import Columns


class OfUser:
    """One user's lists as parsed from JSON, and the parts read from them."""

    def __init__(self) -> None:
        self.lists = KnownLists()
        self.parts = SharedParts(Columns())


class BatchMemory:
    """Data by user, during a batch only; outside of one, nothing is kept."""

    def __init__(self) -> None:
        self._of_users: dict[str, OfUser] | None = None

    @contextmanager
    def of_batch(self) -> Iterator[None]:
        """Keep data until the end of the block."""
        self._of_users = {}
        try:
            yield
        finally:
            self._of_users = None

    def of(self, user_id: str) -> OfUser:
        """The data of one user, empty for the first job."""
        return OfUser() if self._of_users is None else self._of_users.setdefault(user_id, OfUser())
