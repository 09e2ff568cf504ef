"""The versions that ask for candidates."""

import dataclasses
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from oo.bootstrap.settings import Settings
from oo.contract.tips import GenerateContext
from oo.prompts import versions
from oo.prompts.versions import (
    DEFAULT_RECOMMEND_VERSION,
    DEFAULT_VERSION,
    RECOMMEND_VERSIONS,
    VERSIONS,
    get_orchestrator,
    get_prompt,
)
from oo.snapshot.clock import clock_at
from testing.for_each import for_each
from testing.tip_prompts import build
from tests.unit.prompts.reading import rows_with
from tools.prompts.morning import MORNING, NOW, TASKS

PROFILE = {"on_time_rate_28d": 0.93, "energy_now": None, "unknown": 0.5}
CONTEXT: dict[str, Any] = {
    "tasks": TASKS,
    "hour_of_day": 9,
    "day_of_week": 1,
    "extra": {"weather": "rain"},
    "profile_features": PROFILE,
}
FIVE = ("v1-baseline", "v2-grounded", "v3-profile", "v4-diverse", "v5-lean")


def test_the_released_versions() -> None:
    """The names are the public ones; each has a module, and each module of a version is released."""
    folder = Path(versions.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "orchestrator", "prompt"}

    assert VERSIONS[:5] == FIVE
    assert RECOMMEND_VERSIONS[:2] == ("orchestrator-1", "orchestrator-2")
    assert {version.replace("-", "_") for version in (*VERSIONS, *RECOMMEND_VERSIONS)} == modules


@pytest.mark.parametrize("version", VERSIONS)
def test_version_is_found_by_its_name(version: str) -> None:
    """A prompt knows the name it was asked for by."""
    assert version == get_prompt(version).version == get_prompt(version).build(CONTEXT, 3).version


@pytest.mark.parametrize("version", RECOMMEND_VERSIONS)
def test_version_of_one_tip_is_found_by_its_name(version: str) -> None:
    """A prompt knows the name it was asked for by."""
    assert version == get_orchestrator(version).version == build(**MORNING, version=version).version


def test_none_means_the_default() -> None:
    """Without a name the default is taken, the caller's where it gives one."""
    assert get_prompt(None).version == DEFAULT_VERSION == Settings().default_prompt_version
    assert get_prompt(None, default="v5-lean").version == "v5-lean"
    assert get_prompt("v3-profile", default="v5-lean").version == "v3-profile"
    assert get_orchestrator(None).version == DEFAULT_RECOMMEND_VERSION == Settings().default_recommend_version
    assert get_orchestrator(None, default="orchestrator-1").version == "orchestrator-1"
    assert get_orchestrator("orchestrator-2", default="orchestrator-1").version == "orchestrator-2"


@pytest.mark.parametrize("version", ["", "v0", "V2-GROUNDED", "v2-grounded ", "prompt", *RECOMMEND_VERSIONS])
def test_unknown_version_is_a_key_error(version: str) -> None:
    """There is no version but the released ones, also as a default; those of one tip are none of the candidates'."""
    with pytest.raises(KeyError):
        get_prompt(version)
    with pytest.raises(KeyError):
        get_prompt(None, default=version)


@pytest.mark.parametrize(
    "version", ["", "orchestrator", "orchestrator-0", "orchestrator_2", "Orchestrator-2", *VERSIONS]
)
def test_unknown_version_of_one_tip_is_a_key_error(version: str) -> None:
    """There is no version but the released ones, also as a default; those of the candidates are none of one tip."""
    with pytest.raises(KeyError):
        get_orchestrator(version)
    with pytest.raises(KeyError):
        get_orchestrator(None, default=version)


def test_prompt_does_not_change() -> None:
    """A released prompt's parts cannot be set, nor does it hold anything that can be changed."""
    released = [*map(get_prompt, VERSIONS), *map(get_orchestrator, RECOMMEND_VERSIONS)]
    for prompt in released:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(prompt, "system", "other")  # noqa: B010  # as a caller would who does not know its type
    assert len(set(released)) == len(released)


@for_each("setting", range(0, 101, 25))
def test_versions_of_one_tip_put_the_same_choice_into_words(setting: int) -> None:
    """Notes, tasks and recent tips are the service's choice; system text, block and closing line are a version's."""
    first, second, *_ = prompts = [
        build(**MORNING, science_destiny=setting, version=version) for version in RECOMMEND_VERSIONS
    ]

    for prompt in prompts:
        assert (prompt.refs, prompt.dropped, prompt.snippets) == (first.refs, first.dropped, first.snippets)
        assert prompt.delivery == first.delivery
    assert first.system != second.system
    assert first.user != second.user


@pytest.mark.parametrize(("version", "told"), [("orchestrator-1", False), ("orchestrator-2", True)])
def test_bounds_stand_on_a_line_or_in_the_note(version: str, told: bool) -> None:  # noqa: FBT001  # a parameter of the case
    """The first version has the note about delivery in its block, and no line of bounds."""
    user = build(**MORNING, version=version).user

    assert ("Delivery: {" in user, "tip-receptivity" in user) == (told, not told)


@pytest.mark.parametrize("version", RECOMMEND_VERSIONS)
def test_every_version_of_one_tip_asks_for_the_callers_language(version: str) -> None:
    """By its name, for titles in any language."""
    assert "in German" in build(**MORNING, version=version, locale="de-AT").user


@pytest.mark.parametrize("version", RECOMMEND_VERSIONS)
def test_no_place_of_a_system_message_stays_empty(version: str) -> None:
    """At every setting, and with a tone that the user has set."""
    toned = {"agent_id": "tip-receptivity", "prompt_text": "[advice|2] Fact: a limit. Move: in a calm tone."}
    for setting in range(101):
        for outputs in ([], [toned]):
            system = build(**MORNING | {"agent_outputs": outputs}, science_destiny=setting, version=version).system
            assert not re.search(r"\{[a-z_]*\}", system), setting


@for_each("n", [1, 3, 20])
@for_each("version", VERSIONS)
def test_n_is_asked_for_as_an_object_with_candidates(version: str, n: int) -> None:
    """The user message ends with the number and the shape of the answer."""
    closing = get_prompt(version).build(CONTEXT, n).user.split("\n")[-1]

    assert [str(n)] == [word for word in closing.split() if word.isdigit()]
    assert '{"candidates":[{"' in closing


@for_each("version", VERSIONS)
@for_each(
    "context",
    [
        None,
        {},
        GenerateContext(),
        {"tasks": None, "hour_of_day": None, "extra": None, "profile_features": None},
        {"tasks": "none", "hour_of_day": 99, "day_of_week": -1, "extra": [], "profile_features": 7},
        {"tasks": [None, 3, {}, {"title": None}], "profile_features": {"energy_now": None, "stress_now": None}},
    ],
)
def test_empty_context_asks_for_general_tips(context: object, version: str) -> None:
    """A context that says nothing is survived, and says nothing of an hour."""
    prompt = get_prompt(version).build(context, 2)

    assert prompt.refs == ()
    assert 'general tips of kind "advice"' in prompt.user
    assert "Now:" not in prompt.user
    assert '"profile"' not in prompt.user


@pytest.mark.parametrize("version", VERSIONS)
def test_every_kind_of_context_reads_the_same(version: str) -> None:
    """A mapping, the contract's type and any object with its fields say the same."""
    prompt = get_prompt(version)
    expected = prompt.build(CONTEXT, 3, clock=clock_at(NOW, NOW.tzinfo))

    assert expected == prompt.build(GenerateContext.model_validate(CONTEXT), 3, clock=clock_at(NOW, NOW.tzinfo))
    assert expected == prompt.build(SimpleNamespace(**CONTEXT), 3, clock=clock_at(NOW, NOW.tzinfo))


@pytest.mark.parametrize("version", VERSIONS)
def test_default_hour_is_nobodys(version: str) -> None:
    """An hour and a weekday that the caller left out stay out, one that it sent comes in."""
    prompt = get_prompt(version)

    assert "Now:" not in prompt.build(GenerateContext(tasks=TASKS), 3).user
    assert "Now: Monday, afternoon (12h)" in prompt.build(GenerateContext(hour_of_day=12, day_of_week=0), 3).user


@pytest.mark.parametrize("version", VERSIONS)
def test_build_user_is_the_user_message(version: str) -> None:
    """Both ways to build say the same."""
    prompt = get_prompt(version)

    assert prompt.build(CONTEXT, 3).user == prompt.build(CONTEXT, 3).user


@pytest.mark.parametrize(("version", "told"), [(version, version == "v3-profile") for version in FIVE])
def test_only_v3_tells_the_profile(version: str, *, told: bool) -> None:
    """v3 tells known values in words; no version tells their digits or unknown names."""
    user = get_prompt(version).build(CONTEXT, 3).user

    assert told == ("finishes most dated tasks on time" in user)
    assert "0.93" not in user
    assert "unknown" not in user


def test_callers_profile_goes_over_the_contexts() -> None:
    """A profile beside the context wins, value by value."""
    prompt = get_prompt("v3-profile")
    user = prompt.build(CONTEXT, 3, profile={"on_time_rate_28d": 0.1, "energy_now": 0.9}).user

    assert [row["profile"] for row in rows_with(user, "profile")] == [
        "finishes a few dated tasks on time",
        "full of energy now",
    ]


@pytest.mark.parametrize(("version", "offered"), [(version, 8 if version == "v5-lean" else 20) for version in FIVE])
def test_tasks_on_offer(version: str, offered: int) -> None:
    """Twenty tasks are offered at most, eight by the lean version."""
    tasks = [{"id": str(number), "title": f"Task {number}"} for number in range(30)]

    assert offered == len(get_prompt(version).build({"tasks": tasks}, 3).refs)


@pytest.mark.parametrize("version", VERSIONS)
def test_withheld_task_is_not_offered(version: str) -> None:
    """No version mentions a task whose title may mention self-harm."""
    tasks = [{"id": "a", "title": "end my life"}, {"id": "b", "title": "Water plants"}]
    prompt = get_prompt(version).build({"tasks": tasks}, 3)

    assert "end my life" not in prompt.user
    assert [ref.task.id for ref in prompt.refs] == ["b"]


def test_baseline_lists_titles_as_text() -> None:
    """v1 has no block, and so no boundary."""
    prompt = get_prompt("v1-baseline").build({"tasks": TASKS[:2], "hour_of_day": 9}, 3)

    assert "DATA" not in prompt.user
    assert prompt.boundary == ""
    assert prompt.user.startswith("Now: morning (09h)\nOpen tasks:\n- Send the invoice\n- Write proposal\n")


def test_extras_are_told_by_the_versions_with_room() -> None:
    """A caller's additions are data lines, but for the baseline and the lean version."""
    told = [version for version in FIVE if "rain" in get_prompt(version).build(CONTEXT, 3).user]

    assert told == ["v2-grounded", "v3-profile", "v4-diverse"]


def test_lean_rules_are_short() -> None:
    """v5's rules fit into 180 tokens, at four characters each."""
    assert len(get_prompt("v5-lean").system) <= 4 * 180


def test_diverse_asks_for_different_kinds_and_tasks() -> None:
    """v4 is v2 with one rule more."""
    diverse, grounded = get_prompt("v4-diverse").system.split("\n"), get_prompt("v2-grounded").system.split("\n")
    (rule,) = [line for line in diverse if line not in grounded]

    assert "kind" in rule
    assert "task" in rule


def test_titles_are_those_of_the_refs() -> None:
    """A reply may repeat the offered titles, as given, as displayed and as shown."""
    prompt = build(agent_outputs=[], tasks=[{"id": "a", "title": "See www.example.org"}, {"id": "b", "title": "Go"}])

    assert prompt.titles == ("Go", "See www.example.org", "See example.org")
