"""The form of an estimator: evidence and one declared parameter in, a raw value and the size of its evidence out."""

from collections.abc import Callable
from dataclasses import dataclass

from oo.agent_kit.manifest import InferredParam
from oo.inference.history import History


@dataclass(frozen=True, slots=True)
class Estimate:
    """A raw value, from how many observations, and how many equally weighted ones these are worth."""

    value: float | list[int] | str
    n: int
    n_eff: float


Estimator = Callable[[History, InferredParam], Estimate | None]
