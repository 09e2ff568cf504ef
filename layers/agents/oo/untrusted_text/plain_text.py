"""A model's text as plain words: without entities, reasoning, special tokens and markup.

One step can create a mark that an earlier one removes, so all of them are repeated until nothing changes. A text that
still changes after a few rounds was built as an attack, and is rejected. Each step scans the text once.
"""

import json
import re
from collections.abc import Callable

from oo.untrusted_text.cleaning import clean
from oo.untrusted_text.entities import decoded

LONGEST_READ = 8_000
"""The characters read of a text; shown texts are far shorter."""

_ROUNDS = 6

_ESCAPE = re.compile(
    r"""(?P<path> (?<!\S) ["'(«]? (?: [A-Za-z]:\\ | \\\\(?![nrt]\\)[\w.-]+\\ ) [^\s«»"]* )
    | \\{1,4}(?P<blank>[nrt]) | \\(?P<mark>["'/]) | (?P<code>(?:\\u[0-9a-fA-F]{4})++)""",
    re.VERBOSE,
)
"""JSON escapes that stayed in the text. In a Windows path a backslash and an n are not a line break."""

_THOUGHT = re.compile(
    r"< ?(/?) ?(?:think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad)\b[^<>]*>"
    r"|\[(/?)THINK(?:ING)?\]|\u25c1(/?)think\u25b7",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"<[|\uff5c][^<>|\uff5c]{1,64}[|\uff5c]>|</?(?:s|eos|bos|pad|unk)>|\[/?INST\]|<</?SYS>>", re.IGNORECASE
)
_MAY_HOLD_MARKS = re.compile("[<[\u25c1]")
_REMOVED = "\0"
"""The placeholder of a removed part; `clean` leaves no such character in a text."""

_TAG = re.compile(r"<[A-Za-z!/?][^<>]*>")
_TAG_FORM = re.compile(
    r"</?[A-Za-z][\w.:-]*\s?/?>|</[A-Za-z][^<>]*>|<[!?][^<>]*>"
    r"""|<[A-Za-z][\w.:-]*\s(?=[^<>]*[\w-]\s?=\s?["'\w\#/])[^<>]*>"""
)
_BREAK = re.compile(r"</?(?:br|hr|p|div|li|[uo]l|t[rdh]|h[1-6])\b", re.IGNORECASE)
_TYPE = re.compile(r"<(?:[A-Z][a-z]\w+|[C-HJ-ORTV-Z]|bool|float|int|number|str|string)>")
"""A type in code, if it follows a name; no element of HTML has one of those letters as its name."""

_COMPARED = re.compile(r"(?<=\w)<(?=[A-Za-z])(?![^<>]*>)")

_MARKS = (
    ("](", re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)"), r"\1"),
    ("`", re.compile(r"(?<![0-9A-Za-z`])(`{1,2})([^`]+)\1(?![0-9A-Za-z`])"), r"\2"),
    ("*", re.compile(r"(?<![0-9A-Za-z*])(\*{1,3})(?=[^\s*])([^*]+)(?<=\S)\1(?![0-9A-Za-z*])"), r"\2"),
    ("~~", re.compile(r"(?<!~)~~(?=[^\s~])([^~]+)(?<=\S)~~(?!~)"), r"\1"),
)
"""Links and images, code, emphasis and struck words of Markdown: the pattern of each, and its replacement."""

_HEADING = re.compile(r"((?:(?:[-*+]|\d{1,9}[.)]) |> ?)*+)\#{1,6}(?: |$)")


def plain_text(text: str) -> str | None:
    """The words of a text on one line, or None if markup is left after every round.

    Reasoning that does not end, a special token between words and a tag that does not end are kept, so that
    `reply_policy` finds them.
    """
    return _settled(text, lambda told: _without_markup(_unhidden(told)))


def plain_text_of_readable(text: str) -> str | None:
    """`plain_text` for a text from `readable`: most have no markup and are finished."""
    return text if _without_markup(text) == text else plain_text(text)


def readable(text: str) -> str | None:
    """The text as for `plain_text`, but with its markup, which may contain an address."""
    return _settled(text, _unhidden)


def _settled(text: str, step: Callable[[str], str]) -> str | None:
    told = text[:LONGEST_READ]
    for _ in range(_ROUNDS):
        before, told = told, step(told)
        if told == before:
            return told
    return None


def _unhidden(text: str) -> str:
    text = clean(_without_escapes(decoded(text)))
    return clean(_without_thoughts(_without_tokens(text))) if _MAY_HOLD_MARKS.search(text) else text


def _without_escapes(text: str) -> str:
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    if match["code"]:
        return str(json.loads(f'"{match[0]}"'))
    return match["path"] or match["mark"] or " "


def _without_tokens(text: str) -> str:
    """The text without special tokens around it; one between words is kept, because another turn may follow it."""
    marked = _TOKEN.sub(_REMOVED, text).strip(f"{_REMOVED} ")
    return text if _REMOVED in marked else marked


def _without_thoughts(text: str) -> str:
    """The text without reasoning, including text before an end mark without a begin mark.

    A begin mark without an end mark is kept.
    """
    said: list[str] = []
    place, begun = 0, None
    for mark in _THOUGHT.finditer(text):
        if any(mark.groups()):
            said = said if begun is not None else []
            place, begun = mark.end(), None
        elif begun is None:
            said.append(text[place : mark.start()])
            begun = mark.start()
    return " ".join([*said, text[place if begun is None else begun :]])


def _without_markup(cleaned: str) -> str:
    bare = _without_marks(_without_tags(cleaned))
    return cleaned if bare == cleaned else clean(bare)


def _without_tags(text: str) -> str:
    return _COMPARED.sub(" < ", _TAG.sub(_instead_of_tag, text)) if "<" in text else text


def _instead_of_tag(match: re.Match[str]) -> str:
    tag = match[0]
    if _THOUGHT.match(tag):
        return tag
    is_behind_word = match.string[match.start() - 1 : match.start()].isalnum()
    if _TAG_FORM.fullmatch(tag) and not (is_behind_word and _TYPE.fullmatch(tag)):
        return " " if _BREAK.match(tag) else ""
    return f" < {tag[1:]}" if is_behind_word else tag


def _without_marks(text: str) -> str:
    for mark, form, words in _MARKS:
        if mark in text:
            text = form.sub(words, text)
    heading = _HEADING.match(text)
    return f"{heading[1]}{text[heading.end() :]}" if heading else text
