"""The replacement of an operation that cannot be composed because of a setting."""

from copy import copy
from typing import NoReturn

from oo.errors import ConfigError


class Refusal:
    """Raises the ConfigError for each request: the sandbox starts, and every caller and the log get the error.

    Each request gets a copy, because an exception keeps the traceback of every time it is raised, and the bodies with
    it.
    """

    def __init__(self, problem: ConfigError) -> None:
        self._problem = copy(problem)

    def __call__(self, *_: object, **_path: object) -> NoReturn:
        """Raise the error."""
        raise copy(self._problem)
