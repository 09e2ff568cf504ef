"""The stand-in of every function whose layer is built for another processor.

Its packages are compiled, so the function's own modules cannot be imported there. This one imports the standard library
and modules of the service that need no package.
"""

import json
import os
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oo.errors.base import ConfigError
from oo.telemetry.traceparent import caller_trace_id

LAYER = Path(__file__).parents[3]
"""`/opt`, where Lambda unpacks layers; no layer is built in the source tree."""

_BY_MACHINE = {"aarch64": "arm64", "x86_64": "x86_64"}
_STATUS = 503


def problem_of(layer: Path, machine: str) -> ConfigError | None:
    """The mismatch between the processor in the layer's file `architecture` and this machine's, if there is one."""
    try:
        built = (layer / "architecture").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    here = _BY_MACHINE.get(machine, machine)
    if built == here:
        return None
    return ConfigError(f"Unusable setting: ARCHITECTURE (the layer is built for {built}, this function runs on {here})")


class UnfitLayer:
    """Refuses requests with 503 `config_error`, and batches with an exception, so that SQS delivers them again."""

    def __init__(self, problem: ConfigError, service: str) -> None:
        self._problem = problem
        self._service = service

    def handler(self) -> "UnfitLayer":
        """Log the problem, once per sandbox; the handler is the object itself."""
        line = {
            "level": "ERROR",
            "message": "start_refused",
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "service": self._service,
            "code": self._problem.code,
            "setting": "ARCHITECTURE",
            "reason": f"{self._problem}. Deploy again with `make deploy`.",
        }
        print(json.dumps(line), flush=True)  # noqa: T201  # the log; Powertools' Logger is one of the packages
        return self

    def __call__(self, event: object, _context: object) -> dict[str, Any]:
        """The answer to an HTTP request; raises ConfigError for anything else."""
        if not isinstance(event, dict) or "Records" in event:
            raise copy(self._problem)  # as raised, it would keep each event
        headers = event.get("headers")
        traceparent = headers.get("traceparent") if isinstance(headers, dict) else None
        trace_id = caller_trace_id(traceparent if isinstance(traceparent, str) else None) or os.urandom(16).hex()
        body = {"detail": str(self._problem), "code": self._problem.code}
        return {
            "statusCode": _STATUS,
            "headers": {"content-type": "application/json", "x-trace-id": trace_id},
            "body": json.dumps(body),
            "isBase64Encoded": False,
        }
