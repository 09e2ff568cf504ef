"""Which text is held back from the model because it may tell of self-harm.

NEEDS HUMAN REVIEW: nobody with clinical knowledge has read this list. It is short, covers seven languages thinly, and
errs towards silence: a film's title that is held back costs one tip, a cheerful nudge about a farewell letter costs
more. It is no detector, and nothing may be concluded about a person from a match.
"""

import re

from oo.prompts.untrusted import fold

LEXICON = (
    # English
    r"suicid\w*",
    r"self[- ]?harm\w*",
    r"(?:kill|hang|cut|hurt|harm|drown|shoot|poison) (?:myself|me)",
    r"end(?:ing)? (?:my|this) life",
    r"end it all",
    r"take my (?:own )?life",
    r"want(?:ing)? to die",
    r"(?:do not|don't|dont) want to (?:live|be here)",
    r"(?:goodbye|farewell) (?:letter|note)s?",
    r"overdos\w*",
    # German
    r"suizid\w*",
    r"selbstmord\w*",
    r"selbstverletz\w*",
    r"mich (?:umbringen|töten|ritzen|erhängen)",
    r"abschiedsbrief\w*",
    # French
    r"me (?:tuer|suicider|pendre)",
    r"lettre d'adieu",
    # Spanish, Italian, Portuguese
    r"suicíd\w*",
    r"matarme|quitarme la vida",
    r"uccidermi|farla finita",
    r"me matar|tirar minha vida",
    # Dutch
    r"zelfmoord\w*|zelfdoding|afscheidsbrief\w*",
)

_CRISIS = re.compile(r"\b(?:" + "|".join(LEXICON) + r")\b")


def may_tell_of_crisis(text: str) -> bool:
    """Whether text matches the lexicon; style, width, case and invisible characters do not matter."""
    return _CRISIS.search(fold(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")) is not None
