"""Checks over all served tips of a version, because a single tip cannot show them. They decide no gate."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from evals.bench import Row
from evals.rank_correlation import spearman
from evals.scorers.novelty import distinct_pairs
from evals.scorers.slider import slider_sample
from oo.prompts.language import language_of

FEWEST_TIPS = 20
FIGURES, IMAGES, PAIRS = "figures", "images", "distinct pairs of words"


class BatchCheck(NamedTuple):
    """A value over many tips and its limit; `value` is None if it was not computed."""

    name: str
    value: float | None
    side: Literal["at most", "at least"]
    limit: float

    @property
    def passed(self) -> bool | None:
        """Whether the value keeps to the limit; None if it was not computed."""
        if self.value is None:
            return None
        return self.value <= self.limit if self.side == "at most" else self.value >= self.limit

    @property
    def told(self) -> str:
        """The value, its limit and the outcome in words."""
        if self.value is None:
            return "not computed"
        outcome = "passed" if self.passed else "failed"
        return f"{self._written(self.value, 2)} ({self.side} {self._written(self.limit, 1)}): {outcome}"

    def _written(self, value: float, digits: int) -> str:
        return f"{value:.0%}" if self.name == PAIRS else f"{value:z.{digits}f}"


def batch_checks(rows: Sequence[Row], place: int) -> list[BatchCheck]:
    """The checks of one version: rank correlations of the slider with figures and images, and distinct pairs of words.

    No value is computed over fewer than 20 tips, and no correlation where the slider does not vary.
    Images count in English tips only, because the words for images are English.
    """
    served = [(row.case, tip) for row in rows if row.answers and (tip := row.answers[place].tip)]
    samples = [slider_sample(case, tip) for case, tip in served]
    english = [
        sample
        for (case, _), sample in zip(served, samples, strict=True)
        if language_of(case.body.locale, case.nameable) == "en"
    ]
    pairs = distinct_pairs(tip.content for _, tip in served) if len(served) >= FEWEST_TIPS else None
    return [
        BatchCheck(FIGURES, _correlation([(each.setting, each.figures_n) for each in samples]), "at most", -0.6),
        BatchCheck(IMAGES, _correlation([(each.setting, each.has_image) for each in english]), "at least", 0.4),
        BatchCheck(PAIRS, pairs, "at least", 0.6),
    ]


def _correlation(pairs: Sequence[tuple[int, int]]) -> float | None:
    if len(pairs) < FEWEST_TIPS or len({setting for setting, _ in pairs}) == 1:
        return None
    return spearman(*zip(*pairs, strict=True))
