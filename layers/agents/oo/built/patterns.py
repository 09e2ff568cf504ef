"""Regular expressions that are compiled when the layer is built.

Python compiles an expression in Python code: those of a start of `/recommend` take a tenth of it. The built layer holds
the compiled code of all of them, which `re` gets in place of compiling. Anything else is compiled as usual.
"""

import importlib
import marshal
import sys
from pathlib import Path
from typing import Any, Self

PATTERNS = Path(__file__).with_name("compiled_patterns.bin")
"""The version of the code, and by expression and flags the arguments of `_sre.compile`. Only the built layer has it."""

_COMPILER: Any = importlib.import_module("re._compiler")
_SRE: Any = importlib.import_module("_sre")
_VERSION = (*sys.version_info[:2], _SRE.MAGIC)


def use() -> None:
    """Take expressions that are compiled already from PATTERNS, if it was written for this version of Python."""
    if not PATTERNS.exists():
        return
    version, known = marshal.loads(PATTERNS.read_bytes())  # noqa: S302  # nosec B302  # the layer's own file
    if version != _VERSION:
        return
    compile_anew = _COMPILER.compile

    def compile_known(pattern: Any, flags: int = 0) -> Any:  # noqa: ANN401  # as `re` has them
        found = known.get((pattern, int(flags))) if isinstance(pattern, str | bytes) else None
        if found is None:
            return compile_anew(pattern, flags)
        all_flags, code, groups, names, places = found
        return _SRE.compile(pattern, all_flags, memoryview(code).cast("I").tolist(), groups, names, places)

    _COMPILER.compile = compile_known


class Recorder:
    """Stores the compiled code of every expression that is compiled while it replaces `re`'s compiler."""

    def __init__(self) -> None:
        self._found: dict[tuple[str | bytes, int], Any] = {}
        self._compile_anew = _COMPILER.compile
        self._latest: Any = None
        self.MAGIC = _SRE.MAGIC

    def __enter__(self) -> Self:
        _COMPILER.compile, _COMPILER._sre = self._compile, self  # noqa: SLF001  # the standard library's
        return self

    def __exit__(self, *_: object) -> None:
        _COMPILER.compile, _COMPILER._sre = self._compile_anew, _SRE  # noqa: SLF001  # as above

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # of `_sre`
        return getattr(_SRE, name)

    def compile(self, *arguments: Any) -> Any:  # noqa: ANN401  # `_sre.compile`
        """Compile, and keep the arguments."""
        self._latest = arguments
        return _SRE.compile(*arguments)

    def _compile(self, pattern: Any, flags: int = 0) -> Any:  # noqa: ANN401  # `re._compiler.compile`
        compiled = self._compile_anew(pattern, flags)
        if isinstance(pattern, str | bytes):
            _, all_flags, code, groups, names, places = self._latest
            packed = b"".join(int(word).to_bytes(4, sys.byteorder) for word in code)
            self._found[pattern, int(flags)] = (int(all_flags), packed, groups, dict(names), tuple(places))
        return compiled

    def content(self) -> bytes:
        """All of it, as `use` reads it."""
        return marshal.dumps((_VERSION, self._found))
