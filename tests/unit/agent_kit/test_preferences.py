"""How preferences are declared and read."""

from dataclasses import replace

from oo.agent_kit.preferences import accepts, choice, decimal, flag, read_preferences, text_list, whole_number
from oo.agents.registry import get_agent
from testing.for_each import for_each

WHOLE = whole_number("Title", "Text.", 1, 14, default=7)
DECIMAL = decimal("Title", "Text.", 0, 14)
FLAG = flag("Title", "Text.", default=True)
TEXTS = text_list("Title", "Text.", default=["someday"])


@for_each(
    ("given", "expected"),
    [
        (3, 3),
        (3.0, 3),
        (0, 1),
        (99, 14),
        (3.5, 7),
        ("3", 7),
        (True, 7),
        (None, 7),
        (float("nan"), 7),
        (float("inf"), 7),
        ([], 7),
    ],
)
def test_numbers_are_clamped_and_wrong_types_default(given: object, expected: int) -> None:
    """A number is clamped to its range; null and anything but a whole number give the default."""
    preferences = read_preferences(get_agent("deadline-pressure").manifest, {"horizon_days": given})

    assert preferences.values["horizon_days"] == expected


@for_each("given", [None, 7, "text", [1]])
def test_no_object_is_no_preference(given: object) -> None:
    """Anything but an object counts as empty."""
    manifest = get_agent("deadline-pressure").manifest

    assert read_preferences(manifest, given) == read_preferences(manifest, {})


def test_unset_without_a_default_is_none() -> None:
    """A preference without a default is None until it is set."""
    manifest = get_agent("workload-balance").manifest

    assert read_preferences(manifest, {}).optional_number("daily_capacity_n") is None
    assert read_preferences(manifest, {"daily_capacity_n": 4}).optional_number("daily_capacity_n") == 4


def test_only_known_keys_and_sources_are_kept() -> None:
    """Undeclared keys are dropped; a source is `user` or `inferred`, of a declared key."""
    given = {"lead_days": 2, "other": 1, "_sources": {"lead_days": "inferred", "other": "user", "enabled": "x"}}
    preferences = read_preferences(get_agent("deadline-pressure").manifest, given)

    assert "other" not in preferences.values
    assert preferences.sources == {"lead_days": "inferred"}


@for_each(
    ("given", "expected"),
    [(["a", "b"], ["a", "b"]), (["a", "a"], ["a"]), ([], []), (["a", 1], ["someday"]), ("a", ["someday"])],
)
def test_lists_are_taken_whole_or_not_at_all(given: object, expected: list[str]) -> None:
    """A list with an item of the wrong type gives the default; repetitions are dropped."""
    preferences = read_preferences(get_agent("stale-task").manifest, {"exclude_tags": given})

    assert preferences.texts("exclude_tags") == expected


@for_each(
    ("schema", "value", "accepted"),
    [
        (WHOLE, 1, True),
        (WHOLE, 14.0, True),
        (WHOLE, 15, False),
        (WHOLE, 1.5, False),
        (WHOLE, True, False),
        (WHOLE, None, False),
        (DECIMAL, 0, True),
        (DECIMAL, 14.1, False),
        (DECIMAL, float("nan"), False),
        (FLAG, False, True),
        (FLAG, 0, False),
        (TEXTS, ["a"], True),
        (TEXTS, ["a", "a"], False),
        (TEXTS, ["x" * 65], False),
        ({"type": "string", "enum": ["plain", "warm"]}, "warm", True),
        ({"type": "string", "enum": ["plain", "warm"]}, "cold", False),
    ],
)
def test_accepting_takes_no_liberties(schema: dict[str, object], value: object, *, accepted: bool) -> None:
    """A value is accepted only as it stands, without clamping or defaults."""
    assert accepts(schema, value) is accepted


@for_each(
    ("given", "expected"),
    [
        ([0, 6], [0, 6]),
        ([6, 6, 5], [6, 5]),
        ([7], []),
        ([-1, 3], []),
        ([True], []),
        (["1"], []),
        ([1.5], []),
        (list(range(7)) * 2, []),
        (None, []),
        (5, []),
    ],
)
def test_lists_of_whole_numbers_hold_nothing_else(given: object, expected: list[int]) -> None:
    """A list is taken as a whole, without repetitions, or it is empty."""
    preferences = read_preferences(get_agent("momentum").manifest, {"rest_days": given})

    assert list(preferences.whole_numbers("rest_days")) == expected


@for_each(("value", "expected"), [("loud", "loud"), ("shrill", "calm"), (7, "calm"), (None, "calm")])
def test_choice_is_one_of_its_words(value: object, expected: str) -> None:
    """Anything but one of the listed words gives the default."""
    voice = choice("Title", "Text.", ("calm", "loud"), default="calm")
    manifest = replace(get_agent("quick-win").manifest, prefs_schema={"properties": {"voice": voice}})

    assert read_preferences(manifest, {"voice": value}).text("voice") == expected
