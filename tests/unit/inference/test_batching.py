"""Staying in one project is learned where it was planted, and nowhere else."""

from datetime import timedelta

import pytest

from oo.agents.registry import get_agent
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import learn
from testing.seeds import SLACK
from tests.unit.inference.planted_habits import completion, in_projects, share
from tests.unit.inference.planted_users import NEWEST, Row, completion_row, history

MANIFEST = get_agent("project-focus").manifest


def lift(history: ComputeRequest) -> float:
    """The learned value; 1, which is chance, where none is learned."""
    return float(str(learn(MANIFEST, history).get("batching_lift", 1)))


def lift_of(*completions: Row) -> object:
    return learn(MANIFEST, history(completions)).get("batching_lift")


def in_turn(*projects: object, apart: timedelta = timedelta(hours=1)) -> list[Row]:
    return [completion(NEWEST - number * apart, project) for number, project in enumerate(projects)]


@pytest.mark.all_seeds
@pytest.mark.parametrize(("pairs", "least"), [(30, 0.8), (60, 0.96)])
def test_staying_is_found(pairs: int, least: float) -> None:
    """A user who stays in one of four projects four times out of five is distinguished from chance."""
    assert share(lambda random: lift(in_projects(random, pairs, 0.8)) >= 1.5) >= least - SLACK


@pytest.mark.all_seeds
@pytest.mark.parametrize("pairs", [30, 60])
def test_chance_is_not_staying(pairs: int) -> None:
    """Among four projects picked by chance at most 3% of users seem to stay."""
    assert share(lambda random: lift(in_projects(random, pairs, 0)) >= 1.5) <= 0.03 + SLACK


def test_single_project_is_chance() -> None:
    """A user's only project is stayed in as often as chance has it."""
    assert lift_of(*in_turn(*["p"] * 40)) == 1


def test_staying_is_counted_against_chance() -> None:
    """Of 39 pairs all but one stay, where chance keeps every other one; four pairs' weight pulls toward chance."""
    found = float(str(lift_of(*in_turn(*["a"] * 20, *["b"] * 20))))

    assert found == pytest.approx((39 * (38 / 39) / 0.5 + 4) / 43, abs=0.02)


@pytest.mark.parametrize(("size", "is_known"), [(15, False), (16, True)])
def test_fifteen_pairs_are_needed(size: int, *, is_known: bool) -> None:
    """Sixteen completions in a row are fifteen pairs."""
    assert (lift_of(*in_turn(*["a", "b"] * 8)[:size]) is not None) is is_known


@pytest.mark.parametrize(("hours", "is_known"), [(4, True), (4.01, False)])
def test_pairs_lie_within_four_hours(hours: float, *, is_known: bool) -> None:
    """Completions further apart than four hours are no pair."""
    rows = in_turn(*["a", "b"] * 20, apart=timedelta(hours=hours))

    assert (lift_of(*rows) is not None) is is_known


def test_no_project_is_not_one_project() -> None:
    """Completions without a project never follow one of their own."""
    rows = in_turn(*["a", None, None, None] * 10)

    assert lift_of(*rows) == pytest.approx(0.1, abs=0.02)
    assert lift_of(*in_turn(*[None] * 40)) is None


def test_number_and_text_name_the_same_project() -> None:
    """A project's id may be a number or the same digits as text."""
    assert lift_of(*in_turn(*[7, "7"] * 20)) == 1


def test_ticked_off_together_counts_once() -> None:
    """A list ticked off within one quarter of an hour is one completion, not a run of staying."""
    bulk = [completion(NEWEST + timedelta(seconds=n), "a", f"2026-07-01T00:00:{n:02}") for n in range(40)]

    assert lift_of(*bulk) is None
    assert lift_of(*bulk, *in_turn(*["b", "a"] * 20)) == lift_of(*bulk[:1], *in_turn(*["b", "a"] * 20))


def test_bare_dates_are_in_no_pair() -> None:
    """A completion of which only the date is known follows nothing."""
    rows = [completion_row("a", f"2026-06-{day:02}", None) for day in range(1, 17)]

    assert lift_of(*rows) is None
