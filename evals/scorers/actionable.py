"""Q5: the tip proposes one thing to do: a verb, with its object or a cue."""

import re

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.named import named_titles, titles_on_offer
from evals.reading.words import without_titles
from evals.scorers.verdict import Verdict, exempt

_ENGLISH = """add agree aim answer apply arrange ask assemble assign back bake begin block book break breathe bring
    browse build buy call cancel capture carry celebrate charge check choose clean clear close collect
    come complete confirm consider cook count cross cut deal decide defer delegate delete deliver dial do
    donate draft drop dust email end enjoy enter explore fetch file fill find finish fit fix focus fold
    follow gather get give glance go grab hand hang head hold install invite iron join jot keep knit knock
    label lay learn leave let limit line list listen log look mail make map mark measure mend mention
    merge message mind move name note offer open order outline pack paint park pause pay peek phone pick
    picture ping place plan plant polish postpone practice practise prepare print promise protect pull
    push put read record refine register rehearse relax rename renew repair replace reply reread
    reschedule research reserve reset resolve rest restart return review revise revisit ring rinse run
    save savour say scan schedule screw scribble search select sell send set settle sew shift shop shorten
    show shrink sit sketch skim skip slow solve sort spend split start state stay step stop stretch strike
    study submit subscribe swap sweep switch tackle take talk tell test text tick tidy tie touch trim
    trust try turn type unpack unwind update upgrade upload use vacuum visit wait walk wash watch water
    weigh work wrap write"""
_GERMAN = """absch?icke? antworte arbeite atme bau beantworte beende beginn beginne behalt behalte besorg bestell
    bestimm bleib bring buch denk druck entscheid entscheide erledige fang finde frag gib geh geht gönn halt halte heb
    hol kauf klär koch komm kürze lass leg leite lies lösch mach markier melde merk nenn nimm notier notiere nutz öffne
    ordne pack plan plane prüf räum reservier reserviere ruf ruh schau schick schieb schließ schneid schreib schreibe
    setz sieh sortier speicher start starte stell streich such teil trag triff trink überleg überlege
    unterschreib vereinbar verschieb verteil wähl wähle warte wasch widme wirf wiederhol zahl zeig zerleg zieh"""
_VERBS = {"en": "|".join(_ENGLISH.split()), "de": "|".join(f"{_ENGLISH} {_GERMAN}".split())}
"""By language; a tip about German titles may be English."""

_CLAUSE = r"(?:^|[.,;:!?…\u2013\u2014-]\s+|\b(?:so|and|or|then|but|und|oder|dann|also)\s+)"
_BEFORE_A_VERB = r"(?:(?:just|simply|please|now|first|perhaps|maybe|then|and|so|or|only|best|heute|jetzt|bitte)\s+)*"
_CUE_CLAUSE = (
    r"\b(?:when|once|while|after|before|at|in|until|with|by|nach|vor|um|wenn|sobald|zu[rm]?|bei|im)\b[^.;:!?]*?\s"
)
_ORDERS = {
    language: re.compile(
        rf"{_CLAUSE}{_BEFORE_A_VERB}(?:{verbs})\b|(?:^|[.;:!?]\s+){_CUE_CLAUSE}(?:{verbs})\b", re.IGNORECASE
    )
    for language, verbs in _VERBS.items()
}
_OFFERS = re.compile(
    r"\b(?:could|can|may|might)\s+(?:you\s+)?(?:be|have|get|use|take|go|wait|move|fit|rest|stay|come|do|\w+ the)\b"
    r"|\b(?:one|a single|a quick|a short|a first|two-minute) (?:call|line|step|page|look|sentence|note|glance)\b"
    r"|\b(?:first|next|good|small|quick|easy) (?:\w+ )?(?:move|step) (?:is|would be)\b|\b(?:why not|how about)\b"
    r"|\b(?:kann|könnte|darf|täte gut|pass(?:t|en) gut)\b"
    r"|\b(?:guter|nächster|erster) \w*(?:anfang|schritt)\b|\bit is worth \w+ing\b",
    re.IGNORECASE,
)
_CUES = re.compile(
    r"\b\d{1,2}:\d\d\b|\b\d+\s*(?:min|minutes?|h|hours?|minuten?|stunden?)\b|\b\w+ minutes?\b|\b\w+ minuten?\b"
    r"|\bhalf (?:an )?hour\b|\bhalbe stunde\b|\bhour\b"
    r"|\b(?:today|tonight|tomorrow|now|morning|afternoon|evening|noon|heute|morgen|abend|jetzt|nachmittag|vormittag)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:mon|diens|donners|frei|sams|sonn)tag\b|\bmittwoch\b"
    r"|\b(?:when|once|before|after|while|until|as soon as|whenever|meanwhile|during)\b"
    r"|\b(?:nach|vor|wenn|sobald|bevor|nachdem|während|bis|zu beginn|zur ersten)\b"
    r"|\b(?:next|first|last|quiet|coming) (?:\w+ )?(?:moment|minutes|break|thing|cup|gap|pause)\b"
    r"|\b(?:nächsten|ruhigen|ersten) (?:\w+ )?(?:moment|minuten|pause|tasse)\b|\bbreakfast|lunch|dinner|coffee|tea\b",
    re.IGNORECASE,
)


def actionable(case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """A verb that begins a clause, or an offer, together with the task or a cue: a time, a duration or an event.

    Verbs are known in English and German, the languages of the template tip.
    """
    language = answered.prompt.delivery.language if answered.prompt.delivery else "en"
    if language not in _ORDERS:
        if tip.source != "template":
            return exempt("verbs of this language are unknown")
        language = "en"
    titles = titles_on_offer(case, answered.prompt.user)
    bare = without_titles(tip.content, titles)
    has_verb = any(pattern.search(bare) for pattern in (_ORDERS[language], _OFFERS))
    has_object = bool(named_titles(tip.content, titles)) or not titles
    has_cue = _CUES.search(bare) is not None
    missing = [name for name, found in (("verb", has_verb), ("object", has_object), ("cue", has_cue)) if not found]
    passed = has_verb and (has_object or has_cue)
    return Verdict(1 - len(missing) / 3, passed, "" if passed else f"without {' and '.join(missing)}")
