"""A function as built, which returns the modules of its process: at the end of its start, before and after the call.

WATCHED_ENTRY names the entry module. The connections are those that were opened while that was imported.
"""

import importlib
import os
import sys
from typing import Any

connections: list[str] = []


def remember(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook."""
    if event == "socket.connect":
        host, port, *_ = arguments[1]
        connections.append(f"{host}:{port}")


sys.addaudithook(remember)
entry: Any = importlib.import_module(os.environ["WATCHED_ENTRY"])
started = {"loaded": sorted(sys.modules), "connections": sorted(set(connections))}


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer, and return the modules that this has loaded."""
    before = sorted(sys.modules)
    answer = entry.handler(event, context)
    return {
        "answer": answer,
        "started": started,
        "before": before,
        "after": sorted(sys.modules),
        "runtime_api": os.environ["AWS_LAMBDA_RUNTIME_API"],
    }
