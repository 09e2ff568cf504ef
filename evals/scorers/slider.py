"""Q7: the tip's voice matches the slider."""

import re

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


def evidence_figures_n(content: str) -> int:
    """Figures in digits outside titles, clock times and minutes."""
    return sum(figure.is_digits and figure.unit != MINUTE for figure in figures(without_titles(content)))
