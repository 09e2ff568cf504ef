"""The stand-in of an operation that a setting keeps from being composed."""

from copy import copy
from typing import NoReturn

from oo.errors import ConfigError


class Refusal:
    """Raises the ConfigError on each request: the sandbox starts, every caller is told, and the log names the setting.

    Each request gets a copy: an exception keeps the traceback of every time it is raised, and with it those bodies.
    """

    def __init__(self, problem: ConfigError) -> None:
        self._problem = copy(problem)

    def __call__(self, *_: object, **_path: object) -> NoReturn:
        """Raise the error."""
        raise copy(self._problem)
