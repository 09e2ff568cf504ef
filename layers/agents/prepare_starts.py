"""Writes the files that shorten the starts of a built layer into it; see `oo.built`."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

from oo.built import bytecode, patterns

FIRST_CALL = ("boto3", "http.client", "json.scanner")
"""Packages that a start or a first answer imports by itself."""


def main() -> None:
    """Import every module of the layer, and write its expressions and its bytecode."""
    import oo  # noqa: PLC0415  # the built one

    needed_before = set(sys.modules)
    with patterns.Recorder() as recorder:
        for name in FIRST_CALL:
            importlib.import_module(name)
        for module in pkgutil.walk_packages(oo.__path__, "oo."):
            importlib.import_module(module.name)
    patterns.PATTERNS.write_bytes(recorder.content())
    bytecode.BYTECODE.write_bytes(bytecode.moved(dict(compiled_modules(needed_before))))


def compiled_modules(left_out: set[str]) -> Iterator[tuple[str, Path]]:
    """The names and sources of the layer's modules that are imported by now, in the order of their import."""
    for name, module in list(sys.modules.items()):
        spec = module.__spec__
        if spec and spec.name == name and name not in left_out and spec.origin:
            source = Path(spec.origin)
            if source.suffix == ".py" and source.is_relative_to(bytecode.PACKAGES):
                yield name, source


if __name__ == "__main__":
    try:
        main()
    except ImportError as error:
        # A layer for another machine: its extensions cannot be imported here.
        print(f"NOTE: starts of this layer take longer, as it cannot be imported here: {error}", file=sys.stderr)  # noqa: T201
