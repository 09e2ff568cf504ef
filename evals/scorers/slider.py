"""Q7: the tip's voice matches the slider."""

import re
from typing import NamedTuple

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.figures import MINUTE, figures
from evals.reading.material import material
from evals.reading.words import without_titles
from evals.scorers.verdict import Verdict, held
from oo.prompts.delivery import DEFAULT_DELIVERY
from oo.prompts.slider import read_slider

_IMAGES = re.compile(
    r"\b(?:air|branch|breath|breeze|bridge|candle|card|cards|cloud|clouds|compass|crumb|current|dawn|deck|dew|door|"
    r"drop|dusk|ember|feather|fern|flame|garden|gate|harbour|hill|horizon|key turns|lamp|lantern|leaf|leaves|light|"
    r"melody|mist|moon|page is|path|pebble|petal|rain|ribbon|river|root|sail|seed|shadow|shore|sky|soft|spark|"
    r"spring|star|stars|stone|stream|sun|thread|tide|tune|wave|waves|whisper|wind|window opens|wings?)\b",
    re.IGNORECASE,
)
"""Words for images in English; in other languages only figures are checked."""

_PLAIN_TONES = ("analytic", "factual")


class SliderSample(NamedTuple):
    """One tip at one setting: the number of its evidence figures, and whether it contains an image."""

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
    image = _image(case, tip)
    return held(f"the image “{image[0]}” in a plain tone" if image and delivery.tone in _PLAIN_TONES else "")


def slider_sample(case: Case, tip: ServedTip) -> SliderSample:
    """The tip at the setting of its case."""
    setting = read_slider(case.request.get("science_destiny")).setting
    return SliderSample(setting, evidence_figures_n(tip.content), _image(case, tip) is not None)


def _image(case: Case, tip: ServedTip) -> re.Match[str] | None:
    return _IMAGES.search(without_titles(tip.content, tuple(case.nameable)))


def evidence_figures_n(content: str) -> int:
    """Figures in digits outside titles, clock times and minutes."""
    return sum(figure.is_digits and figure.unit != MINUTE for figure in figures(without_titles(content)))
