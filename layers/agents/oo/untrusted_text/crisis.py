"""Detection of text that is withheld from the model because it may mention self-harm.

NEEDS HUMAN REVIEW: no person with clinical knowledge has read this list. It is short, covers seven languages thinly,
and prefers silence: a film's title that is withheld costs one tip, a cheerful nudge about a farewell letter costs more.
It is not a diagnosis: a match allows no conclusion about a person.
"""

from oo.untrusted_text.cleaning import Folded
from oo.untrusted_text.prefiltered_pattern import MarkedPattern

LEXICON = (
    # English
    (r"suicid\w*", "suicid"),
    (r"self[- ]?harm\w*", "harm"),
    (r"(?:kill|hang|cut|hurt|harm|drown|shoot|poison) (?:myself|me)", " myself", " me"),
    (r"end(?:ing)? (?:my|this) life", " life"),
    (r"end it all", " it all"),
    (r"take my (?:own )?life", " life"),
    (r"want(?:ing)? to die", " to die"),
    (r"(?:do not|don't|dont) want to (?:live|be here)", " want to "),
    (r"(?:goodbye|farewell) (?:letter|note)s?", "bye ", "farewell "),
    (r"overdos\w*", "overdos"),
    # German
    (r"suizid\w*", "suizid"),
    (r"selbstmord\w*", "selbstmord"),
    (r"selbstverletz\w*", "selbstverletz"),
    (r"mich (?:umbringen|töten|ritzen|erhängen)", "mich "),
    (r"abschiedsbrief\w*", "abschiedsbrief"),
    # French
    (r"me (?:tuer|suicider|pendre)", "me tuer", "me suicider", "me pendre"),
    (r"lettre d'adieu", "d'adieu"),
    # Spanish, Italian, Portuguese
    (r"suicíd\w*", "suicíd"),
    (r"matarme|quitarme la vida", "tarme"),
    (r"uccidermi|farla finita", "uccidermi", "farla "),
    (r"me matar|tirar minha vida", "me matar", "minha vida"),
    # Dutch
    (r"zelfmoord\w*|zelfdoding|afscheidsbrief\w*", "zelfmoord", "zelfdoding", "afscheidsbrief"),
)
"""Each expression, in lower case, with texts of which each of its matches holds one."""

_CRISIS = MarkedPattern(
    r"\b(?:" + "|".join(expression for expression, *_ in LEXICON) + r")\b",
    tuple(dict.fromkeys(mark for _, *marks in LEXICON for mark in marks)),
)


def may_tell_of_crisis(folded: Folded) -> bool:
    """Whether text matches the lexicon; style, width, case and invisible characters do not matter."""
    return _CRISIS.is_in(folded.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
