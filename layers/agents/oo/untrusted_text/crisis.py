"""Detection of text that is withheld from the model because it may mention self-harm.

NEEDS HUMAN REVIEW: no person with clinical knowledge has read this list. It is short, covers seven languages thinly,
and prefers silence: a film's title that is withheld costs one tip, a cheerful nudge about a farewell letter costs more.
It is not a diagnosis: a match allows no conclusion about a person.
"""

import re

from oo.untrusted_text.cleaning import Folded

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
"""Regular expressions, in lower case."""

_CRISIS = re.compile(r"\b(?:" + "|".join(LEXICON) + r")\b")


def may_tell_of_crisis(folded: Folded) -> bool:
    """Whether text matches the lexicon; style, width, case and invisible characters do not matter."""
    return _CRISIS.search(folded.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")) is not None
