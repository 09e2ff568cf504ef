"""An exporter, how it is made, and how it fails.

ExportFailed            the other side answered and did not take the trace: the next one is tried
└── Unreachable         no answer, or none in time: asking again at once would only wait again
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from oo.deadline import Deadline
from oo.telemetry.spans import Trace

if TYPE_CHECKING:
    from oo.telemetry.export.causes import Cause  # imports http.client, which a start does without


class ExportFailed(Exception):
    """`status` is the answer's HTTP status, `hint` the operator's remedy; neither quotes the other side."""

    def __init__(self, *, status: int | None = None, hint: str | None = None) -> None:
        super().__init__(status, hint)
        self.status = status
        self.hint = hint


class Unreachable(ExportFailed):
    """No server answered in time. `cause` shows which team can fix it."""

    def __init__(self, cause: "Cause" = "timeout") -> None:
        super().__init__()
        self.cause = cause


class Exporter(Protocol):
    """Sends finished traces to one place, one at a time."""

    def export(self, trace: Trace, deadline: Deadline) -> None:
        """Send one trace. Raises ExportFailed; any other exception counts as one."""

    def close(self) -> None:
        """Close open connections; the next export opens new ones.

        A call from another thread aborts the running export by shutting down its connection.
        """


Loading = Callable[[], AbstractContextManager[None]]
"""Surrounds imports, for which an export has more time."""


class ExporterFactory(NamedTuple):
    """Creates an exporter for the first trace.

    `name` is the exporter's name in the log. `make` does the imports that every export needs. Later imports belong in a
    block of the `Loading` that it receives.
    """

    name: str
    make: Callable[[Loading], Exporter]
