from benchmarks.spread import spread_of


def test_a_spread_is_the_median_and_the_extremes() -> None:
    """The order of the runs is no matter."""
    assert spread_of([0.7, 0.6, 0.9]) == {"median": 0.7, "least": 0.6, "most": 0.9}
