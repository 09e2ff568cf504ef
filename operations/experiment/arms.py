"""The arms of an experiment: their users' scores, and the guardrails."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from oo.snapshot.feedback import strongest, worth
from operations.experiment.arm_statistics import NO_SCORES, Scores
from operations.experiment.served_tips import Record, ServedTip, TipFeedback

_DIGITS = re.compile(r"(\d+)")


@dataclass(slots=True)
class Mean:
    """The mean of the known values."""

    total: float = 0.0
    count: int = 0

    def add(self, value: float | None) -> None:
        """Count a value."""
        if value is not None:
            self.total += value
            self.count += 1

    @property
    def value(self) -> float | None:
        """None without a known value."""
        return self.total / self.count if self.count else None


@dataclass(slots=True)
class ArmFigures:
    """One arm.

    `propensities` are the shares of users in its lines: more than one if the weights changed.
    """

    name: str
    tips: int = 0
    scores: Scores = NO_SCORES
    propensities: set[float] = field(default_factory=set)
    degraded: int = 0
    not_helpful: int = 0
    attempts: Mean = field(default_factory=Mean)
    cost_usd: Mean = field(default_factory=Mean)
    latencies_ms: "array[float]" = field(default_factory=lambda: array("d"))
    quality: dict[str, Mean] = field(default_factory=dict)

    def add(self, tip: ServedTip) -> None:
        """Count a tip."""
        self.tips += 1
        self.degraded += tip.is_degraded
        self.attempts.add(tip.attempts)
        self.cost_usd.add(tip.cost_usd)
        if tip.propensity is not None:
            self.propensities.add(tip.propensity)
        if tip.latency_ms is not None:
            self.latencies_ms.append(tip.latency_ms)
        for name, score in tip.scores.items():
            self.quality.setdefault(name, Mean()).add(score)


class Reception(dict[tuple[str, str], tuple[str, float | None]]):
    """The strongest outcome, and the longest dwell time, of each tip for its user."""

    def add(self, feedback: TipFeedback) -> None:
        """Count one action of a user; events may come in any order."""
        tip = feedback.serve_id, feedback.user
        outcome, dwell_ms = self.get(tip, (feedback.outcome, None))
        dwells = [each for each in (dwell_ms, feedback.dwell_ms) if each is not None and each >= 0]
        self[tip] = strongest((outcome, feedback.outcome)), max(dwells, default=None)


@dataclass(frozen=True)
class Arms:
    """All arms by name, in natural order of their names.

    `movers` is the number of users with more than one arm, `nameless` that of tips without a user, `others` the names
    of other experiments in the data. `control` is the control's name, if the tips contain it.
    """

    arms: Mapping[str, ArmFigures]
    movers: int
    nameless: int
    others: tuple[str, ...]
    control: str | None = None


def collect(records: Iterable[Record], experiment: str) -> Arms:
    """The arms of the experiment; each served tip counts once, and only if its user had an arm."""
    arms: dict[str, ArmFigures] = {}
    user_of: dict[str, str] = {}
    arm_of: dict[str, str] = {}
    reception = Reception()
    movers, others, nameless = set[str](), set[str](), set[str]()
    control: str | None = None
    for record in records:
        if isinstance(record, TipFeedback):
            reception.add(record)
        elif record.experiment != experiment:
            others.add(record.experiment)
        elif record.arm is not None and record.user is None:
            nameless.add(record.serve_id)
        elif record.arm is not None and record.user is not None and record.serve_id not in user_of:
            user_of[record.serve_id] = record.user
            if arm_of.setdefault(record.user, record.arm) != record.arm:
                movers.add(record.user)
            arms.setdefault(record.arm, ArmFigures(record.arm)).add(record)
            control = control or record.control
    _score(arms, user_of, arm_of, reception)
    in_order = dict(sorted(arms.items(), key=lambda item: natural(item[0])))
    return Arms(in_order, len(movers), len(nameless), tuple(sorted(others)), control)


def _score(
    arms: Mapping[str, ArmFigures], user_of: Mapping[str, str], arm_of: Mapping[str, str], reception: Reception
) -> None:
    """Give each arm its users' scores: the share of a user's tips that was accepted."""
    tips, accepted = Counter[str](), Counter[str]()
    for serve_id, user in user_of.items():
        outcome, dwell_ms = reception.get((serve_id, user), ("shown", None))
        tips[user] += 1
        accepted[user] += worth(outcome, dwell_ms) == 1
        arms[arm_of[user]].not_helpful += outcome == "not_helpful"
    for name, arm in arms.items():
        arm.scores = Scores.of(accepted[user] / tips[user] for user in tips if arm_of[user] == name)


def natural(name: str) -> list[str | int]:
    """A key by which `slider-25` comes before `slider-100`."""
    return [int(part) if part.isdecimal() else part for part in _DIGITS.split(name)]
