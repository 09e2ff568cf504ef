"""Progress on one line of a terminal; without a terminal, a line per tenth."""

import time
from collections.abc import Callable
from typing import TextIO

_WIDTH = 30
_REDRAW_S = 0.1
_CLEAR_LINE = "\r\x1b[K"


class Progress:
    """A progress bar of `total` steps; `now` reads seconds."""

    def __init__(
        self, label: str, total: int, stream: TextIO, *, done: int = 0, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._label = label
        self._total = total
        self._stream = stream
        self._now = now
        self._first = done
        self._done = done
        self._started = now()
        self._drawn = self._started - _REDRAW_S
        self._tenth = self._tenths()

    def reach(self, done: int) -> None:
        """Show that `done` of the steps are finished."""
        self._done = done
        if not self._stream.isatty():
            if self._tenths() > self._tenth:
                self._tenth = self._tenths()
                print(self._line(), file=self._stream, flush=True)
        elif self._now() - self._drawn >= _REDRAW_S or done >= self._total:
            self._drawn = self._now()
            print(f"{_CLEAR_LINE}{self._line()}", end="", file=self._stream, flush=True)

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        clear = _CLEAR_LINE if self._stream.isatty() else ""
        print(f"{clear}{text}", file=self._stream, flush=True)

    def end(self) -> None:
        """End the bar's line."""
        if self._stream.isatty():
            print(file=self._stream, flush=True)

    def _tenths(self) -> int:
        return 10 * self._done // max(1, self._total)

    def _line(self) -> str:
        filled = _WIDTH * min(self._done, self._total) // max(1, self._total)
        seconds = self._now() - self._started
        rate = (self._done - self._first) / seconds if seconds > 0 else 0.0
        bar = "#" * filled + "." * (_WIDTH - filled)
        return f"{self._label} [{bar}] {self._done:,} of {self._total:,}, {rate:,.0f} per second"
