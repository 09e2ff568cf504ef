"""The wall clock of a sandbox, moved by a test as by a freeze or a correction of the clock."""

from pathlib import Path


class MovedClock:
    """A clock for a sandbox with `settings` and tests/hooks on its path.

    Lambda's deadlines use the real clock, so the function needs a timeout that covers the move.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "seconds"
        self.move(0)

    @property
    def settings(self) -> dict[str, str]:
        """The variables for the sandbox's environment."""
        return {"MOVED_CLOCK": str(self._file)}

    def move(self, seconds: int) -> None:
        """Set the clock that far ahead of the real one."""
        next_file = self._file.with_suffix(".next")
        next_file.write_text(str(seconds))
        next_file.replace(self._file)
