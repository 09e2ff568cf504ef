import pytest

from testing.for_each import for_each


@pytest.fixture
def limit() -> int:
    return 3


@for_each("number", range(3))
def test_fixtures_stay_arguments(number: int, limit: int) -> None:
    assert number < limit


def test_a_failure_names_its_input() -> None:
    """The first value that fails ends the loop."""
    seen: list[int] = []

    @for_each("number", range(9))
    def fails_at_two(number: int) -> None:
        seen.append(number)
        assert number < 2

    with pytest.raises(AssertionError) as caught:
        fails_at_two()
    assert caught.value.__notes__[-1] == "number = 2"
    assert seen == [0, 1, 2]
