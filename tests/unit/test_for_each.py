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


def test_several_arguments_come_of_each_value() -> None:
    """Decorators stack, as parameters do."""
    seen: list[tuple[str, int, bool]] = []

    @for_each("last", iter([False, True]))
    @for_each(("name", "number"), {"a": 1, "b": 2}.items())
    def sees(name: str, number: int, *, last: bool) -> None:
        seen.append((name, number, last))

    sees()
    assert seen == [("a", 1, False), ("b", 2, False), ("a", 1, True), ("b", 2, True)]
