"""Task titles are written by others: what of them may be quoted."""

import re
import unicodedata

from oo.untrusted_text.characters import last_cut, visible

TITLE_LIMIT = 80
SHORTEST_TITLE = 24
# Beyond this no title gets any longer, whatever is dropped from it; a megabyte of text stays cheap.
_READ_LIMIT = 1000
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"'})
_NUMBER_BEFORE = re.compile(r"\d[\d.,:/ -]*\Z")


def clean_title(value: object) -> str:
    """The title on one line without control, zero-width and direction characters, at most 80 characters long.

    Double quotation marks become plain ones, so a title can not close the «» around it. Empty: not quotable.
    """
    if not isinstance(value, str):
        return ""
    text = value[:_READ_LIMIT]
    # Most titles are plain ASCII with nothing to drop: looking at every character took a third of an agent's time.
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", visible(text)).translate(_QUOTES)
    return shorten(" ".join(text.split()), TITLE_LIMIT)


def shorten(title: str, limit: int) -> str:
    """The title cut to `limit` characters with an ellipsis, never inside a number or a grapheme."""
    if len(title) <= limit:
        return title
    cut = last_cut(title, limit - 1)
    kept = title[:cut]
    if title[cut].isdigit() or (title[cut] in ".,:/-" and title[cut + 1 : cut + 2].isdigit()):
        kept = _NUMBER_BEFORE.sub("", kept)
    kept = kept.rstrip()
    return f"{kept}…" if kept else ""
