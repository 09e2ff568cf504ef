"""The beta distribution, for the certainty of a counted share."""

from math import exp, lgamma, log, log1p

_MOST_TERMS = 300
_TINY = 1e-30
_CLOSE = 1e-12


def beta_below(share: float, a: float, b: float) -> float:
    """The probability that a Beta(a, b) variable is below a share in (0, 1), for positive a and b.

    Lentz's continued fraction of the incomplete beta function (Press et al., Numerical Recipes, section 6.4); it
    converges fast on the side of the mean on which it is evaluated.
    """
    if share > (a + 1) / (a + b + 2):
        return 1 - beta_below(1 - share, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(share) + b * log1p(-share)) / a
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * share / (a + 1))
    fraction = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * share / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * share / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            fraction *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return front * fraction


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
