"""Packages that keep their failures to themselves, and only complain of them in the log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Complaints(logging.Handler):
    """Collects who complained."""

    def __init__(self, at_any_level: str) -> None:
        super().__init__()
        self.of: list[str] = []
        self._at_any_level = at_any_level

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING or record.name == self._at_any_level:
            self.of.append(record.name)


@contextmanager
def complaints(package: str, at_any_level: str = "") -> Iterator[list[str]]:
    """The names of the package's loggers that warned of something in the block; it goes to no other log.

    What they say may quote anything that was to be sent. From the logger named `at_any_level`, every line counts.
    """
    handler, logger = _Complaints(at_any_level), logging.getLogger(package)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield handler.of
    finally:
        logger.removeHandler(handler)
