import json
from collections.abc import Callable
from typing import cast

from oo.contract.routes import Route
from oo.deadline import budget_s
from oo.telemetry.frames import own_frame


def caught(work: Callable[[], object]) -> BaseException:
    try:
        work()
    except Exception as error:  # noqa: BLE001  # the error is the test's subject
        return error
    raise AssertionError


def fails_in_the_service() -> object:
    return budget_s(lambda_remaining_s=cast("float", None), gateway_elapsed_s=None, llm_budget_s=1)


def fails_again(*, hides: bool) -> object:
    try:
        return fails_in_the_service()
    except TypeError as error:
        if hides:
            raise KeyError from None
        raise KeyError from error


def place(error: BaseException) -> str | None:
    """The frame without its line."""
    frame = own_frame(error)
    return frame and frame.partition(":")[0]


def test_the_innermost_frame_of_the_service_is_named() -> None:
    """Frames of tests and packages are skipped, and the line is the one that failed."""
    module, _, line = (own_frame(caught(fails_in_the_service)) or "").partition(":")

    assert module == "oo.deadline"
    assert int(line) > 1


def test_the_first_cause_is_the_one_that_counts() -> None:
    """An error that was raised out of another one leads back to it; a hidden one does not."""
    assert place(caught(lambda: fails_again(hides=False))) == "oo.deadline"
    assert place(caught(lambda: fails_again(hides=True))) is None


def test_an_error_from_elsewhere_has_no_frame() -> None:
    assert own_frame(caught(lambda: json.loads("{"))) is None
    assert own_frame(ValueError()) is None


def test_a_failure_inside_of_a_package_counts_where_the_service_asked() -> None:
    """The service's frame that is nearest to the failure is the one that called the package."""
    assert place(caught(lambda: Route("x", "GET", "/(").parameters("/"))) == "oo.contract.routes"
