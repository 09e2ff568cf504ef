"""A function's whole life in a process: `python -m tests.integration.function_life ENTRY HANDLER < EVENTS`."""

import gc
import importlib.util
import json
import sys
from pathlib import Path

from oo.telemetry.export.after_response import AfterResponse
from testing.lambda_context import FakeContext
from testing.patience import wait_for_aws, wait_for_exports


def main(entry: Path, handler: str) -> None:
    """Import the entry and give its handler each event of the list."""
    wait_for_aws(setattr)
    wait_for_exports(setattr)
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
