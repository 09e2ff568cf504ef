"""Functions' whole lives, each in a fork of one process: `python -m tests.integration.function_life < LIVES`.

Each line of input has entry, handler, environment and events of a life as JSON; the process prints its exit code. It
has imported beforehand the packages that take most of a start, and nothing that reads the environment.
"""

import gc
import importlib.util
import json
import os
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NoReturn

from oo.telemetry.export.after_response import AfterResponse
from testing.lambda_context import FakeContext
from testing.patience import wait_for_aws, wait_for_exports

IMPORTED = ("boto3", "oo.agents.registry", "oo.contract.tips", "oo.llm.client", "oo.precompute.eligibility")


def main() -> None:
    """Let one function after the other live."""
    for module in IMPORTED:
        import_module(module)
    wait_for_aws(setattr)
    wait_for_exports(setattr)
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _live_and_exit(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)  # noqa: T201  # this is what it is run for


def _live_and_exit(given: Mapping[str, Any]) -> NoReturn:
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.environ.clear()
    os.environ.update(given["environment"])
    code = 1
    try:
        live(given["entry"], given["handler"], given["events"])
        code = 0
    except BaseException:  # noqa: BLE001  # the process ends with it
        traceback.print_exc()
    finally:
        os._exit(code)


def live(entry: str, handler: str, events: list[dict[str, Any]]) -> None:
    """Import the entry and give its handler each event of the list."""
    spec = importlib.util.spec_from_file_location("entry", entry)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for event in events:
        getattr(module, handler)(event, FakeContext())
    # In Lambda the sandbox stays awake until the traces are out; here the process would end under them.
    for kept in gc.get_objects():
        if isinstance(kept, AfterResponse):
            kept.drain()


if __name__ == "__main__":
    main()
