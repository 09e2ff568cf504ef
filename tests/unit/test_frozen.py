"""Frozen dataclasses behave as the standard library's, but for an assignment, which only the type checker refuses."""

from dataclasses import asdict, dataclass, field, replace

from oo.frozen import frozen


@dataclass(frozen=True)
class Usual:
    """Made by the standard library alone."""

    name: str
    parts: tuple[int, ...] = ()
    cache: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


@frozen
class Ours:
    """The same fields."""

    name: str
    parts: tuple[int, ...] = ()
    cache: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


@frozen
class Other:
    """A class with a field of the same name."""

    name: str


def test_instances_are_equal_by_their_compared_fields() -> None:
    """As the standard library has it, with the same hash for equal ones, and never equal to another class."""
    pairs = [("a", "a"), ("a", "b")]

    assert [Ours(one, cache={"x": 1}) == Ours(other) for one, other in pairs] == [True, False]
    assert [Ours(one) == Ours(other) for one, other in pairs] == [Usual(one) == Usual(other) for one, other in pairs]
    assert len({Ours("a"), Ours("a", cache={"x": 1}), Ours("b")}) == 2
    assert {Ours("a"), Other("a")} != {Ours("a")}


def test_an_instance_shows_its_fields() -> None:
    """In a failed test and in a log."""
    assert repr(Ours("a", (1,), {"x": 1})) == repr(Usual("a", (1,), {"x": 1})).replace("Usual", "Ours")


def test_the_functions_of_dataclasses_work() -> None:
    """`asdict` and `replace` read the fields."""
    assert asdict(Ours("a", (1,))) == {"name": "a", "parts": (1,), "cache": {}}
    assert replace(Ours("a"), name="b") == Ours("b")
