"""Capture warnings that a third-party package logs instead of raising."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Complaints(logging.Handler):
    """Collects the names of loggers that warned."""

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
    """The names of the package's loggers that logged a warning in the block; it goes to no other log.

    Their texts may quote any content of the request. For the logger named `at_any_level`, every line counts. If a
    package logs a warning while it handles an exception, `note` gets that exception.
    """
    handler, logger = _Complaints(at_any_level, note), logging.getLogger(package)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield handler.of
    finally:
        logger.removeHandler(handler)
