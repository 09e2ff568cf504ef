"""Q13: the tip is in the required language."""

import unicodedata
from collections import Counter

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.reading.named import named_titles, titles_on_offer
from evals.reading.words import tokens, without_titles
from evals.scorers.verdict import Verdict, exempt, held

_SCRIPTS = {
    **dict.fromkeys(("ru", "uk", "bg", "sr", "mk", "be"), "CYRILLIC"),
    **dict.fromkeys(("ar", "fa", "ur"), "ARABIC"),
    "el": "GREEK",
    "he": "HEBREW",
    "hi": "DEVANAGARI",
    "ne": "DEVANAGARI",
    "mr": "DEVANAGARI",
    "th": "THAI",
    "ko": "HANGUL",
    "ja": "HIRAGANA",
    "zh": "CJK",
    "hy": "ARMENIAN",
    "ka": "GEORGIAN",
    "bn": "BENGALI",
    "ta": "TAMIL",
}
"""Every other language is written in Latin letters."""

_JAPANESE = ("HIRAGANA", "KATAKANA")
_COMMON = {
    "en": "the and is it for with you your before after then of to on that this has not what when first now next",
    "de": "der die das und ist für mit du dir dein deine vor nach dann auf dem den ein eine nicht was wenn im zum es",
    "fr": "le la les et est pour avec tu ton ta votre vous avant après puis de des du une pas ce dans sur il elle au",
    "es": "el la los las y es para con tu antes después luego de del una no que en un al ya lo por se",
    "it": "il lo la gli e è per con tuo tua prima dopo poi di del una non che in un al già si nel",
    "nl": "de het en is voor met je jouw eerst na dan van een niet dat in op er wat wanneer nu",
    "pt": "o a os as e é para com teu tua antes depois de do da uma não que em um ao já se no na",
}
_FREQUENT = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_LEAST_LEAD = 2
_TEMPLATE_KNOWS = ("en", "de")


def language(case: Case, answered: Answered, tip: ServedTip) -> Verdict:
    """Its script, outside titles, is that of `locale`, else of the prompt's language or of the title in it.

    The same is true for its common words. The template tip is English if the template does not support the language.
    """
    titles = titles_on_offer(case, answered.prompt.user)
    bare = without_titles(tip.content, titles)
    wanted = _wanted(case, answered)
    if tip.source == "template" and wanted not in _TEMPLATE_KNOWS:
        return exempt("the template has no words for the language")
    script = _script(bare)
    if not script:
        return exempt("it has no letters outside its title")
    asked = [_SCRIPTS.get(wanted, "LATIN")]
    if not case.body.locale:
        asked.append(_script(" ".join(named_titles(tip.content, titles))))
    if script not in asked:
        return held(f"written in {script.title()}, {asked[0].title()} is required")
    other = _other_language(bare, wanted, is_told=bool(case.body.locale)) if script == "LATIN" else ""
    return held(f"its words are those of “{other}”, “{wanted}” is required" if other else "")


def _wanted(case: Case, answered: Answered) -> str:
    if case.body.locale:
        return case.body.locale.replace("_", "-").partition("-")[0].lower()
    return answered.prompt.delivery.language if answered.prompt.delivery else "en"


def _script(text: str) -> str:
    """The script of most letters; Japanese mixes its own with Chinese characters."""
    counts = Counter(
        unicodedata.name(letter, "").split(" ")[0] for letter in unicodedata.normalize("NFKC", text) if letter.isalpha()
    )
    if any(counts[name] for name in _JAPANESE):
        return _JAPANESE[0]
    return max(counts, key=lambda name: (counts[name], name), default="")


def _other_language(bare: str, wanted: str, *, is_told: bool) -> str:
    """The language whose common words outnumber those of the required one; without a locale English is allowed."""
    allowed = [_FREQUENT[name] for name in (wanted, *(() if is_told else ("en",))) if name in _FREQUENT]
    if not allowed:
        return ""
    told = tokens(bare)
    own = max(sum(word in words for word in told) for words in allowed)
    counts = {name: sum(word in words for word in told) for name, words in _FREQUENT.items() if words not in allowed}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] - own >= _LEAST_LEAD else ""
