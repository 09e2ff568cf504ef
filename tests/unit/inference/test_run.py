"""How one agent's parameters are learned from one history."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from oo.agent_kit.manifest import InferredParam, Manifest
from oo.agents.registry import all_manifests, get_agent
from oo.inference.estimate import Estimate, Estimator
from oo.inference.estimators import ESTIMATORS
from oo.inference.history import History
from testing.agent_snapshots import changed, learn
from testing.for_each import for_each
from tests.unit.inference.planted_users import (
    NEWEST,
    Row,
    completion_row,
    completions_early_by,
    feedback_row,
    history,
    seeded,
)

DEADLINE = get_agent("deadline-pressure").manifest
PARAM = DEADLINE.inferred_params[0]
TWO_DAYS_EARLY = completions_early_by(seeded(7), 2, 0.3, 40)


def learned(completions: list[Row], manifest: Manifest = DEADLINE) -> dict[str, object]:
    return learn(manifest, history(completions))


def lead_days(completions: list[Row]) -> float:
    return float(str(learned(completions)["lead_days"]))


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.agent_id)
def test_nothing_is_learned_from_nothing(manifest: Manifest) -> None:
    """An empty history gives no parameter."""
    assert learn(manifest, history()) == {}


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.agent_id)
@for_each("garbage", [None, True, -1, "", "soon", float("nan"), 1e300, [], {}, "2026-02-30"])
def test_nothing_is_learned_from_garbage(manifest: Manifest, garbage: object) -> None:
    """Null or garbage in any field, or in place of a list, gives no parameter and raises nothing."""
    events = [feedback_row(garbage, garbage, garbage)] * 30
    completions = [completion_row(garbage, garbage, garbage)] * 30

    assert learn(manifest, history(completions, events)) == {}
    assert learn(manifest, changed(history(), feedback_history=garbage, task_completions=garbage)) == {}


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.agent_id)
def test_only_declared_parameters_are_learned(manifest: Manifest) -> None:
    """The learned parameters are a subset of the manifest's."""
    assert set(learned(TWO_DAYS_EARLY, manifest)) <= {param.key for param in manifest.inferred_params}


@pytest.mark.parametrize(("size", "keys"), [(7, set()), (8, {"lead_days"})])
def test_gate_opens_with_enough_evidence(size: int, keys: set[str]) -> None:
    """Below eight dated completions the parameter is omitted."""
    undated = [completion_row("p", (NEWEST - timedelta(days=n)).isoformat(), None) for n in range(30)]

    assert set(learned([*TWO_DAYS_EARLY[:size], *undated])) == keys


def test_bulk_check_offs_share_their_weight() -> None:
    """Forty tasks ticked off at once, on their date, count less than twelve finished one by one, six days early."""
    ticked = [completion_row(f"p{n}", NEWEST.isoformat(), NEWEST.isoformat()) for n in range(40)]

    assert lead_days([*ticked, *completions_early_by(seeded(5), 6, 0.1, 12)]) > 4


def with_param(**changed: object) -> Manifest:
    return replace(DEADLINE, inferred_params=(replace(PARAM, **changed),))  # type: ignore[arg-type]


def test_more_evidence_moves_away_from_the_prior() -> None:
    """The more there is to see of a head start of six days, the less the prior of one day counts."""
    sizes = (8, 12, 20, 40)
    found = [lead_days(completions_early_by(seeded(3), 6, 0.01, size)) for size in sizes]

    assert found == sorted(found)
    assert 1 < found[0] < found[-1] < 6


def test_order_is_irrelevant() -> None:
    """A shuffled history gives the same."""
    shuffled = seeded(1).sample(TWO_DAYS_EARLY, len(TWO_DAYS_EARLY))

    assert learned(shuffled) == learned(TWO_DAYS_EARLY)


def test_a_history_twice_is_the_same_history() -> None:
    """Rows with an id that are sent again change nothing, however often they come."""
    named: list[Row] = [{"task_id": f"t{number}", **row} for number, row in enumerate(TWO_DAYS_EARLY)]

    assert learned(named * 3) == learned(TWO_DAYS_EARLY)


def test_weeks_later_the_same_is_learned() -> None:
    """A history moved by whole weeks gives the same: being away makes nothing fade."""
    moved = [
        completion_row(each["project_id"], later(each["completed_at"]), later(each["due_at"]))
        for each in TWO_DAYS_EARLY
    ]

    assert learned(moved) == learned(TWO_DAYS_EARLY)


def later(stamp: object) -> str:
    return (datetime.fromisoformat(str(stamp)) - timedelta(weeks=30)).isoformat()


def test_ancient_event_hardly_matters() -> None:
    """One completion older than five half-lives moves the estimate by less than 5% of its range."""
    old = NEWEST - timedelta(days=300)
    ancient = completion_row("p", old.isoformat(), (old + timedelta(days=14)).isoformat())

    assert abs(lead_days([*TWO_DAYS_EARLY, ancient]) - lead_days(TWO_DAYS_EARLY)) < 0.05 * 14


def test_evidence_halves_with_each_half_life() -> None:
    """Habits of two half-lives ago weigh a quarter: twice as many old completions lose against the new ones."""
    old = [dated(90 + n / 10, early_d=8) for n in range(40)]
    new = [dated(n / 10, early_d=2) for n in range(20)]
    without_decay = learn(with_param(half_life_d=None), history([*old, *new]))

    assert lead_days([*old, *new]) < 2.5
    assert float(str(without_decay["lead_days"])) > 7


def dated(age_d: float, early_d: float) -> Row:
    done = NEWEST - timedelta(days=age_d)
    return completion_row(f"p{age_d}", done.isoformat(), (done + timedelta(days=early_d)).isoformat())


def test_the_future_is_cut_off() -> None:
    """Nothing later than the snapshot's moment counts."""
    ahead = [replace_year(each, 2099) for each in TWO_DAYS_EARLY]
    planted = history(TWO_DAYS_EARLY)

    assert learned(ahead) == {}
    assert learn(DEADLINE, changed(planted, now_iso=NEWEST - timedelta(days=90))) == {}
    assert learn(DEADLINE, changed(planted, now_iso=NEWEST)) == learned(TWO_DAYS_EARLY)


def replace_year(each: Row, year: int) -> Row:
    return completion_row(
        each["project_id"], *(str(year) + str(stamp)[4:] for stamp in (each["completed_at"], each["due_at"]))
    )


@for_each(("timezone", "expected"), [("Asia/Tokyo", 0.0), (None, 0.9), ("Nowhere", 0.9)])
def test_dates_are_those_of_the_zone(timezone: object, expected: float) -> None:
    """Whether ten in the evening is the eve of a date depends on the given zone, else on UTC."""
    evenings = [NEWEST.replace(hour=22) - timedelta(days=n) for n in range(1, 30)]
    rows = [completion_row("p", at.isoformat(), f"{at + timedelta(days=1):%Y-%m-%d}") for at in evenings]

    assert learn(with_param(prior=0), changed(history(rows), timezone=timezone)) == {"lead_days": expected}


def failing(_evidence: History, _param: InferredParam) -> Estimate | None:
    message = "quotes a user's task"
    raise RuntimeError(message)


def giving(value: float | list[int]) -> Estimator:
    return lambda _evidence, _param: Estimate(value, 99, 99)


def test_failing_estimator_omits_its_own_key_only(caplog: pytest.LogCaptureFixture) -> None:
    """An estimator that raises costs its own key, and the log names the exception's type, not its text."""
    manifest = replace(DEADLINE, inferred_params=(replace(PARAM, key="horizon_days", estimator="test"), PARAM))
    with caplog.at_level(logging.WARNING):
        found = learn(manifest, history(TWO_DAYS_EARLY), estimators={**ESTIMATORS, "test": failing})

    assert set(found) == {"lead_days"}
    assert [(entry.message, vars(entry)["error_type"]) for entry in caplog.records] == [
        ("inference_param_failed", "RuntimeError")
    ]
    assert "quotes" not in caplog.text


@for_each(
    ("raw", "changed", "expected"),
    [
        (3.14159, {"args": {}}, 3.1),
        (99.0, {"args": {}}, 14.0),
        (-5.0, {"args": {}}, 0.0),
        (8.0, {"args": {"shrink_k": 99}, "prior": 2}, 5.0),
        (8.0, {"args": {"shrink_k": 4}, "prior": None}, 8.0),
        (12.1, {"args": {"modulo": 12}, "clamp": None, "round": 0.5}, 0.0),
        (99.0, {"args": {}, "clamp": None}, None),
        (float("nan"), {"args": {}, "clamp": None, "round": None}, None),
        ([1, 2], {"args": {}}, None),
        (3.6, {"args": {}, "key": "horizon_days", "clamp": (1, 14), "round": 1}, 4),
        (0.2, {"args": {}, "key": "horizon_days", "clamp": None, "round": 1}, None),
    ],
)
def test_raw_values_are_finished(
    raw: float | list[int],
    changed: dict[str, object],
    expected: object,
) -> None:
    """A raw value is shrunk, clamped and rounded, and omitted where the preference would not take it."""
    manifest = with_param(estimator="test", **changed)
    found = learn(manifest, history([]), estimators={"test": giving(raw)})

    assert list(found.values()) == ([] if expected is None else [expected])


def test_agent_without_parameters_learns_nothing() -> None:
    """An agent that declares no parameter learns nothing from any history."""
    assert learned(TWO_DAYS_EARLY, get_agent("quick-win").manifest) == {}


def test_newest_two_thousand_count() -> None:
    """Of more than 2,000 completions the newest count."""
    old = [completion_row("p", stamp(n), (at(n) + timedelta(days=10)).isoformat()) for n in range(2000, 2500)]
    new = [completion_row("p", stamp(n), (at(n) + timedelta(days=2)).isoformat()) for n in range(2000)]

    assert learn(with_param(half_life_d=None), history([*old, *new])) == learn(
        with_param(half_life_d=None), history(new)
    )


def at(number: int) -> datetime:
    return datetime(2026, 6, 1, tzinfo=UTC) - timedelta(minutes=20 * number)


def stamp(number: int) -> str:
    return at(number).isoformat()
