"""Choice among near equals, which alternates by day."""

from binascii import crc32
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from oo.frozen import frozen
from oo.snapshot.tasks import Task, tie_order

_Wording = TypeVar("_Wording")

# Candidates that reach this share of the best score count as its equals.
NEAR_SHARE = 0.9
TOLERANCE = 1e-9


@frozen
class Scored:
    """A candidate with its score; larger is better."""

    task: Task
    score: float


def by_score(candidates: Sequence[Scored]) -> list[Scored]:
    """Best first; ties by earlier due date, then age, then id."""
    return sorted(candidates, key=lambda candidate: (-candidate.score, *tie_order(candidate.task)))


def near_best(candidates: Sequence[Scored]) -> list[Scored]:
    """The best and its near equals, best first."""
    best = max((each.score for each in candidates), default=0.0)
    return by_score([each for each in candidates if each.score >= NEAR_SHARE * best - TOLERANCE])


def rotation_index(user_id: str, agent_id: str, today: date, size: int) -> int:
    """Index among `size`, which advances by one each local day, so that two consecutive days differ.

    CRC-32 spreads users over the cycle and, unlike the built-in hash, is the same in every process.
    """
    name = f"{user_id}|{agent_id}".encode("utf-8", "surrogatepass")
    return (crc32(name) + today.toordinal()) % size


def in_turn(user_id: str, agent_id: str, today: date, wordings: Sequence[_Wording]) -> _Wording:
    """Today's wording; the wordings of two consecutive days differ, without stored state."""
    return wordings[rotation_index(user_id, agent_id, today, len(wordings))]


def choose(candidates: Sequence[Scored], user_id: str, agent_id: str, today: date) -> Task:
    """Today's choice among the near best of a non-empty sequence."""
    near = near_best(candidates)
    return near[rotation_index(user_id, agent_id, today, len(near))].task
