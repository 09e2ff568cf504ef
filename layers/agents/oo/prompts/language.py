"""The language of a tip: the caller's locale, else the language of the titles on offer."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

ENGLISH = "en"
_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*\Z")
_WORD = re.compile(r"[^\W\d_]{2,}")

_SCRIPTS = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "ARABIC": "ar",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "THAI": "th",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "BENGALI": "bn",
    "TAMIL": "ta",
}
"""The most common language of a script, by the first word of its characters' names in Unicode."""

_PERSIAN = frozenset("پچژگکی")
"""Letters of Persian that Arabic does not have."""

LANGUAGE_WORDS = {
    "de": "und der die das den dem ein eine einen für mit von zur zum nach bei ist nicht anrufen kaufen schreiben "
    "buchen bezahlen überweisen putzen bestellen abholen prüfen fertig machen lesen senden schicken vorbereiten "
    "rechnung miete "
    "termin arzt steuer wohnung geschenk woche heute morgen einkaufen aufräumen erledigen waschen bericht vertrag",
    "fr": "et le la les un une des du pour avec chez dans sur est pas appeler acheter écrire payer réserver "
    "envoyer "
    "préparer ranger finir lire facture loyer rendez-vous médecin impôts cadeau semaine demain courses rapport",
    "es": "y el la los las un una para con del por que es llamar comprar escribir pagar reservar enviar preparar "
    "limpiar terminar leer factura alquiler cita médico impuestos regalo semana hoy mañana compra informe",
    "it": "e il lo la gli le un una per con del della di che è chiamare comprare scrivere pagare prenotare inviare "
    "preparare pulire finire leggere fattura affitto appuntamento medico tasse regalo settimana oggi domani spesa",
    "nl": "en de het een voor met van naar bij is niet bellen kopen schrijven betalen boeken sturen voorbereiden "
    "opruimen afmaken lezen factuur huur afspraak huisarts belasting cadeau week vandaag morgen boodschappen",
    "pt": "e o a os as um uma para com do da em que é ligar comprar escrever pagar reservar enviar preparar limpar "
    "terminar ler fatura aluguel consulta médico impostos presente semana hoje amanhã compras relatório",
    "en": "and the a an for with from to of in on at is not call buy write pay book send prepare clean finish read "
    "invoice rent appointment doctor taxes gift week today tomorrow groceries report review draft plan check fix reply",
}
_LANGUAGES: dict[str, frozenset[str]] = {}


_NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "nn": "Norwegian",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovene",
    "sr": "Serbian",
    "sv": "Swedish",
    "ta": "Tamil",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def asked_in(language: str) -> str:
    """The sentence of a prompt that names the language, with a space after it."""
    name = _NAMES.get(language, f'the language "{language}"')
    return f"Write content and rationale in {name}, titles as they are. "


def language_of(locale: object, titles: Iterable[str]) -> str:
    """The language, as the first part of a BCP 47 tag; English in doubt.

    Names have no language: "IKEA", "TÜV" and "1:1 Ben" contain no word of any.
    """
    named = _LOCALE.fullmatch(locale.strip()) if isinstance(locale, str) and len(locale) <= _LONGEST_LOCALE else None
    return named[1].lower() if named else _written_in(list(titles))


_LONGEST_LOCALE = 64
_AFTER_LATIN = "\u0250"
"""All letters before it are Latin."""


def _written_in(titles: list[str]) -> str:
    letters = Counter[str]()
    if max(map(max, filter(None, titles)), default="") >= _AFTER_LATIN:
        letters.update(script for title in titles for script in map(_script, title) if script)
    script = max(letters, key=lambda each: (letters[each], each), default="LATIN")
    if script != "LATIN":
        # Japanese mixes its own syllables with Chinese characters, which outnumber them.
        japanese = letters["HIRAGANA"] + letters["KATAKANA"]
        if japanese and script == "CJK":
            return "ja"
        is_persian = script == "ARABIC" and any(letter in _PERSIAN for title in titles for letter in title)
        return "fa" if is_persian else _SCRIPTS.get(script, ENGLISH)
    if not _LANGUAGES:
        _LANGUAGES.update({language: frozenset(words.split()) for language, words in LANGUAGE_WORDS.items()})
    found = [word for title in titles for word in _WORD.findall(title.casefold())]
    counts = {language: sum(word in words for word in found) for language, words in _LANGUAGES.items()}
    best = max(counts.values())
    likeliest = [language for language, number in counts.items() if number == best]
    return likeliest[0] if best and len(likeliest) == 1 else ENGLISH


def _script(character: str) -> str:
    if not character.isalpha():
        return ""
    return "LATIN" if character < _AFTER_LATIN else unicodedata.name(character, "").split(" ")[0]
