"""Untrusted text made safe for a prompt: cleaned, encoded on one line, fenced by a boundary.

Cleaning and encoding keep data inside its line, the boundary keeps it inside its block. Neither stops a model from
following its data, so replies are checked as well (`reply_policy`).
"""

import json
import re
import unicodedata
from hashlib import sha256
from typing import NamedTuple, NewType

from oo.untrusted_text.characters import visible

LINK = "(link)"
BOUNDARY_CHARACTERS = 12
READ_CHARACTERS = 4_000
"""The characters read of a text if its field has no limit of its own; no shown text is longer."""

_TOP_LEVEL_DOMAINS = (
    "ai|app|at|au|be|biz|blog|br|ca|ch|cloud|cn|co|com|de|dev|dk|edu|es|eu|example|fi|fm|fr|gd|gg|gl|gle|gov|ie|in|info"
    "|io|it|jp|kr|link|ly|me|mx|net|nl|nz|online|org|page|pt|ru|se|shop|site|store|test|tk|to|top|tv|uk|us|xyz"
    r"|\u0440\u0444|\u0443\u043a\u0440|xn--[\w-]{1,59}"  # .рф, .укр
)

URL = re.compile(
    rf"""
    (?:\b(?:[a-z][a-z0-9+.-]{{1,20}}://|mailto:|javascript:|vbscript:|data:[a-z]+/|www\.)
    | (?<![\w:/])//[\w-]+\.[\w-]
    | (?<![\w-])(?<!\w\.)(?:[\w-]{{1,63}}\.){{1,9}}(?:{_TOP_LEVEL_DOMAINS})(?::\d+)?[/?\#](?=[\w/?\#~@%=&-])
    )[^\s«»"<>]*
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A scheme, `www.`, or a common domain followed by a path. Names such as README.md or ASP.NET are not addresses."""

_ADDRESS_MARK = re.compile(r"//|[Ww]\.|[OoTtAa]:|\.[\w-]{2,}(?::\d+)?[/?#]")
"""Each address has one of these parts, so that most texts are done without looking for whole ones."""

CODE_FENCE = re.compile(r"```|~~~")


class Suspicion(NamedTuple):
    """A family of text, and the parts of which every such text has at least one."""

    parts: tuple[str, ...]
    form: re.Pattern[str]

    def is_in(self, folded: str) -> bool:
        """Whether the text is of this family. Most texts have no such part, and need no search by the expression."""
        for part in self.parts:
            if part in folded:
                return self.form.search(folded) is not None
        return False


SUSPICIONS = (
    Suspicion(
        ("ignore", "disregard", "override", "forget"),
        re.compile(
            r"\b(?:ignore|disregard|override|forget)\b.{0,40}\b(?:instruction|previous|above|system|prompt|rule)"
            r"|\b(?:instruction|previous|above|system|prompt|rule)s?\b.{0,40}\b(?:ignore|disregard|override|forget)"
        ),
    ),
    Suspicion(
        ("system", "hidden", "your"),
        re.compile(
            r"\b(?:print|reveal|repeat|show|output|say|leak)\b.{0,40}"
            r"\b(?:system|hidden|your)\b.{0,20}\b(?:prompt|instruction|rule|message)"
        ),
    ),
    Suspicion(
        ("system", "assistant", "user", "developer", "human", "<", "|>", "inst]"),
        re.compile(
            r"\b(?:system|assistant|user|developer|human)\s*:|<\||\|>|\[/?inst\]|<</?sys>>"
            r"|</?(?:system|assistant|user|instructions?)\b"
        ),
    ),
    Suspicion(('"', "'"), re.compile(r"""["'](?:content|rationale|candidates|role)["']\s*:""")),
    Suspicion(("end ", "data "), re.compile(r"\b(?:end|data) [0-9a-f]{8,}\b")),
    Suspicion(("<", "!["), re.compile(r"<[a-z!/][^<>]*>|!\[[^\[\]]*\]\(")),
    Suspicion(("```", "~~~"), CODE_FENCE),
)
"""Families of text that a task's title has no reason to hold; one alone may be a coincidence, two are not."""


_LATIN = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u024f]*")
"""Texts of visible Latin characters alone, « and » among them: most texts that are not ASCII."""


def clean(text: str) -> str:
    """One line of visible text in NFC, without characters that hide, reorder or break lines, with single spaces."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if _LATIN.fullmatch(text):
        return unicodedata.normalize("NFC", " ".join(text.split()))
    # Composed last: an invisible character may have separated a letter from its accent.
    return unicodedata.normalize("NFC", " ".join(visible(text).split()))


Folded = NewType("Folded", str)
"""Text without width, style and case: for comparing, never for showing."""


def fold(text: str) -> Folded:
    """Any text without width, style, case and invisible characters."""
    return fold_clean(clean(text))


def fold_clean(cleaned: str) -> Folded:
    """`fold` for a text from `clean`."""
    # In most texts only the case changes, and the two expressions would scan every character.
    if cleaned.isascii():
        return Folded(cleaned.lower())
    return Folded(unicodedata.normalize("NFKC", _LONG.sub(" ", _UNCOMPARED.sub("", cleaned))).casefold())


_UNCOMPARED = re.compile("[\u200c\u200d\ufe0f\U000e0020-\U000e007f]")
"""Characters that `clean` keeps for display only."""

_LONG = re.compile("[\u3300-\u3357\ufdfa\ufdfb]")
"""Japanese words in one square and two Arabic phrases: NFKC makes up to 6, 18 and 8 characters of one."""


def hide_links(text: str) -> str:
    """Every address as "(link)"; text whose full-width or styled letters spell an address is shown unstyled."""
    hidden = URL.sub(LINK, text) if holds_address(text) else text
    plain = unicodedata.normalize("NFKC", hidden)
    return URL.sub(LINK, plain) if holds_address(plain) else hidden


def holds_address(text: str) -> bool:
    """Whether `URL` is in the text."""
    return _ADDRESS_MARK.search(text) is not None and URL.search(text) is not None


def looks_like_instructions(folded: Folded) -> bool:
    """Whether text contains at least two signs of an attempt to steer the model."""
    return _marks_of_steering(folded) >= 2


def shows_instructions(displayed: str, given: str) -> bool:
    """The same for a clean title; its markup and addresses count as signs, in addition to one left in its display."""
    shown = _marks_of_steering(fold_clean(displayed))
    return shown >= 2 or (shown == 1 and _marks_of_steering(fold_clean(given)) >= 2)


def _marks_of_steering(folded: Folded) -> int:
    return sum(suspicion.is_in(folded) for suspicion in SUSPICIONS) + holds_address(folded)


def data_line(**values: object) -> str:
    """One JSON object on one line, without nulls; no character can be read as markup or as the end of a line."""
    given = {name: value for name, value in values.items() if value is not None}
    return _MARKUP.sub(lambda match: f"\\u{ord(match[0]):04x}", _WRITER.encode(given))


_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_MARKUP = re.compile(r"[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def boundary_of(block: str, characters: int = BOUNDARY_CHARACTERS) -> str:
    """Hexadecimal digits that do not occur in the block.

    They are a hash of the whole block, so the same block has the same boundary, and the author of one title in it
    cannot know them beforehand.
    """
    digest = block
    while True:
        digest = sha256(digest.encode()).hexdigest()
        if digest[:characters] not in block:
            return digest[:characters]
