"""Imports that are deferred until an attribute of the module is used."""

import gc
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from importlib.machinery import PathFinder
from types import ModuleType
from typing import TypeVar

from oo import compiled_patterns
from oo.validation import COMPILED

Handler = TypeVar("Handler")


def defer(name: str, *functions: str) -> None:
    """Make `import name` return at once, and import the module on first access to one of its attributes.

    `from name import …` is such an access, unless the name is one of `functions`: they import the module when they are
    called. For modules that packages import for functions that are never called here. importlib's LazyLoader is
    unsuitable: Python 3.13 reads an attribute of a module that is imported a second time, which loads it.
    """
    if name in sys.modules:
        return
    parent_name, _, own_name = name.rpartition(".")
    parent = import_module(parent_name) if parent_name else None
    sys.modules[name] = deferred = _Deferred(name, parent, functions)
    if parent:
        setattr(parent, own_name, deferred)


def begin() -> None:
    """Prepare a start: call this before all other imports.

    In the built layer no garbage is collected meanwhile, as hardly any arises, and expressions are compiled already.
    """
    if COMPILED.exists():
        gc.disable()
    compiled_patterns.use()
    defer_unused()


def ready(handler: Handler) -> Handler:
    """The handler, once all is imported: the existing objects stay, and no garbage collection visits them again."""
    if COMPILED.exists():
        gc.freeze()
        gc.enable()
    return handler


def defer_unused() -> None:
    """Defer two modules that packages import at their top and no function here calls.

    Powertools and anyio import the first, pydantic and urllib3 the second: call this before importing any of them.
    Measured alone, asyncio takes 16 ms of a start of some 250 ms, the other one 4 ms.
    """
    defer("asyncio")
    defer("importlib.metadata", "entry_points", "version")


class _Deferred(ModuleType):
    """A placeholder for a module, which has all attributes of the module once it is loaded."""

    def __init__(self, name: str, parent: ModuleType | None, functions: Sequence[str]) -> None:
        super().__init__(name)
        for function in functions:
            setattr(self, function, partial(self._call, function))
        if functions:
            # An import of names reads the package's path first.
            spec = PathFinder.find_spec(name, parent.__path__ if parent else None)
            self.__path__ = (spec and spec.submodule_search_locations) or []

    def __getattr__(self, attribute: str) -> object:
        return getattr(self._module(), attribute)

    def _call(self, function: str, *arguments: object, **options: object) -> object:
        return getattr(self._module(), function)(*arguments, **options)

    def _module(self) -> ModuleType:
        name = self.__name__
        if sys.modules.get(name) is self:
            del sys.modules[name]
        module = import_module(name)
        self.__dict__.update(module.__dict__)
        return module
