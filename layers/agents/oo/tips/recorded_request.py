"""The request of a tip as it was resolved, recorded in its trace, so that it can be replayed with another prompt."""

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
"""The one key of an object that stands for a whole number over 64 bits; its value are the digits."""

_INT64 = range(-(2**63), 2**63)


class RequestRecorder:
    """Writes the requests of the traces that `is_kept` names by their ids into the traces' roots."""

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
        """Write the attribute `request`, or `request_dropped` where its JSON has more than MOST_BYTES.

        No answer depends on it: a fault is noted in the trace.
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
    """The body after defaults, with its snippets, its moment and its zone; `assumed` names those that it left out."""
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
    """A moment with its own offset, which may tell the user's zone."""
    return value.isoformat()


def _storable(digits: str) -> int | dict[str, str]:
    """A number that MLflow can store, or the recipe of one: as text, a priority would be read otherwise."""
    number = int(digits)
    return number if number in _INT64 else {NUMBER: digits}
