"""Task titles, which are untrusted: the parts that may be quoted.

A task has one display title, made by `read_title`: the words of the title on one line, without markup, with the hosts
of its addresses. Snippets, prompts and tips show it, and all comparisons of titles use it.
"""

import re
from itertools import islice

from oo.untrusted_text.characters import last_cut
from oo.untrusted_text.cleaning import READ_CHARACTERS, clean
from oo.untrusted_text.entities import decoded
from oo.untrusted_text.hosts import show_hosts
from oo.untrusted_text.markdown import without_markdown
from oo.untrusted_text.tags import without_tags

TITLE_LIMIT = 80
SHORTEST_TITLE = 24
_ROUNDS = 3
"""One round may uncover a layer that the next one removes. A text with more layers keeps the rest of them."""

_BRACKETS = str.maketrans({"<": None, ">": None})
_MARK = re.compile(r"[<&\]]|\*+|`+|~+|__+")
_MOST_MARKS = 40
"""A title with more marks of markup is read as far as that: each one takes its time."""

# A text, not compiled: most titles hold none, and compiling takes a quarter of a millisecond of every cold start.
_IN_ADDRESSES = "[@/.:\u2024-\u2026\u2100-\u2106\u2488-\u249b\u2a74\u33c2-\u33d8\ufe13-\ufe6b\uff0e-\uff20\U0001f100]"
"""Each address has one of these: the four signs, and all that is drawn as one of them."""

_PLAIN = re.compile(r"[ !\"#$%'()+,;=>?\[\\^{|}0-9A-Za-z-]{0,80}")
"""Most titles: nothing in them is a mark, a part of an address or an odd character."""

_NUMBER_BEFORE = re.compile(r"\d[\d.,:/ -]*\Z")


def read_title(value: object) -> str:
    """The display title, at most 80 characters long; empty if nothing of the title can be quoted."""
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return " ".join(value.split())
    title = _cut(displayed(value))
    # Truncation may leave a mark before the ellipsis that did not count as one while a letter followed it.
    for _ in range(_ROUNDS if title.endswith("…") else 0):
        before, title = title, _cut(_displayed(title))
        if title == before:
            break
    return title


def displayed(value: object) -> str:
    """The display title before truncation, up to the length to which titles are read."""
    return _displayed(_read(value))


def given_title(value: str) -> str:
    """The title with its markup and addresses, truncated in the same way: a model may know it in this form."""
    return _cut(_read(value))


def _read(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return clean(value if len(value) <= READ_CHARACTERS else value[: last_cut(value, READ_CHARACTERS)])


def _cut(title: str) -> str:
    return shorten(_with_plain_quotes(title), TITLE_LIMIT)


def _with_plain_quotes(text: str) -> str:
    """Double quotation marks that do not close the «» around a title."""
    for mark in "" if text.isascii() else "«»“”":
        text = text.replace(mark, '"')
    return text


def _displayed(cleaned: str) -> str:
    words = _without_markup(_with_plain_quotes(cleaned))
    if not re.search(_IN_ADDRESSES, words):
        return words
    shown = clean(show_hosts(words))
    # A shortened address may expose a mark at a word's end.
    bare = shown if shown == words else _without_markup(shown)
    return shown if bare == shown else clean(show_hosts(bare))


def _without_markup(text: str) -> str:
    """The text after repeating the step until nothing changes, at most three times."""
    if not _MARK.search(text):
        return text
    last = next(islice(_MARK.finditer(text), _MOST_MARKS, None), None)
    text = text[: last.start()] if last else text
    for _ in range(_ROUNDS):
        before, text = text, _without_a_layer(text)
        if text == before:
            return text
    # Tags within tags within tags are an attack.
    return text if without_tags(text) == text else text.translate(_BRACKETS)


def _without_a_layer(text: str) -> str:
    bare = without_tags(text)
    told = _with_plain_quotes(clean(decoded(bare))) if "&" in bare or bare != text else text
    return clean(without_markdown(told if told == text else without_tags(told)))


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
