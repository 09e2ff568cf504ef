"""From a raw estimate to a value that may be used: enough evidence, drawn toward the prior, in range, rounded."""

from math import exp, log
from typing import cast

from oo.agents.manifest import InferredParam
from oo.agents.values import clamp


def is_supported(param: InferredParam, n: int, n_eff: float) -> bool:
    """Whether `n` observations that are worth `n_eff` pass the parameter's gate."""
    return n >= param.min_n and n_eff >= param.min_n_eff


def credible_value(param: InferredParam, raw: float, n_eff: float) -> float:
    """The raw estimate shrunk toward the parameter's prior, clamped and rounded.

    With `scale` "log" the logarithms are shrunk: for positive quantities that vary by factors.
    """
    own_size = cast("float | None", param.args.get("shrink_k"))
    value = float(raw)
    if own_size is not None and param.prior is not None:
        if param.args.get("scale") == "log":
            value = exp(shrunk(log(value), n_eff, log(param.prior), own_size))
        else:
            value = shrunk(value, n_eff, param.prior, own_size)
    if param.clamp:
        value = clamp(value, *param.clamp)
    if param.round:
        # The sum turns a negative zero into zero.
        value = round(round(value / param.round) * param.round, 6) + 0.0
    modulo = cast("float | None", param.args.get("modulo"))
    return value % modulo if modulo else value


def shrunk(value: float, evidence: float, prior: float, prior_evidence: float) -> float:
    """Bühlmann credibility: the value and the prior, each weighted by its evidence.

    For a share with its total weight as the evidence this is the posterior mean under a Beta(a, b) prior, where
    `prior` is a / (a + b) and `prior_evidence` a + b; for events per unit of exposure it is that under a Gamma prior.
    """
    own = evidence / (evidence + prior_evidence)
    return own * value + (1 - own) * prior
