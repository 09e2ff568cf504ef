"""Replacements of users' titles, so that a request can be stored without them."""

import re
import unicodedata
from functools import lru_cache
from hashlib import shake_256
from itertools import count

from evals.reading.words import FUNCTION_WORDS
from oo.prompts.language import LANGUAGE_WORDS

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_KEPT = 3
_KEPT = frozenset(
    word
    for word in (*FUNCTION_WORDS, *(word for words in LANGUAGE_WORDS.values() for word in words.split()))
    if len(word) <= _LONGEST_KEPT
) | {"http", "https", "www"}
"""Short words that show a title's language and nothing else, and prefixes of addresses."""

_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnprstvwz"
_LAST_LATIN = "\u024f"
_ATTEMPTS = 32
_WINDOW = 32
"""Letters of one script are close to each other in Unicode."""


class OtherTitles:
    """Replaces titles: equal ones by the same replacement, of the same script and length, with the same figures.

    A word is replaced by letters that follow from it and from `secret`, so that a guess cannot be checked without the
    secret. Other characters are kept.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._others: dict[str, str] = {}
        self._taken: dict[str, str] = {}

    def instead_of(self, title: str) -> str:
        """The replacement. Two titles never have the same one, case aside."""
        if title not in self._others:
            folded = title.casefold()
            candidates = (self._other(title, attempt) for attempt in count())
            self._others[title] = next(
                other for other in candidates if self._taken.setdefault(other.casefold(), folded) == folded
            )
        return self._others[title]

    def _other(self, title: str, attempt: int) -> str:
        words = _WORD.findall(title)
        keeps = any(word.casefold() not in _KEPT for word in words)
        return _WORD.sub(
            lambda found: found[0] if keeps and found[0].casefold() in _KEPT else self._letters(found[0], attempt),
            title,
        )

    def _letters(self, word: str, attempt: int) -> str:
        """The replacing letters, and more of them if many attempts show that there are too few for such a word."""
        word += word[-1] * (attempt // _ATTEMPTS)
        seed = f"{self._secret}|{attempt}|{word.casefold()}".encode("utf-8", "surrogatepass")
        draws = shake_256(seed).digest(len(word) + 1)
        return "".join(
            _drawn(letter, draws[place], is_vowel=(place + draws[-1]) % 2 == 1) for place, letter in enumerate(word)
        )


def _drawn(letter: str, draw: int, *, is_vowel: bool) -> str:
    """A different letter of the same script and case."""
    if letter <= _LAST_LATIN:
        choices = (_VOWELS if is_vowel else _CONSONANTS).replace(letter.lower(), "")
        choices = choices.upper() if letter.isupper() else choices
    else:
        choices = _neighbours(letter)
    return choices[draw % len(choices)] if choices else letter


@lru_cache(maxsize=4096)
def _neighbours(letter: str) -> str:
    """The neighbours of a letter in Unicode, of its script and category."""
    script, category = _script(letter), unicodedata.category(letter)
    first = ord(letter) - ord(letter) % _WINDOW
    return "".join(
        each
        for each in map(chr, range(first, first + _WINDOW))
        if each != letter and unicodedata.category(each) == category and _script(each) == script
    )


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]
