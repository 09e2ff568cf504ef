"""The place in the service's own code where an error arose, without any text or value."""

from collections.abc import Iterator

PACKAGE = "oo"


def own_frame(error: BaseException) -> str | None:
    """The innermost frame of the service's own package, such as `oo.tips.recommend:141`.

    It is that of the first cause; if that was never in the package, that of the error that it led to.
    """
    return next((place for cause in reversed(list(_causes(error))) if (place := _innermost(cause))), None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, its cause, the cause of that, and so on; the first cause last."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _innermost(error: BaseException) -> str | None:
    place, step = None, error.__traceback__
    while step is not None:
        module = step.tb_frame.f_globals.get("__name__", "")
        if module.partition(".")[0] == PACKAGE:
            place = f"{module}:{step.tb_lineno}"
        step = step.tb_next
    return place
