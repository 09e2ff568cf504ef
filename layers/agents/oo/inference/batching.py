"""Estimator of how much a user stays in one project between consecutive finished tasks."""

from collections.abc import Iterator
from itertools import pairwise

from oo.agent_kit.manifest import InferredParam
from oo.inference.estimate import Estimate
from oo.inference.history import History
from oo.snapshot.completions import SITTING, TaskCompletion
from oo.statistics.sittings import quarter_hour
from oo.statistics.weighted import decay_weight

# A completion that counts, and its weight.
_Weighted = tuple[TaskCompletion, float]


def batching_lift(evidence: History, param: InferredParam) -> Estimate | None:
    """The rate at which the next completion within four hours is of the same project, relative to chance.

    By chance, two completions share a project as often as the squared shares of all projects add up to, so a user's
    only project gives 1. A completion without a project shares it with none. `n` is the number of pairs. Their weight
    is the evidence, so that shrinking by `shrink_k` toward a `prior` of 1 moves the share of pairs toward chance, as a
    Beta prior of that size would.
    """
    weighted = [(each, decay_weight(age_d, param.half_life_d)) for each, age_d in _one_per_quarter_hour(evidence)]
    chance = _chance(weighted)
    pairs = [
        (one.project_id == other.project_id is not None, weight)
        for (one, _), (other, weight) in pairwise(weighted)
        if other.completed.at - one.completed.at <= SITTING
    ]
    size = sum(weight for _, weight in pairs)
    if not chance or not size:
        return None
    stayed = sum(weight for same, weight in pairs if same)
    return Estimate(stayed / size / chance, len(pairs), size)


def _one_per_quarter_hour(evidence: History) -> Iterator[tuple[TaskCompletion, float]]:
    """Completions with their ages; tasks ticked off together count once, because their order is unknown."""
    last = None
    for each, age_d in zip(evidence.completions, evidence.completion_ages_d(), strict=True):
        quarter = quarter_hour(each.completed)
        if quarter is not None and quarter != last:
            yield each, age_d
            last = quarter


def _chance(weighted: list[_Weighted]) -> float:
    by_project: dict[str, float] = {}
    for each, weight in weighted:
        if each.project_id is not None:
            by_project[each.project_id] = by_project.get(each.project_id, 0.0) + weight
    total = sum(weight for _, weight in weighted)
    return sum((weight / total) ** 2 for weight in by_project.values())
