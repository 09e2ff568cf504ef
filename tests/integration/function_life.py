"""A function's whole life in a process: `python -m tests.integration.function_life ENTRY HANDLER < EVENTS`."""

import gc
import importlib.util
import json
import sys
from functools import partialmethod
from pathlib import Path
from typing import Any

from botocore.httpsession import URLLib3Session

from oo.telemetry.export.after_response import AfterResponse
from testing.lambda_context import FakeContext

PATIENCE_S = 60


def be_patient() -> None:
    """Give AWS and the exports more time than a function would: a busy machine is no outage.

    After an outage less is asked of AWS, and an export that is given up reads no key for its users' names.
    """
    start = URLLib3Session.__init__

    def start_patiently(session: URLLib3Session, *arguments: Any, **options: Any) -> None:
        start(session, *arguments, **options | {"timeout": PATIENCE_S})

    URLLib3Session.__init__ = start_patiently  # type: ignore[method-assign,assignment]
    AfterResponse.__init__ = partialmethod(  # type: ignore[method-assign,assignment]
        AfterResponse.__init__, ceiling_s=float(PATIENCE_S)
    )


def main(entry: Path, handler: str) -> None:
    """Import the entry and give its handler each event of the list."""
    be_patient()
    spec = importlib.util.spec_from_file_location("entry", entry)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for event in json.load(sys.stdin):
        getattr(module, handler)(event, FakeContext())
    # In Lambda the sandbox stays awake until the traces are out; here the process would end under them.
    for kept in gc.get_objects():
        if isinstance(kept, AfterResponse):
            kept.drain()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
