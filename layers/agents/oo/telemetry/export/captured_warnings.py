"""Packages that keep their failures to themselves, and only complain of them in the log."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Complaints(logging.Handler):
    """Collects who complained."""

    def __init__(self, at_any_level: str, note: Callable[[BaseException], None]) -> None:
        super().__init__()
        self.of: list[str] = []
        self._at_any_level = at_any_level
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING or record.name == self._at_any_level:
            self.of.append(record.name)
            error = sys.exception()
            if error is not None:
                self._note(error)


def _ignore(_error: BaseException) -> None:
    """Ignore the exception: the default of `note`."""


@contextmanager
def captured_warnings(
    package: str, at_any_level: str = "", note: Callable[[BaseException], None] = _ignore
) -> Iterator[list[str]]:
    """The names of the package's loggers that warned of something in the block; it goes to no other log.

    Their texts may quote any content of the request. From the logger named `at_any_level`, every line counts. Where a
    package warns while it handles an exception, `note` gets that exception.
    """
    handler, logger = _Complaints(at_any_level, note), logging.getLogger(package)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield handler.of
    finally:
        logger.removeHandler(handler)
