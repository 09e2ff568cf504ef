"""Bytecode of the layer's modules in one file.

Python looks for the file of each module in several places, and opens, checks and reads it: a start of `/recommend` does
so for some 250 modules of the layer. The built layer holds their bytecode in one file instead.
"""

import marshal
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER, cache_from_source, spec_from_file_location
from pathlib import Path

PACKAGES = Path(__file__).parents[2]
"""The folder of the layer's packages."""

BYTECODE = Path(__file__).with_name("bytecode.bin")
"""Python's magic number, the length of the table, the table, and the modules' `.pyc` files.

Only the built layer has it.
"""

_LENGTH_BYTES = 8
_HEAD_BYTES = len(MAGIC_NUMBER) + _LENGTH_BYTES

Place = tuple[str, bool, int, int]
"""The path of a module's source below PACKAGES, whether it is a package, and the offset and length of its bytecode."""


class _Loader(SourceFileLoader):
    """Loads a module as usual, but for the place of its bytecode."""

    def __init__(self, name: str, source: str, file: int, begin: int, length: int) -> None:
        super().__init__(name, source)
        self._bytecode = file, length, begin

    def path_stats(self, path: str) -> Mapping[str, int]:  # noqa: ARG002  # as `SourceLoader` has it
        """Zeros, as the bytecode is not compared with its source."""
        return {"mtime": 0, "size": 0}

    def get_data(self, path: str) -> bytes:
        """The bytes of the bytecode or of another file, for example of the source for a traceback."""
        return os.pread(*self._bytecode) if path.endswith(".pyc") else super().get_data(path)


class _Finder:
    """Finds the modules in BYTECODE by their full names."""

    def __init__(self, file: int, begin: int, places: Mapping[str, Place]) -> None:
        self._file = file
        self._begin = begin
        self._places = places
        self._packages = f"{PACKAGES}/"

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002  # as `MetaPathFinder` has it
        """The specification of a module, None for a module that has to be looked for as usual."""
        found = self._places.get(name)
        if found is None:
            return None
        source, is_package, offset, length = found
        source = self._packages + source
        loader = _Loader(name, source, self._file, self._begin + offset, length)
        inside = [source.rpartition("/")[0]] if is_package else None
        return spec_from_file_location(name, source, loader=loader, submodule_search_locations=inside)


def use() -> None:
    """Load the modules in BYTECODE from it, if it was written by this version of Python.

    The file stays open, for modules that are imported later.
    """
    if not BYTECODE.exists():
        return
    file = os.open(BYTECODE, os.O_RDONLY | os.O_CLOEXEC)
    head = os.pread(file, _HEAD_BYTES, 0)
    if not head.startswith(MAGIC_NUMBER):
        os.close(file)
        return
    length = int.from_bytes(head[len(MAGIC_NUMBER) :])
    places = marshal.loads(os.pread(file, length, _HEAD_BYTES))  # noqa: S302  # nosec B302  # the layer's own file
    sys.meta_path.insert(0, _Finder(file, _HEAD_BYTES + length, places))


def moved(sources: Mapping[str, Path]) -> bytes:
    """BYTECODE with the compiled modules of these names and sources, whose own `.pyc` files are removed."""
    places, files, offset = dict[str, Place](), list[bytes](), 0
    for name, source in sources.items():
        compiled = Path(cache_from_source(source))
        files.append(compiled.read_bytes())
        compiled.unlink()
        places[name] = (str(source.relative_to(PACKAGES)), source.name == "__init__.py", offset, len(files[-1]))
        offset += len(files[-1])
    table = marshal.dumps(places)
    return b"".join([MAGIC_NUMBER, len(table).to_bytes(_LENGTH_BYTES), table, *files])
