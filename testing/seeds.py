"""Seeds and examples of random inputs: few under `make test`, all of them under `make test-statistics`."""

import os

ALL_SEEDS = "ALL_SEEDS"
"""The variable with which every seed is used, with any text."""

FEW = 10


def seeds(count: int, few: int = FEW) -> range:
    """All `count` seeds, or without ALL_SEEDS in the environment the first tenth of them and at least a few."""
    return range(count if os.environ.get(ALL_SEEDS) else max(few, count // 10))


def examples(count: int) -> int:
    """All `count` examples of Hypothesis, or without ALL_SEEDS in the environment a tenth of them and at least 10."""
    return count if os.environ.get(ALL_SEEDS) else max(FEW, count // 10)


SLACK = 0 if os.environ.get(ALL_SEEDS) else 0.1
"""How far a share among few seeds may be off a bound that holds among all."""
