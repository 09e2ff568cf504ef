import pytest
from hypothesis import given
from hypothesis import strategies as st

from oo.deadline import Deadline
from oo.errors import (
    DeadlineExceeded,
    LLMAuthRejected,
    LLMBadOutput,
    LLMContextLength,
    LLMError,
    LLMRateLimited,
    LLMRefused,
    LLMReplyWithheld,
    LLMTimeout,
    LLMUnreachable,
    LLMUpstreamError,
)
from oo.llm.retry import MOST_CALLS, Attempts, is_worth_retrying, passes_by_itself, pause_s
from testing.for_each import for_each


class Clock:
    """A clock that moves only by sleep and work."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def attempts_of(budget_s: float, clock: Clock, chance: float = 0.5) -> Attempts:
    return Attempts(Deadline.after(budget_s, clock), sleep=clock.sleep, chance=lambda: chance)


def limited(seconds: float | None = None) -> LLMRateLimited:
    return LLMRateLimited(429, "c-1", passes=True, retry_after_s=seconds)


@for_each(
    ("error", "retried"),
    [
        (LLMUnreachable(), True),
        (LLMTimeout(), True),
        (limited(), True),
        (LLMUpstreamError(500, "c", passes=True), True),
        (LLMUpstreamError(400, "c"), False),
        (LLMReplyWithheld(400, "c", passes=True), True),
        (LLMAuthRejected(401, "c"), False),
        (LLMAuthRejected(500, "c"), False),
        (LLMContextLength(400, "c"), False),
        (LLMRefused(200, "c"), False),
        (LLMBadOutput("blank"), False),
        (DeadlineExceeded(), False),
    ],
)
def test_only_what_may_pass_by_itself_is_retried(error: LLMError, *, retried: bool) -> None:
    """The same question gets the same answer to a wrong key, a long prompt or a refusal."""
    assert is_worth_retrying(error) is retried


def test_statuses_of_overload_and_of_an_absent_origin_pass() -> None:
    """So does a 2xx without a reply: it was meant to hold one."""
    passing = {status for status in range(200, 600) if passes_by_itself(status)}

    assert passing == {*range(200, 300), 408, 429, 500, 502, 503, 504, *range(520, 531)}


@for_each(("retries", "chance", "pause"), [(0, 0.0, 0.0), (0, 1.0, 0.2), (1, 1.0, 0.4), (3, 0.5, 0.8), (9, 1.0, 2.0)])
def test_the_pause_is_all_jitter(retries: int, chance: float, pause: float) -> None:
    """It lies anywhere below a bound that doubles with every retry up to 2 s."""
    assert pause_s(retries, None, chance) == pytest.approx(pause)


def test_the_pause_is_never_shorter_than_the_hint() -> None:
    """The pause obeys the hint."""
    assert pause_s(0, 1.0, 0.5) == 1.0


def test_there_are_three_calls() -> None:
    """Retries and corrections come out of the same three."""
    attempts = attempts_of(25, Clock())

    attempts.begin()
    assert attempts.wait_to_retry(LLMUnreachable())
    attempts.begin()
    assert attempts.has_another()
    attempts.begin()
    assert not attempts.has_another()
    assert not attempts.wait_to_retry(LLMUnreachable())


def test_a_question_that_went_out_twice_leaves_one_call_less() -> None:
    """A proxy that dies of the question has seen it both times."""
    attempts = attempts_of(25, Clock())

    attempts.begin()
    attempts.count_resent()
    assert attempts.has_another()
    attempts.begin()
    assert not attempts.has_another()


def test_the_first_call_leaves_time_for_another() -> None:
    """It ends after 14 s of a full budget; the rest is for the second one."""
    clock = Clock()
    attempts = attempts_of(25, clock)

    assert attempts.begin().remaining() == 14.0
    clock.sleep(14)
    assert attempts.wait_to_retry(LLMTimeout())
    assert attempts.begin().remaining() == pytest.approx(25 - 14 - 0.1)


@pytest.mark.parametrize(
    ("budget_s", "used_s", "another"), [(25, 21.0, True), (25, 21.1, False), (3, 1.5, True), (3, 1.6, False)]
)
def test_another_call_needs_its_time(budget_s: float, used_s: float, *, another: bool) -> None:
    """Four seconds, or half of a budget below eight."""
    clock = Clock()
    attempts = attempts_of(budget_s, clock)
    attempts.begin()

    clock.sleep(used_s)

    assert attempts.has_another() is another


def test_a_wait_that_does_not_fit_is_not_begun() -> None:
    """The caller gets the answer at once and may wait by itself."""
    clock = Clock()
    attempts = attempts_of(25, clock)
    attempts.begin()

    assert not attempts.wait_to_retry(limited(600))
    assert clock.now == 100.0


def test_a_wait_that_fits_is_kept() -> None:
    """A provider that asks for a second gets a second."""
    clock = Clock()
    attempts = attempts_of(25, clock)
    attempts.begin()

    assert attempts.wait_to_retry(limited(1))
    assert clock.now == 101.0


@pytest.mark.parametrize(("left_s", "begins"), [(0.0, False), (0.5, False), (0.74, False), (0.75, True)])
def test_without_time_nothing_is_asked(left_s: float, *, begins: bool) -> None:
    """A call that cannot be answered any more only costs money."""
    attempts = attempts_of(left_s, Clock())

    if begins:
        attempts.begin()
    else:
        with pytest.raises(DeadlineExceeded):
            attempts.begin()
    assert attempts.made == int(begins)


@given(
    budget_s=st.floats(0.75, 27),
    faults=st.lists(
        st.tuples(
            st.floats(0, 30),
            st.one_of(
                st.builds(limited, st.floats(0, 100) | st.none()), st.just(LLMTimeout()), st.just(LLMUnreachable())
            ),
        ),
        min_size=4,
        max_size=4,
    ),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_no_sequence_of_faults_outlasts_the_budget(
    budget_s: float, faults: list[tuple[float, LLMError]], chance: float
) -> None:
    """Calls and waits together end in time, and there are never more than three calls."""
    clock = Clock()
    attempts = attempts_of(budget_s, clock, chance)

    for used_s, fault in faults:
        clock.sleep(min(used_s, attempts.begin().remaining()))
        if not attempts.wait_to_retry(fault):
            break

    assert attempts.made <= MOST_CALLS
    assert clock.now <= 100 + budget_s + 1e-6
