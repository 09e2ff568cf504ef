import pytest

from oo.telemetry.export.breaker import OPEN_S, Breaker
from tests.unit.telemetry.fixtures import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_it_is_closed_until_something_fails(clock: Clock) -> None:
    assert not Breaker(clock).is_open


@pytest.mark.parametrize(("seconds", "expected"), [(0.0, True), (OPEN_S - 0.001, True), (OPEN_S, False), (1e9, False)])
def test_it_is_open_for_a_minute(clock: Clock, seconds: float, expected: bool) -> None:  # noqa: FBT001  # one fact of the case
    breaker = Breaker(clock)
    breaker.open()
    clock.now += seconds

    assert breaker.is_open is expected


def test_another_failure_opens_it_anew(clock: Clock) -> None:
    breaker = Breaker(clock)
    for _ in range(2):
        breaker.open()
        clock.now += OPEN_S - 1

    assert breaker.is_open


def test_a_clock_that_was_set_back_closes_it(clock: Clock) -> None:
    """A failure in the future says nothing about how long it is past."""
    breaker = Breaker(clock)
    breaker.open()
    clock.now -= 0.001

    assert not breaker.is_open
