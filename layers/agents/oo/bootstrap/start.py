"""The begin and the end of a start: what the built layer leaves out in between."""

import gc
from typing import TypeVar

from oo.built import patterns
from oo.validation import COMPILED

Handler = TypeVar("Handler")


def begin() -> None:
    """Prepare a start: call this before all other imports.

    In the built layer no garbage is collected meanwhile, as next to none arises, and expressions come compiled.
    """
    if COMPILED.exists():
        gc.disable()
    patterns.use()


def ready(handler: Handler) -> Handler:
    """The handler, once all is imported: what there is by now stays, and no collection looks at it again."""
    if COMPILED.exists():
        gc.freeze()
        gc.enable()
    return handler
