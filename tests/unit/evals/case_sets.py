"""The sets of cases, read once per process."""

from functools import cache

from evals.cases.case import Case, read_cases


@cache
def cases_of(name: str) -> tuple[Case, ...]:
    """The cases of a set. Each caches the parsed parts of its request for all tests."""
    return tuple(read_cases(name))
