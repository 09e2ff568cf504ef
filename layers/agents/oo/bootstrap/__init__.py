"""The compositions of the functions, one module each."""

import os

from oo.runtime import snap_start
from oo.runtime.unfit_layer import LAYER, UnfitLayer, problem_of

if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == snap_start.ENABLED:
    snap_start.register_hooks()

_PROBLEM = problem_of(LAYER, os.uname().machine)


def __getattr__(name: str) -> UnfitLayer:
    """The composition of an entry: `from oo.bootstrap import …` calls this before importing that module."""
    if _PROBLEM is None or name.startswith("__"):
        raise AttributeError(name)
    return UnfitLayer(_PROBLEM, os.environ.get("POWERTOOLS_SERVICE_NAME", ""))
