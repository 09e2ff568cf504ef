"""Progress as a bar on a terminal; elsewhere, a line per tenth."""

from typing import TextIO

from tqdm import tqdm


class Progress:
    """`total` steps, of which `done` were done before and count for no speed."""

    def __init__(self, label: str, total: int, stream: TextIO, *, done: int = 0) -> None:
        self._label = label
        self._total = total
        self._stream = stream
        self._tenth = 10 * done // max(1, total)
        self._bar = tqdm(desc=label, total=total, initial=done, file=stream, disable=not stream.isatty())

    def reach(self, done: int) -> None:
        """Show the number of steps that are done."""
        if not self._bar.disable:
            self._bar.update(done - self._bar.n)
        elif (tenth := 10 * done // max(1, self._total)) > self._tenth:
            self._tenth = tenth
            print(f"{self._label}: {done:,} of {self._total:,}", file=self._stream, flush=True)

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        self._bar.write(text, file=self._stream)

    def end(self) -> None:
        """Leave the bar behind."""
        self._bar.close()
