"""The functions' entry modules, started in this process."""

import importlib.util
from typing import Any, cast

from aws_lambda_powertools.utilities.typing import LambdaContext

from local.deployment.environment import ROOT
from oo.telemetry.instrumentation import Handler
from testing.lambda_context import FakeContext


def load_handler(function: str, entry: str = "app") -> Handler:
    """The handler of a function's entry, configured by the current environment."""
    path = ROOT / "functions" / function / f"{entry}.py"
    spec = importlib.util.spec_from_file_location(f"{function}_{entry}", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Handler", module.handler)


def invoke(handler: Handler, event: Any, **context: Any) -> dict[str, Any]:
    """The handler's response to one event."""
    return handler(event, cast("LambdaContext", FakeContext(**context)))
