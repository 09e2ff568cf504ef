"""What momentum says about weeks that were planted busier, lighter or no different."""

from datetime import timedelta
from random import Random

from testing.agent_snapshots import ask, snapshot
from testing.seeds import SLACK
from tests.unit.inference.planted_habits import share
from tests.unit.inference.planted_users import NEWEST, poisson

USUAL = 4


def said(random: Random, last_week: float) -> str:
    """The kind of line for a pace that was the usual one for four weeks, and another one for seven days."""
    completions = [
        {"completed_at": (NEWEST - timedelta(days=age, minutes=20 * number)).isoformat()}
        for age in range(1, 36)
        for number in range(poisson(random, last_week if age <= 7 else USUAL))
    ]
    output = ask("momentum", snapshot(completions=completions, now=NEWEST))
    return output.prompt_text[1:].partition("|")[0]


def test_doubled_pace_is_found() -> None:
    """Of users whose pace doubles at least 90% are told of a busier week, none of a lighter one."""
    assert share(lambda random: said(random, 2 * USUAL) == "rest") >= 0.9 - SLACK
    assert share(lambda random: said(random, 2 * USUAL) == "shrink") == 0


def test_halved_pace_is_found() -> None:
    """Of users whose pace is halved at least 70% are told of a lighter week, none of a busier one."""
    assert share(lambda random: said(random, USUAL / 2) == "shrink") >= 0.7 - SLACK
    assert share(lambda random: said(random, USUAL / 2) == "rest") == 0


def test_steady_pace_is_left_alone() -> None:
    """Of users with a steady pace at most 10% are told of a change."""
    assert share(lambda random: said(random, USUAL) != "") <= 0.1 + SLACK
