"""Q7: the tip's voice matches the slider."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.figures import MINUTE, figures
from evals.reading.material import material
from evals.reading.words import without_titles
from evals.scorers.verdict import Verdict, held
from oo.prompts.delivery import DEFAULT_DELIVERY

_IMAGES = re.compile(
    r"\b(?:air|branch|breath|breeze|bridge|candle|card|cards|cloud|clouds|compass|crumb|current|dawn|deck|dew|door|"
    r"drop|dusk|ember|feather|fern|flame|garden|gate|harbour|hill|horizon|key turns|lamp|lantern|leaf|leaves|light|"
    r"melody|mist|moon|page is|path|pebble|petal|rain|ribbon|river|root|sail|seed|shadow|shore|sky|soft|spark|"
    r"spring|star|stars|stone|stream|sun|thread|tide|tune|wave|waves|whisper|wind|window opens|wings?)\b",
    re.IGNORECASE,
)
"""Words for images in English; in other languages only figures are checked."""

_PLAIN_TONES = ("analytic", "factual")
_MOST_SHARED_RANK = -0.6
_LEAST_SHARED_RANK = 0.4


class Told(NamedTuple):
    """One tip at one setting: its evidence figures, and whether it contains an image."""

    setting: int
    figures_n: int
    has_image: bool


def slider(case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """As many evidence figures as Delivery allows; its minimum applies only if the prompt contains a figure.

    At the data-driven end no image replaces a fact.
    """
    delivery = answered.prompt.delivery or DEFAULT_DELIVERY
    fewest, most = delivery.figures
    number = evidence_figures_n(tip.content)
    if number > most:
        return held(f"{number} figures, at most {most} are allowed")
    told = material(answered.prompt.user)
    has_any = any(figures(note) for note in told.notes) or any("age_days" in task for task in told.tasks)
    if number < fewest and has_any:
        return held(f"{number} figures, at least {fewest} are required")
    image = _IMAGES.search(without_titles(tip.content, tuple(case.nameable)))
    return held(f"the image “{image[0]}” in a plain tone" if image and delivery.tone in _PLAIN_TONES else "")


def told_at(setting: int, tip: ServedTip) -> Told:
    """A tip for `slider_batch`."""
    return Told(setting, evidence_figures_n(tip.content), _IMAGES.search(without_titles(tip.content)) is not None)


def slider_batch(batch: Sequence[Told]) -> Verdict:
    """Over tips at many settings: the rank correlation with figures is at most -.6, with images at least .4."""
    settings = [float(each.setting) for each in batch]
    by_figures = spearman(settings, [float(each.figures_n) for each in batch])
    by_images = spearman(settings, [float(each.has_image) for each in batch])
    passed = by_figures <= _MOST_SHARED_RANK and by_images >= _LEAST_SHARED_RANK
    return Verdict(float(passed), passed, f"figures {by_figures:.2f}, images {by_images:.2f}")


def evidence_figures_n(content: str) -> int:
    """Figures in digits outside titles, clock times and minutes."""
    return sum(figure.is_digits and figure.unit != MINUTE for figure in figures(without_titles(content)))


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """The rank correlation, ties sharing their mean rank; 0 if one of the two does not vary."""
    ranks, others = _ranks(one), _ranks(other)
    mean = (len(one) + 1) / 2
    both = sum((a - mean) * (b - mean) for a, b in zip(ranks, others, strict=True))
    spread = sum((a - mean) ** 2 for a in ranks) * sum((b - mean) ** 2 for b in others)
    return both / spread**0.5 if spread else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    first = {value: place for place, value in reversed(list(enumerate(ordered, start=1)))}
    last = {value: place for place, value in enumerate(ordered, start=1)}
    return [(first[value] + last[value]) / 2 for value in values]
