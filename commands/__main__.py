"""`python -m commands MODULE[:FUNCTION] [ARGUMENT…]`: import a module, and run its program.

Until the imports are done, Ctrl-C ends the process at once and in silence: a KeyboardInterrupt would print the
traceback of an import. Only the standard library is imported here, because the Makefile also starts programs that
make the environment in which packages are installed.
"""

import signal
import sys
from importlib import import_module
from importlib.util import find_spec

from commands.ordinary_ends import ordinary_ends


def main() -> None:
    """Run the function, else `main`, of the module that the first argument names; of a package, of its `__main__`."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # The Makefile starts Python with the signal blocked, as the interpreter's own start would print a traceback.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    name, _, function = sys.argv.pop(1).partition(":")
    found = find_spec(name)
    is_package = found is not None and found.submodule_search_locations is not None
    module = import_module(f"{name}.__main__" if is_package and not function else name)
    with ordinary_ends():
        getattr(module, function or "main")()


if __name__ == "__main__":
    main()
