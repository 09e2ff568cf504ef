"""Credibility: an estimate shrunk toward its prior by the weight of its evidence."""


def posterior_mean(value: float, evidence: float, prior: float, prior_evidence: float) -> float:
    """Bühlmann credibility: the value and the prior, each weighted by its evidence.

    For a share with its total weight as the evidence this is the posterior mean under a Beta(a, b) prior, where
    `prior` is a / (a + b) and `prior_evidence` a + b; for events per unit of exposure it is that under a Gamma prior.
    """
    own = evidence / (evidence + prior_evidence)
    return own * value + (1 - own) * prior
