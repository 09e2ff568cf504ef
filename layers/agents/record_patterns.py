"""Writes the compiled regular expressions of a built layer into it; see `oo.compiled_patterns`."""

import importlib
import pkgutil
import sys

from oo import compiled_patterns

FIRST_CALL = ("boto3", "http.client", "json.scanner")
"""Packages that a start or a first answer imports by itself."""


def main() -> None:
    """Import every module of the layer while their expressions are recorded."""
    import oo  # noqa: PLC0415  # the built one

    with compiled_patterns.Recorder() as recorder:
        for name in FIRST_CALL:
            importlib.import_module(name)
        for module in pkgutil.walk_packages(oo.__path__, "oo."):
            importlib.import_module(module.name)
    compiled_patterns.PATTERNS.write_bytes(recorder.content())


if __name__ == "__main__":
    try:
        main()
    except ImportError as error:
        # A layer for another machine: its extensions cannot be imported here.
        print(f"NOTE: the layer's regular expressions are compiled at each start, as {error}", file=sys.stderr)  # noqa: T201
