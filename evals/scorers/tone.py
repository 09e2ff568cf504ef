"""Q9: the tip gives no orders, blame, predictions or advice on health, law or money."""

import re

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.named import titles_on_offer
from evals.reading.words import without_titles
from evals.scorers.verdict import Verdict, held

_BANNED = re.compile(
    r"""\b(?:
      must | mustn't | should | shouldn't | (?:have|has|got|'ve\ got)\ to(?!\w) | need(?:s)?\ to | ought\ to
    | müssen | musst | muss | müsst | sollst | solltest | sollten | sollte | brauchst
    | lazy | laziness | failed | failure | failing | guilty | guilt | ashamed | shame | your\ fault | pathetic
    | (?:falling|fallen|fell|are|running)\ behind | (?:broken?|broke|lost|losing)\ (?:\w+\ )?streak
    | streak\ (?:is\ |was\ )?(?:broken|lost|over) | no\ excuses? | procrastinat\w+
    | faul | versagt | versager | schuld(?:ig)? | schäm\w* | hinterher
    | you\ will | you'll | you\ are\ going\ to | destin(?:ed|y) | fate | the\ universe | universe\ wants | the\ stars
    | it\ is\ written | meant\ to\ be | prophe\w+ | omen
    | du\ wirst | schicksal | bestimmt\ für | universum | die\ sterne
    | diagnos\w+ | invest(?:s|ed|ing|ment|ments)? | sue | suing | lawsuit | medication | dosage | symptoms?
    | diagnostizier\w* | investier\w* | verklag\w* | medikament\w*
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_CURLY = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'"})


def tone(case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """No banned word is in the tip or its rationale; titles are the user's own words."""
    titles = titles_on_offer(case, answered.prompt.user)
    for text in (tip.content, tip.rationale or ""):
        found = next(
            (each for each in _BANNED.finditer(without_titles(text, titles).translate(_CURLY)) if not _is_name(each)),
            None,
        )
        if found:
            return held(f"it contains “{found[0]}”")
    return held("")


def _is_name(found: re.Match[str]) -> bool:
    """Whether the word is a person's name: "Sue" is one."""
    return found[0] == "Sue"
