"""Which profile values are used."""

from oo.snapshot.profile import read_profile
from testing.for_each import for_each


def test_known_finite_values_are_kept_in_range() -> None:
    """Known names with finite numbers are kept, moved into their range; all else is dropped."""
    given = {
        "completion_rate_28d": 0.5,
        "on_time_rate_28d": 7,
        "energy_now": None,
        "stress_now": float("nan"),
        "tenure_d": True,
        "shoe_size": 43,
    }

    assert read_profile(given) == {"completion_rate_28d": 0.5, "on_time_rate_28d": 1.0}


def test_anything_else_is_empty() -> None:
    """A value that is no object is an empty profile."""
    assert read_profile(None) == read_profile([1]) == read_profile("x") == {}


@for_each(
    ("name", "highest"),
    [
        ("completion_rate_28d", 1),
        ("on_time_rate_28d", 1),
        ("mean_daily_done_28d", 100),
        ("tip_accept_rate_28d", 1),
        ("energy_now", 1),
        ("stress_now", 1),
        ("tenure_d", 36_500),
    ],
)
def test_values_stay_in_range(name: str, highest: float) -> None:
    """Each value lies between zero and its highest."""
    assert [read_profile({name: value})[name] for value in (-1, 1e9)] == [0, highest]
