"""How a raw estimate becomes a value that may be used."""

from dataclasses import replace

import pytest

from oo.agent_kit.preferences import is_supported, shrink
from oo.agents.registry import get_agent
from oo.statistics.shrinkage import posterior_mean
from testing.for_each import for_each

PARAM = get_agent("deadline-pressure").manifest.inferred_params[0]


@for_each(("n", "n_eff", "expected"), [(8, 6, True), (7, 99, False), (99, 5.9, False)])
def test_gate_asks_for_both_sizes(n: int, n_eff: float, expected: bool) -> None:  # noqa: FBT001  # a table's column
    """A parameter needs its number of observations and their worth."""
    assert is_supported(PARAM, n, n_eff) is expected


def test_value_is_shrunk_clamped_and_rounded() -> None:
    """The prior draws first, then the range holds, then the step rounds."""
    assert shrink(PARAM, 3.0, 4) == 2.0
    assert shrink(PARAM, 99.0, 400) == 14.0
    assert shrink(PARAM, 3.03, 1e9) == 3.0


def test_small_negative_value_is_plain_zero() -> None:
    """Zero carries no sign."""
    assert str(shrink(replace(PARAM, prior=0, clamp=(-14, 14)), -0.01, 9)) == "0.0"


@for_each(("successes", "failures"), [(0, 0), (3, 7), (60, 0)])
def test_share_is_shrunk_as_under_a_beta_prior(successes: int, failures: int) -> None:
    """With a Beta(2, 2) prior the posterior mean of a share is (2 + successes) / (4 + all)."""
    size = successes + failures

    assert posterior_mean(successes / max(size, 1), size, 0.5, 4) == pytest.approx((2 + successes) / (4 + size))
