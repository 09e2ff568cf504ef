"""Imports that wait until somebody uses what they bring."""

import sys
from importlib import import_module
from types import ModuleType


def defer(name: str) -> None:
    """Let `import name` succeed at once, and import the module when one of its attributes is asked for.

    For modules that packages import at their top for functions nobody here calls. importlib's own LazyLoader does not
    serve: Python 3.13 asks a module that is imported a second time for an attribute, which is what loads it.
    """
    if name not in sys.modules:
        sys.modules[name] = _Deferred(name)


class _Deferred(ModuleType):
    """Stands in for a module; whoever imported the stand-in keeps it, with everything of the module in it."""

    def __getattr__(self, attribute: str) -> object:
        name = self.__name__
        if sys.modules.get(name) is self:
            del sys.modules[name]
        module = import_module(name)
        self.__dict__.update(module.__dict__)
        return getattr(module, attribute)
