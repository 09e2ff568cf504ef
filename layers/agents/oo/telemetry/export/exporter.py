"""What an exporter is, and how it fails.

ExportFailed            the other side answered and did not take the trace: the next one is tried
└── Unreachable         no answer, or none in time: asking again at once would only wait again
"""

from collections.abc import Callable
from typing import Protocol

from oo.deadline import Deadline
from oo.telemetry.export.causes import Cause
from oo.telemetry.spans import Trace


class ExportFailed(Exception):
    """`status` is the answer's HTTP status, `hint` what an operator can do about it; neither quotes the other side."""

    def __init__(self, *, status: int | None = None, hint: str | None = None) -> None:
        super().__init__(status, hint)
        self.status = status
        self.hint = hint


class Unreachable(ExportFailed):
    """Nobody answered, or not in time. `cause` says which team can mend it."""

    def __init__(self, cause: Cause = "timeout") -> None:
        super().__init__()
        self.cause = cause


class Exporter(Protocol):
    """Takes finished traces to where traces are kept, one at a time. `name` is the log's word for it."""

    name: str

    @property
    def is_loading(self) -> bool:
        """Whether an export is importing what it needs, as the first one may have to."""

    def export(self, trace: Trace, deadline: Deadline) -> None:
        """Send one trace. Raises ExportFailed; may raise anything else, and none of it reaches a caller."""

    def rest(self) -> None:
        """Close what was opened: nothing more is to be exported for now, and the sandbox may freeze."""

    def abandon(self) -> None:
        """Called from another thread when an export takes too long: let go of what it waits for, if that is known."""


class LateExporter:
    """An exporter that is made when it is first needed: what makes it imports what only exports need."""

    def __init__(self, name: str, make: Callable[[], Exporter]) -> None:
        self.name = name
        self._make = make
        self._made: Exporter | None = None

    @property
    def is_loading(self) -> bool:
        """Whether the exporter is, once it is made."""
        return self._made is not None and self._made.is_loading

    def export(self, trace: Trace, deadline: Deadline) -> None:
        """Make the exporter unless it is there, and hand it the trace."""
        if self._made is None:
            self._made = self._make()
        self._made.export(trace, deadline)

    def rest(self) -> None:
        """Close what the exporter opened."""
        if self._made is not None:
            self._made.rest()

    def abandon(self) -> None:
        """Let go of what the exporter waits for."""
        if self._made is not None:
            self._made.abandon()
