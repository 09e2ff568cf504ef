import pytest

from oo.deadline import Deadline, budget_s


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("lambda_s", "gateway_s", "setting_s", "expected"),
    [
        pytest.param(35, 0, 25, 25, id="the setting is the smallest"),
        pytest.param(11.5, 0, 25, 10, id="Lambda's time less the reserve is"),
        pytest.param(35, 20, 25, 8, id="a cold start has eaten the gateway's time"),
        pytest.param(35, None, 25, 25, id="no gateway"),
        pytest.param(35, -60, 25, 25, id="the gateway's clock is a minute ahead: no evidence"),
        pytest.param(35, 3600, 25, 25, id="an event from a file: no evidence"),
        pytest.param(35, 29, 25, 0, id="the gateway has almost given up"),
        pytest.param(35, 1, 25, 24, id="a start counts towards the setting"),
        pytest.param(35, 1, 3, 2, id="towards a short one too"),
        pytest.param(35, 2, 3, 1, id="until one short call is left"),
        pytest.param(35, 2.5, 3, 1, id="which is then made all the same"),
        pytest.param(35, 2.5, 0.8, 0.8, id="a setting that is no longer than that stays whole"),
        pytest.param(35, 3, 25, 22, id="as much as the gateway leaves beside the default"),
        pytest.param(35, 5, 25, 22, id="the rest of a long start is the gateway's"),
        pytest.param(35, -10, 25, 25, id="a clock that is behind gives no time"),
        pytest.param(35, -16, 3, 3, id="beyond the largest skew"),
        pytest.param(1, 0, 25, 0, id="less than the reserve is left"),
    ],
)
def test_the_smallest_limit_counts(lambda_s: float, gateway_s: float | None, setting_s: float, expected: float) -> None:
    assert expected == budget_s(lambda_remaining_s=lambda_s, gateway_elapsed_s=gateway_s, llm_budget_s=setting_s)


def test_time_left_is_never_negative() -> None:
    """A deadline in the past leaves nothing."""
    clock = Clock()
    deadline = Deadline.after(2, clock)

    assert deadline.remaining() == 2
    clock.now += 5
    assert deadline.remaining() == 0


def test_a_part_of_the_time_ends_with_the_whole() -> None:
    """A wait inside a deadline is cut to it."""
    deadline = Deadline.after(2, Clock())

    assert deadline.within(1).remaining() == 1
    assert deadline.within(60).remaining() == 2
