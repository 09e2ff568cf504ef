"""Whether the agents' sentences are true and reach the user, in weeks of planted users of many kinds.

Every morning, and on every second day at a later hour, all agents infer and compute, and a tip is served without a
model; the planted user gives feedback on it. Judges know the planted world and rate each sentence. Users with one habit
or none are examined for that habit alone over twelve weeks. The variables USERS, WEEKS, SEED, NULLS (users per group)
and COMBINATIONS (of deliveries) change the run; with the defaults it draws docs/truth.svg.
"""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any, NamedTuple

from benchmarks._results import keep
from benchmarks._truth.deliveries import delivery_figures
from benchmarks._truth.figures import Figure, figures
from benchmarks._truth.nulls import Asked, ask, cases, null_figures
from benchmarks._truth.tables import print_agents, print_examples, print_figures, print_tips
from benchmarks._truth.weeks import Moment, moments
from benchmarks._truth.world.habits import Habits
from benchmarks._truth.world.kinds import users
from benchmarks._truth.world.life import live
from commands.program import program, variable
from commands.values import Number

_WRONG = ": false or misleading"


class Run(NamedTuple):
    """The size of a run; `nulls` users in each group of those with one habit or none."""

    users: int = 64
    weeks: int = 8
    seed: int = 1
    nulls: int = 20
    combinations: int = 200


SHORT = Run(users=16, weeks=4, nulls=3, combinations=20)
"""The size of the run in CI."""


@program("bench ONLY=truth")
@variable("USERS", type=Number(1, 100_000), default=Run().users, help="users of many kinds")
@variable("WEEKS", type=Number(1, 520), default=Run().weeks, help="weeks that they live")
@variable("SEED", type=Number(0, 2**32 - 1), default=Run().seed, help="of all that is drawn")
@variable("NULLS", type=Number(1, 10_000), default=Run().nulls, help="users per group with one habit or none")
@variable("COMBINATIONS", type=Number(1, 100_000), default=Run().combinations, help="combinations of deliveries")
def main(**sizes: int) -> None:
    """Print one table, the worst figure first, the most frequent faults, and the agents that reach the prompt."""
    run = Run(**sizes)
    print(f"{run.users} users, {run.weeks} weeks, seed {run.seed}, {run.nulls} users a group with one habit or none")
    found, seen = measure(run)
    print_figures(found)
    print_agents(seen)
    print_examples(seen)
    print_tips(seen)
    if run == Run():
        keep("truth", {"chart": draw(found)})


def draw(found: Sequence[Figure]) -> dict[str, Any]:
    """A chart: sentences that are false or misleading, by agent, the worst first."""
    wrong = [(figure.name.removesuffix(_WRONG), figure) for figure in found if figure.name.endswith(_WRONG)]
    return {
        "file": "truth.svg",
        "title": "False or misleading sentences to planted users",
        "unit": "percent of an agent's sentences (and limit)",
        "decimals": 1,
        "rows": [
            [name, round(100 * (figure.value or 0), 2), f"at most {100 * figure.asked:.0f}"]
            for name, figure in sorted(wrong, key=lambda each: -(each[1].value or 0))
        ],
    }


def measure(run: Run) -> tuple[list[Figure], list[Moment]]:
    """All figures of a run, and the moments on which they are based."""
    with ProcessPoolExecutor() as workers:
        lives = workers.map(partial(_live, run=run), enumerate(users(run.users, run.seed)))
        nulls = workers.map(partial(ask, seed=run.seed), cases(run.nulls), chunksize=4)
        deliveries = workers.submit(_deliveries, run)
        seen = [moment for life in lives for moment in life]
        answers = defaultdict[str, list[Sequence[Asked]]](list)
        for name, asked in nulls:
            answers[name].append(asked)
        return [*figures(seen), *null_figures(answers), *deliveries.result()], seen


def _live(numbered: tuple[int, Habits], run: Run) -> list[Moment]:
    number, habits = numbered
    return list(moments(live(f"user-{number}", habits, run.weeks, run.seed), run.seed))


def _deliveries(run: Run) -> list[Figure]:
    return list(delivery_figures(run.seed, run.combinations))
