"""The resolved request of a tip, recorded in its trace, for replay with another prompt."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from oo.contract.tips import AgentOutputSnippet, RecommendRequest
from oo.request_context import RequestContext
from oo.telemetry.spans import Span

REQUEST = "request"
REQUEST_DROPPED = "request_dropped"
MOST_BYTES = 256_000
NUMBER = "$number"
"""The only key of an object that replaces a whole number over 64 bits; its value is the digits."""

_INT64 = range(-(2**63), 2**63)


class RequestRecorder:
    """Writes the requests into the roots of the traces that `is_kept` selects by their ids."""

    def __init__(self, is_kept: Callable[[str], bool]) -> None:
        self._is_kept = is_kept

    def record(
        self,
        root: Span,
        request: RecommendRequest,
        snippets: Sequence[AgentOutputSnippet],
        prompt_version: str,
        context: RequestContext,
    ) -> None:
        """Write the attribute `request`, or `request_dropped` if its JSON has more than MOST_BYTES.

        No answer depends on it: an error is noted in the trace.
        """
        if not self._is_kept(context.trace.trace_id):
            return
        try:
            told = _written(_resolved(request, snippets, context) | {"prompt_version": prompt_version})
            if len(told.encode()) > MOST_BYTES:
                root.attributes[REQUEST_DROPPED] = True
            else:
                root.attributes[REQUEST] = json.loads(told, parse_int=_storable)
        except Exception as error:  # noqa: BLE001  # no answer may depend on what is recorded of it
            context.trace.faults.append(type(error).__name__)


def _resolved(
    request: RecommendRequest, snippets: Sequence[AgentOutputSnippet], context: RequestContext
) -> dict[str, Any]:
    """The body after defaults, with its snippets, its time and its zone; `assumed` lists those that were absent."""
    moment, zone, assumed = request.now_iso, request.timezone, list[str]()
    if moment is None:
        moment = context.now
        assumed.append("now_iso")
    if zone is None and context.default_zone is not None and not moment.utcoffset():
        zone = str(context.default_zone)
        assumed.append("timezone")
    return {
        **request.model_dump(exclude={"user_id"}),
        "agent_outputs": [snippet.model_dump() for snippet in snippets],
        "now_iso": moment,
        "timezone": zone,
        "assumed": assumed,
    }


def _written(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_moment)


def _moment(value: datetime) -> str:
    """A time with its own offset, from which the user's zone may follow."""
    return value.isoformat()


def _storable(digits: str) -> int | dict[str, str]:
    """A number that MLflow can store, or a marker with its value: a priority as text would be read otherwise."""
    number = int(digits)
    return number if number in _INT64 else {NUMBER: digits}
