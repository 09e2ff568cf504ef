"""Invisible characters: which ones a text may keep, and where a text may be cut."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_INVISIBLE = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0e\uffa0"
    "\U000e0000-\U000e001f\U000e0080-\U000e0fff"
)
"""Letters, marks and symbols among Unicode's default ignorables, and the blank of Braille; U+FE0F is an emoji's."""

_FORMAT = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0020-\U000e007f"
)
_ODD_SPACES = "\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
"""The flag of a part of a country, for example of England: its letters are tag characters."""

_JOINERS = "\u200c\u200d"

# Texts, not compiled: most texts need none of them, and compiling them takes 1.7 ms of every cold start.
_HIDDEN = rf"{_FLAG}|[{_JOINERS}]+|[\x00-\x1f\x7f-\xa0\ud800-\udfff{_ODD_SPACES}{_INVISIBLE}{_FORMAT}]"
_UNDRAWN = f"[{_INVISIBLE}]"

_JOINING = (
    "[\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\u1b00-\u1bff\ua840-\ua8ff\ua980-\ua9df\uabc0-\uabff"
    "\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010ac0-\U00010aff\U00010d00-\U00010d3f\U00010f30-\U00010f6f\U00011000-\U0001173f\U0001e900-\U0001e95f]"
)
"""Arabic, Syriac, N'Ko, Mongolian, Adlam and the Indic scripts: a joiner decides how their letters are drawn."""

_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2934\u2935\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_VARIANT = "\ufe0f"
_ZERO_WIDTH_JOINER = "\u200d"
_VIRAMA_CLASS = 9
"""Unicode's combining class of the marks that take a letter's own vowel away."""


def is_undrawn(character: str) -> bool:
    """Whether a letter, mark or symbol is invisible."""
    return re.match(_UNDRAWN, character) is not None


def visible(text: str) -> str:
    """The text without characters that hide, reorder or break lines; joiners of words and emoji are kept.

    White space of every kind becomes a blank. Of consecutive joiners one is kept. Of consecutive marks 30 are kept, as
    in the stream-safe format of Unicode's annex 15: normalising takes time that grows with the square of their number
    (16,000 of them 0.3 s).
    """
    shown = re.sub(_HIDDEN, _shown, text)
    counted = shown.translate(_LIKE_MARKS) if _BECOMES_MARKS.search(shown) else shown
    classes = bytes(map(unicodedata.combining, counted))
    if not _MANY_MARKS.search(classes):
        return shown
    places = [(0, 0), *(found.span() for found in _MANY_MARKS.finditer(classes)), (len(shown), len(shown))]
    return "".join(shown[end:start] for (_, end), (start, _) in pairwise(places))


_MOST_MARKS = 30
_MANY_MARKS = re.compile(rb"(?<=[^\0]{%d})[^\0]+" % _MOST_MARKS)
_BECOMES_MARKS = re.compile("[\u0f73\u0f75\u0f81\uff9e\uff9f]")
_LIKE_MARKS = {0x0F73: 0x0F71, 0x0F75: 0x0F71, 0x0F81: 0x0F71, 0xFF9E: 0x3099, 0xFF9F: 0x309A}
"""Characters that normalising turns into marks alone."""


def _shown(match: re.Match[str]) -> str:
    found = match[0]
    if found.isspace():
        return " "
    if found[0] in _JOINERS:
        before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
        return found[0] if _belongs(found[0], before, after) else ""
    return found if len(found) > 1 else ""


@lru_cache(maxsize=512)
def _belongs(joiner: str, before: str, after: str) -> bool:
    """Whether a joiner is between letters of a joining script, after a virama, or in an emoji."""
    if not before:
        return False
    if unicodedata.combining(before) == _VIRAMA_CLASS or (_is_joining(before) and _is_joining(after)):
        return True
    is_picture = before == _VARIANT or re.match(_PICTURE, before) is not None
    return joiner == _ZERO_WIDTH_JOINER and is_picture and re.match(_PICTURE, after) is not None


def _is_joining(character: str) -> bool:
    is_letter = unicodedata.category(character)[0] in "LM" if character else False
    return is_letter and re.match(_JOINING, character) is not None and not is_undrawn(character)


def last_cut(text: str, limit: int) -> int:
    """The last boundary between graphemes up to `limit`: no flag, family or accented letter is cut in two."""
    cut = min(limit, len(text))
    while 0 < cut < len(text) and _holds_together(text, cut):
        cut -= 1
    return cut


def _holds_together(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if after in _JOINERS or unicodedata.category(after)[0] == "M" or re.match(_CONTINUES, after):
        return True
    if before == _ZERO_WIDTH_JOINER or re.match(_BEGINS, before) or _ends_with_virama(text, place):
        return True
    if re.match(_LEADS, before) and re.match(_HANGUL, after):
        return True
    if _is_regional(before) and _is_regional(after):
        return _regionals_before(text, place) % 2 == 1
    return False


def _ends_with_virama(text: str, place: int) -> bool:
    """Whether one of the marks before that place removes a letter's vowel and so joins the next letter to it."""
    for mark in reversed(text[max(0, place - _MOST_MARKS) : place]):
        if unicodedata.combining(mark) == _VIRAMA_CLASS:
            return True
        if mark not in _JOINERS and unicodedata.category(mark)[0] != "M":
            return False
    return False


_CONTINUES = "[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u0e33\u0eb3\u1160-\u11ff\ud7b0-\ud7fb\uff9e\uff9f]"
"""Emoji's skin tones, tags of flags, and letters of Thai, Lao and Korean that only continue a grapheme."""

_BEGINS = (
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3\U000113d1"
    "\U0001193f\U00011941\U00011a3a\U00011a84-\U00011a89\U00011d46\U00011f02]"
)
"""Letters and signs that are drawn as a part of the next character."""

_LEADS = "[\u1100-\u115f\ua960-\ua97c]"
_HANGUL = "[\u1100-\u115f\ua960-\ua97c\uac00-\ud7a3]"
"""Consonants that begin a syllable of Korean, and the letters that may follow one."""


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _regionals_before(text: str, place: int) -> int:
    start = place
    while start and _is_regional(text[start - 1]):
        start -= 1
    return place - start
