"""Learned parameters that several agents share."""

from oo.agent_kit.manifest import InferredParam

REST_DAYS = InferredParam(
    key="rest_days",
    source="completions",
    estimator="rest_days",
    args={"min_weeks": 8, "max_weeks": 12},
    prior=None,
    half_life_d=None,
    min_n=100,
    min_n_eff=0,
    clamp=None,
    round=None,
    describe="You usually rest on these weekdays (0 is Monday): {value}.",
)
