"""The interface of an estimator: evidence and one parameter in, a raw value and the amount of evidence out."""

from collections.abc import Callable

from oo.agent_kit.manifest import InferredParam
from oo.frozen import frozen
from oo.inference.history import History


@frozen
class Estimate:
    """A raw value, the number of observations, and their effective number."""

    value: float | list[int] | str
    n: int
    n_eff: float


Estimator = Callable[[History, InferredParam], Estimate | None]
