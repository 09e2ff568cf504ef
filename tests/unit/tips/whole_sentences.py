"""Whether a tip is made of whole sentences, as far as a program can tell."""

import re
from collections.abc import Iterator

MOST_SENTENCES = 2

_QUOTED = re.compile(r"«[^«»]*»")
_BETWEEN = re.compile(r"(?<=[.!?…])\s+")
_PRONOUN = re.compile(r"\b(?:it|its|them|they|that one|es|davon|damit|dafür|daran|sie|ihn|ihm|ihr)\b", re.IGNORECASE)

_VERBS = frozenset(
    re.findall(
        r"\w+",
        """
are ask asks begin begins call calls can carry choose chooses clear close come comes could cut decide deserves
do does done draft fit fits get gets give gives go goes got had has have help helps hold holds is keep keeps
land lands lay leave leaves let look looks make makes mark matters may move moved moves name note open opens pay
pick plan plans presses protect protects put puts rest run runs set slip stand stands stay stays take takes tend
tends tie took trust use wait waits was were would write
beginn beginnt behalte bekommt bleib bleibt braucht bring bringt darf drängt entscheide erledige fang fehlt
fertig frag geht gib ging haben halbier halt halten hat heb ist kann kommt lass leg liegt lässt läuft mach nenn
nimm notier ordne passt reservier rutschen räum schau schick schließ schreib schützt setz sind such tragen täte
verdient verlangt verschieb war waren wartet werden wird wurde wähl zählt öffne
""",
    )
)


def faults_of(text: str) -> list[str]:
    """The faults of a text: how it begins and ends, a sentence without a verb, a pronoun before any noun."""
    return list(_faults(text))


def sentences_in(text: str) -> list[str]:
    """The sentences, each title in them as «»; a full stop inside a title ends none."""
    return [each for each in _BETWEEN.split(_QUOTED.sub("«»", text)) if each]


def _faults(text: str) -> Iterator[str]:
    sentences = sentences_in(text)
    if not sentences or len(sentences) > MOST_SENTENCES:
        yield f"{len(sentences)} sentences: {text}"
    for sentence in sentences:
        if not (sentence[0] == "«" or sentence[0].isupper()):
            yield f"begins with {sentence[0]!r}: {text}"
        if sentence[-1] not in ".!?…":
            yield f"ends with {sentence[-1]!r}: {text}"
        if not _VERBS & {word.casefold() for word in re.findall(r"\w+", sentence)}:
            yield f"no verb: {text}"
    yield from _pronouns(" ".join(sentences), text)


def _pronouns(told: str, text: str) -> Iterator[str]:
    """A pronoun stands after the noun that it is for: a title, or another word of some length."""
    pronoun = _PRONOUN.search(told)
    if pronoun and "«»" in told and "«»" not in told[: pronoun.start()] and not _is_idiom(told, pronoun.start()):
        yield f"{pronoun[0]!r} before its noun: {text}"


def _is_idiom(told: str, start: int) -> bool:
    """Whether the pronoun stands for nothing, as in "it has been a while"."""
    return re.match(r"it (?:is|has been)\b|es (?:gibt|ist)\b|its date", told[start:], re.IGNORECASE) is not None
