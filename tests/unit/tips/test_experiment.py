"""A user's arm follows from the experiment's name and the user's id alone."""

import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from oo.errors import ConfigError, UnknownPromptVersion
from oo.prompts.versions import DEFAULT_RECOMMEND_VERSION
from oo.tips.experiment import TipExperiment
from testing.for_each import for_each
from tests.unit.tips.fixtures import TIP, Scene, failed, replied

VERSIONS = ("orchestrator-1", "orchestrator-2")
HALVES = "tone-2:orchestrator-1=50,orchestrator-2=50"
SLIDER = "slider-1:slider-25=40,slider-75=60"
IDS = [f"user-{number}" for number in range(100_000)]

PROGRAM = f"""
from oo.tips.experiment import TipExperiment
experiment = TipExperiment.read({HALVES!r}, {VERSIONS!r})
print(",".join(experiment.arm_of(f"user-{{number}}").name for number in range(1000)))
"""


def read(text: str) -> TipExperiment:
    return TipExperiment.read(text, VERSIONS)


@for_each(
    ("user_id", "place", "arm"),
    [
        ("user-1", 0.4491, "orchestrator-1"),
        ("user-2", 0.8295, "orchestrator-2"),
        ("user-3", 0.3256, "orchestrator-1"),
    ],
)
def test_a_place_and_its_arm_are_part_of_the_contract(user_id: str, place: float, arm: str) -> None:
    """Other programs may compute them, and a deployment changes no user's arm."""
    experiment = read(HALVES)

    assert (int(experiment.place_of(user_id) * 10_000) / 10_000, experiment.arm_of(user_id).name) == (place, arm)


def test_an_arm_is_the_first_whose_cumulated_weight_is_beyond_the_place() -> None:
    """In the order written; user-1 stands at 0.4491 and user-3 at 0.3256."""
    found = [
        read(f"tone-2:orchestrator-1={weight},orchestrator-2={100 - weight}").arm_of(user).name[-1]
        for weight in (0, 32, 33, 44, 45, 100)
        for user in ("user-1", "user-3")
    ]

    assert "".join(found) == "22" + "22" + "21" + "21" + "11" + "11"


def test_arms_get_their_share_of_100_000_users() -> None:
    """The shares are right within half a point, for any number of arms."""
    for text, shares in (
        (HALVES, (50, 50)),
        ("slider-1:slider-25=50,slider-75=50", (50, 50)),
        ("s:slider-0=10,slider-50=20,slider-100=70", (10, 20, 70)),
    ):
        experiment = read(text)
        counts = Counter(experiment.arm_of(user).name for user in IDS)

        assert [counts[arm.name] / 1000 for arm in experiment.arms] == pytest.approx(shares, abs=0.5), text


@pytest.mark.parametrize("text", ["tone-2:orchestrator-1=100,orchestrator-2=0", "x:slider-1=0,slider-2=100"])
def test_an_arm_of_weight_0_gets_no_user(text: str) -> None:
    experiment = read(text)

    assert {experiment.arm_of(user).weight for user in IDS} == {100}


@for_each("names", [("tone-1", "tone-2"), ("aaaa", "aaab"), ("x-2026-01", "x-2026-02")])
def test_two_experiments_treat_independent_halves(names: tuple[str, str]) -> None:
    """Phi between names of equal length is below .01, where crc32 has .80."""
    first, second = (read(f"{name}:slider-0=50,slider-1=50") for name in names)
    both = Counter((first.arm_of(user).slider, second.arm_of(user).slider) for user in IDS)
    rows = [both[0, 0] + both[0, 1], both[1, 0] + both[1, 1]]
    columns = [both[0, 0] + both[1, 0], both[0, 1] + both[1, 1]]
    phi = (both[1, 1] * both[0, 0] - both[1, 0] * both[0, 1]) / (rows[0] * rows[1] * columns[0] * columns[1]) ** 0.5

    assert abs(phi) < 0.01


def test_every_process_gives_the_same_arms() -> None:
    """The seed of Python's own hash does not matter."""
    found = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
            timeout=60,
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(found) == 1
    assert Counter(found.pop().strip().split(",")).keys() == set(VERSIONS)


def test_the_setting_is_read_as_it_is_written() -> None:
    experiment = read("slider-1:slider-0=7,slider-9=3,slider-10=0,slider-100=90")

    assert experiment.name == "slider-1"
    assert [(arm.name, arm.propensity, arm.slider) for arm in experiment.arms] == [
        ("slider-0", 0.07, 0),
        ("slider-9", 0.03, 9),
        ("slider-10", 0, 10),
        ("slider-100", 0.9, 100),
    ]
    assert (experiment.is_of_slider, read(HALVES).is_of_slider) == (True, False)


@for_each(
    ("text", "why"),
    [
        ("tone-2", "NAME:ARM=WEIGHT"),
        (":slider-0=50,slider-1=50", "NAME:ARM=WEIGHT"),
        ("Tone:slider-0=50,slider-1=50", "NAME:ARM=WEIGHT"),
        ("tone_2:slider-0=50,slider-1=50", "NAME:ARM=WEIGHT"),
        (" tone:slider-0=50,slider-1=50", "NAME:ARM=WEIGHT"),
        (f"{'x' * 33}:slider-0=50,slider-1=50", "NAME:ARM=WEIGHT"),
        ("töne:slider-0=50,slider-1=50", "NAME:ARM=WEIGHT"),
        ("t:", "an arm is no prompt version"),
        ("t:slider-0=50,", "an arm is no prompt version"),
        ("t:slider-0=50, slider-1=50", "an arm is no prompt version"),
        ("t:orchestrator-9=50,orchestrator-1=50", "an arm is no prompt version"),
        ("t:v2-grounded=50,orchestrator-1=50", "an arm is no prompt version"),
        ("t:slider-101=50,slider-1=50", "an arm is no prompt version"),
        ("t:slider-01=50,slider-1=50", "an arm is no prompt version"),
        ("t:slider--1=50,slider-1=50", "an arm is no prompt version"),
        ("t:slider-\u0663=50,slider-1=50", "an arm is no prompt version"),
        ("t:slider-0=50=50,slider-1=50", "an arm is no prompt version"),
        ("t:slider-0,slider-1=100", "an arm is no prompt version"),
        ("t:slider-0=,slider-1=100", "a weight is no whole number"),
        ("t:slider-0=-50,slider-1=150", "a weight is no whole number"),
        ("t:slider-0=+50,slider-1=50", "a weight is no whole number"),
        ("t:slider-0=50.0,slider-1=50", "a weight is no whole number"),
        ("t:slider-0=5_0,slider-1=50", "a weight is no whole number"),
        ("t:slider-0=050,slider-1=50", "a weight is no whole number"),
        ("t:slider-0=\u0665\u0660,slider-1=50", "a weight is no whole number"),
        ("t:slider-0=50,slider-1=50\n", "a weight is no whole number"),
        ("t:slider-0=100", "two arms"),
        ("t:slider-0=50,slider-0=50", "an arm twice"),
        ("t:slider-0=50,orchestrator-1=50", "not both"),
        ("t:slider-0=50,slider-1=40", "do not sum to 100"),
        ("t:slider-0=50,slider-1=51", "do not sum to 100"),
        ("t:slider-0=0,slider-1=0", "do not sum to 100"),
    ],
)
def test_anything_else_is_an_error_that_names_the_variable_and_not_its_value(text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=r"^Unusable setting: EXPERIMENT \(.*" + why) as caught:
        read(text)

    assert text.partition(":")[2] not in str(caught.value) or not text.partition(":")[2]


@pytest.mark.parametrize(("user_id", "version"), [("user-1", "orchestrator-1"), ("user-2", "orchestrator-2")])
def test_an_arm_is_the_version_of_the_prompt(user_id: str, version: str) -> None:
    """Receipt, log line and trace name experiment and arm; the same user has the same arm each time."""
    for _ in range(3):
        scene = Scene(replied(TIP))
        receipt = scene.recommend(experiment=read(HALVES), user_id=user_id).receipt
        line = scene.event("recommend_served")

        assert (receipt.prompt_version, receipt.experiment) == (
            version,
            {"name": "tone-2", "arm": version},
        )
        assert (line["experiment"], line["arm"], line["propensity"]) == ("tone-2", version, 0.5)
        assert line["control"] == "orchestrator-1"
        assert scene.trace.tags == scene.trace.tags | {
            "experiment": "tone-2",
            "arm": version,
            "propensity": "0.5",
            "control": "orchestrator-1",
            "attempts": "1",
            "prompt.version": version,
        }


def test_an_arm_is_the_setting_of_the_slider() -> None:
    """It is the one that the tip is made with, in the prompt of the default version."""
    experiment = read(SLIDER)
    for user_id in IDS[:8]:
        slider = experiment.arm_of(user_id).slider
        scene, same = Scene(replied(TIP)), Scene(replied(TIP))
        receipt = scene.recommend(experiment=experiment, user_id=user_id).receipt
        same.recommend(user_id=user_id, science_destiny=slider)

        assert scene.conversations == same.conversations
        assert scene.spans("recommend")[0].inputs["science_destiny"] == slider
        assert scene.event("recommend_served")["slider"] == slider
        assert receipt.prompt_version == DEFAULT_RECOMMEND_VERSION
        assert scene.event("recommend_served")["propensity"] == {25: 0.4, 75: 0.6}[slider or 0]
    assert {experiment.arm_of(user).slider for user in IDS[:8]} == {25, 75}


@for_each(
    ("setting", "body", "has_arm"),
    [
        (HALVES, {"prompt_version": "orchestrator-1"}, False),
        (HALVES, {"prompt_version": "orchestrator-2"}, False),
        (HALVES, {"prompt_version": None}, True),
        (HALVES, {"science_destiny": 10}, True),
        (SLIDER, {"science_destiny": 50}, False),
        (SLIDER, {"science_destiny": 25}, False),
        (SLIDER, {"science_destiny": None}, True),
        (SLIDER, {"prompt_version": "orchestrator-1"}, False),
        (SLIDER, {}, True),
    ],
)
def test_a_request_may_choose_for_itself(setting: str, body: dict[str, Any], *, has_arm: bool) -> None:
    """Then it is outside the arms, and its own choice is used; null is no choice."""
    scene, same = Scene(replied(TIP)), Scene(replied(TIP))
    receipt = scene.recommend(experiment=read(setting), **body).receipt
    same.recommend(**body)
    line, shown = scene.event("recommend_served"), receipt.experiment

    assert shown is not None
    assert (shown["arm"] is not None, "arm" in scene.trace.tags) == (has_arm, has_arm)
    assert (shown["name"], scene.trace.tags["experiment"]) == (setting.partition(":")[0],) * 2
    assert (line["experiment"], line.get("arm"), "propensity" not in line) == (shown["name"], shown["arm"], not has_arm)
    assert has_arm or scene.conversations == same.conversations


def test_without_an_experiment_nothing_names_one() -> None:
    scene = Scene(replied(TIP))
    receipt = scene.recommend().receipt
    line = scene.event("recommend_served")

    assert receipt.experiment is None
    assert {"experiment", "arm", "propensity", "control"} & line.keys() == set()
    assert {"experiment", "arm", "propensity", "control", "attempts"} & scene.trace.tags.keys() == set()


def test_an_unknown_version_is_one_in_an_experiment_too() -> None:
    with pytest.raises(UnknownPromptVersion):
        Scene(replied(TIP)).recommend(experiment=read(HALVES), prompt_version="nonsense")


def test_a_template_tip_counts_in_its_arm() -> None:
    """A model that fails more often with one prompt is a difference between the arms."""
    scene = Scene(failed(500))
    receipt = scene.recommend(experiment=read(HALVES), template_fallback=True, user_id="user-2").receipt

    assert (receipt.degraded_reason, receipt.experiment) == (
        "llm_upstream_error",
        {"name": "tone-2", "arm": "orchestrator-2"},
    )
    assert scene.trace.tags["attempts"] == str(receipt.attempts) == "3"
