"""The recommend function as built, which ends instead of answering where the user is named after a way to end."""

import os
import resource
from collections.abc import Callable
from typing import Any, NoReturn

from oo.bootstrap import recommend
from oo.tips.recommend import Recommend

answer = Recommend.__call__


def raise_exit() -> NoReturn:
    """End as `sys.exit` does: no Exception, so that nothing that answers errors sees it."""
    raise SystemExit


def raise_interrupt() -> NoReturn:
    """As a signal's default handler does."""
    raise KeyboardInterrupt


def run_out_of_memory() -> None:
    """Ask for more than the process may have."""
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    bytearray(1 << 31)


WAYS: dict[str, Callable[[], object]] = {
    "ends-at-once": lambda: os._exit(3),
    "aborts": os.abort,
    "exits": raise_exit,
    "is-interrupted": raise_interrupt,
    "runs-out-of-memory": run_out_of_memory,
}


def end_or_answer(operation: Recommend, request: Any, context: Any) -> Any:  # the types are the operation's own
    """End, or answer."""
    way = WAYS.get(request.user_id)
    if way is not None:
        way()
    return answer(operation, request, context)


Recommend.__call__ = end_or_answer  # type: ignore[method-assign,assignment]
handler = recommend.handler()
