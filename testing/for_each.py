"""A loop over many inputs inside one test case."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any


def for_each(
    names: str | tuple[str, ...], values: Iterable[Any]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator: run a test once per value in one test case; tuples are spread over several argument names.

    A failure names the value. Only for tests that change no fixture. Use a parameter for a value worth a run alone.
    """
    every = tuple(values)
    named = (names,) if isinstance(names, str) else names

    def given(value: Any) -> dict[str, Any]:
        return dict(zip(named, (value,) if isinstance(names, str) else value, strict=True))

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def run_all(**fixtures: Any) -> None:
            for value in every:
                try:
                    test(**fixtures, **given(value))
                except BaseException as error:
                    error.add_note(f"{names} = {value!r:.500}")
                    raise

        signature = inspect.signature(test)
        others = [parameter for name, parameter in signature.parameters.items() if name not in named]
        run_all.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]  # pytest reads it
        return run_all

    return decorate
