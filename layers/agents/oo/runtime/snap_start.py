"""Hooks of Lambda's runtime around a snapshot, from which any number of sandboxes start.

The service itself keeps nothing there that belongs to one sandbox: secrets, credentials and connections begin with the
first request, ids and jitter come from the operating system. Packages such as botocore use Python's own generator for
their jitter, so it gets a new seed after each restore.
"""

import random
from importlib import import_module
from typing import Any

ENABLED = "snap-start"
"""The value of AWS_LAMBDA_INITIALIZATION_TYPE."""


def register_hooks() -> None:
    """Register the hooks with the module of Lambda's own runtime, which no lock of this project contains."""
    runtime: Any = import_module("snapshot_restore_py")
    runtime.register_after_restore(random.seed)
