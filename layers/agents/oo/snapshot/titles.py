"""Task titles are written by others: what of them may be quoted."""

import re

from oo.untrusted_text.characters import last_cut
from oo.untrusted_text.cleaning import clean

TITLE_LIMIT = 80
SHORTEST_TITLE = 24
# Beyond this no title gets any longer, whatever is dropped from it; a megabyte of text stays cheap.
_READ_LIMIT = 1000
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"'})
_NUMBER_BEFORE = re.compile(r"\d[\d.,:/ -]*\Z")


def read_title(value: object) -> str:
    """The title, clean and at most 80 characters long; empty where nothing of it can be quoted."""
    return as_title(clean(value[:_READ_LIMIT])) if isinstance(value, str) else ""


def as_title(cleaned: str) -> str:
    """A clean text as a title is quoted: plain double quotation marks, which do not close the «» around it."""
    return shorten(" ".join(cleaned.translate(_QUOTES).split()), TITLE_LIMIT)


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
