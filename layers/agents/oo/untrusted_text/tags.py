"""HTML tags in untrusted text: those of a closed list of names, comments, and addresses in angle brackets.

All other text between angle brackets is the author's own: `List<String>`, `3 < 5`, `<name>`. Each parser scans the text
once.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAMES = _words(
    """
    a abbr acronym address applet area article aside audio b base bdi bdo big blockquote body br button canvas caption
    center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption
    figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label
    legend li link main map mark marquee math menu meta meter nav nobr noscript o:p object ol optgroup option output p
    param picture pre progress q rp rt ruby s samp script search section select slot small source span strike strong
    style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr
    """
)
_BREAKS = _words(
    """
    address article aside blockquote br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4
    h5 h6 header hr li main nav ol option p pre section table tbody td tfoot th thead title tr ul
    """
)
"""A page leaves space between their words."""

_TYPES = _words("data link map object option output section select source table time var")
"""Directly behind a word, and without an end, these are types of code: `Array<object>`."""

_FLAGS = _words(
    """
    allowfullscreen async autofocus autoplay checked controls default defer disabled hidden inert ismap itemscope loop
    multiple muted nomodule novalidate open playsinline readonly required reversed selected
    """
)
"""Attributes without a value."""

# Texts, not compiled: most titles hold no tag, and compiling takes its time of every cold start.
_COMMENT = r"<!--.*?-->"
_DECLARATION = r"(?i)<(?:!doctype|\?xml)\b[^<>]*>"
_VALUE = r"""=\s?(?:"[^"]*"|'[^']*')"""
_BRACKETS = r"<(?P<end>/?)(?P<name>[A-Za-z][\w:.-]*)(?P<rest>(?:[\s/][^<>]*)?)>|<[^\s<>]+>"
_UNFINISHED = r"<(?P<name>[A-Za-z][\w:.-]*)[\s/][^=]*=.*"
_END = r"</([A-Za-z][\w:.-]*)"
_ATTRIBUTE = r"""(?<![\w:.@-])[\w:.@-]++\s?=\s?(?:"[^"]*"|'[^']*'|[^\s"']+)"""
_ACTIVE = r"""(?i)[\s/"'](?:on[a-z]+|style|href|src|srcset|action|formaction|xlink:href)\s?="""
_ADDRESS = r"(?:[A-Za-z][\w+.-]{1,31}://|mailto:)\S+|[^\s@/]+@[^\s@/]+\.[^\s@/]+"
_HIDDEN = str.maketrans("<>", "\1\2")
_SHOWN = str.maketrans("\1\2", "<>")


def without_tags(text: str) -> str:
    """The clean text with one layer of tags removed; this may expose tags inside tags."""
    if "<" not in text:
        return text
    end = text.rfind("-->") + 3 if "-->" in text else 0
    text = re.sub(_COMMENT, "", text[:end]) + text[end:]
    # Angle brackets in an attribute's value end no tag.
    hidden = re.sub(_VALUE, lambda value: value[0].translate(_HIDDEN), text) if "=" in text else text
    ended = {name.lower() for name in re.findall(_END, hidden)}
    bare = re.sub(_BRACKETS, lambda tag: _instead(tag, ended), re.sub(_DECLARATION, "", hidden))
    begin = bare.rfind("<")
    cut_off = re.fullmatch(_UNFINISHED, bare[begin:]) if begin >= 0 else None
    is_tag = cut_off and ">" not in cut_off[0] and (_is_name(cut_off["name"]) or re.search(_ACTIVE, cut_off[0]))
    return (bare[:begin] if is_tag else bare).translate(_SHOWN)


def _instead(tag: re.Match[str], ended: set[str]) -> str:
    before, after = tag.string[tag.start() - 1 : tag.start()], tag.string[tag.end() : tag.end() + 1]
    inside = tag[0][1:-1]
    if re.fullmatch(_ADDRESS, inside):
        return f"{' ' if before.isalnum() else ''}{inside}{' ' if after.isalnum() else ''}"
    name, rest = tag["name"], tag["rest"]
    if name is None or not (_is_tag(tag, before, ended) or re.search(_ACTIVE, rest)):
        return tag[0]
    return " " if name.lower() in _BREAKS else ""


def _is_tag(tag: re.Match[str], before: str, ended: set[str]) -> bool:
    name, rest = tag["name"], tag["rest"]
    if not _is_name(name):
        return False
    if tag["end"] or name.lower() in ended:
        return True
    if _is_word(before) and (rest.strip(" /") or name.lower() in _TYPES or name != name.lower()):
        return name.isupper() and len(name) > 1 and not rest
    return _has_attributes_only(rest)


def _has_attributes_only(rest: str) -> bool:
    words = re.sub(_ATTRIBUTE, " ", rest).replace("/", " ").lower().split()
    return all(word in _FLAGS or word.startswith(("data-", "aria-")) for word in words)


def _is_name(name: str) -> bool:
    return name.lower() in _NAMES


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
