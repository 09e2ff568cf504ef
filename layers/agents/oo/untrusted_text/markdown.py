"""Inline marks of Markdown: links, images, code, emphasis, struck words.

A mark is literal if it is escaped, if it has no partner, and if it would begin inside a word ("2**3**4"). Single
underscores are kept, as are Python's names such as `__init__`. Each parser scans the text once.
"""

import re

# Texts, not compiled: most titles hold no mark, and compiling takes its time of every cold start.
_BRACKETS = r"""(?x)
    \\. | !?\[
    | \] (?: \(\s? (?P<to>
        <[^<>]*>
        | (?:\\. | [^\s()\\] | \((?:\\. | [^\s()\\])*+\))*+
        | (?:https?://|www\.)[^()]*+
    ) (?:\s (?:"[^"]*" | '[^']*' | \([^()]*\)))? \s?\) )?
"""
_OF_ADDRESSES = frozenset("/.:#@")
_UNDERLINED = r"(?<![\\\w.])__(?=[^\s_])((?:[^_]|_(?!_))*+)(?<=[^\s_])__(?![\w(]|\.\w)"
_SPECIAL_NAME = (
    "(?:all|call|class|del|dict|doc|enter|eq|exit|file|future|getattr|getitem|hash|init|iter|len|main|module|name|new"
    "|next|post_init|pycache|repr|slots|str|version)"
)
_STRUCK = r"(?<![\\~])~~(?=[^\s~])((?:[^~]|~(?!~))*+)(?<=\S)~~(?!~)"


def without_markdown(text: str) -> str:
    """The text with one layer of inline marks removed; this may expose marks inside code or escapes."""
    if "`" in text:
        text = _without_code(text)
    if "](" in text:
        text = _without_links(text)
    if "*" in text:
        text = _without_emphasis(text)
    if "__" in text:
        text = re.sub(_UNDERLINED, lambda bold: bold[0] if re.fullmatch(_SPECIAL_NAME, bold[1]) else bold[1], text)
    return re.sub(_STRUCK, r"\1", text) if "~~" in text else text


def _without_code(text: str) -> str:
    runs = list(re.finditer("`+", text))
    partners: list[int | None] = []
    nearest: dict[int, int] = {}
    for index in reversed(range(len(runs))):
        length = len(runs[index][0])
        partners.append(nearest.get(length))
        nearest[length] = index
    partners.reverse()
    kept: list[str] = []
    place = index = 0
    while index < len(runs):
        partner = partners[index]
        if partner is None or not _holds_code(text, runs[index], runs[partner]):
            index += 1
            continue
        kept += [text[place : runs[index].start()], text[runs[index].end() : runs[partner].start()]]
        place, index = runs[partner].end(), partner + 1
    return "".join([*kept, text[place:]])


def _holds_code(text: str, begin: re.Match[str], end: re.Match[str]) -> bool:
    """Whether two runs of ticks enclose code; one inside a word or before one is an apostrophe."""
    if text[begin.start() - 1 : begin.start()] == "\\" or _is_word(text[begin.start() - 1 : begin.start()]):
        return False
    return not (text[end.start() - 1].isspace() and _is_word(text[end.end() : end.end() + 1]))


def _without_links(text: str) -> str:
    replaced: list[tuple[int, int, str]] = []
    opened: list[re.Match[str]] = []
    for mark in re.finditer(_BRACKETS, text):
        sign = mark[0]
        if sign in ("[", "!["):
            opened.append(mark)
        elif sign[0] == "]" and opened:
            begin, target = opened.pop(), mark["to"]
            is_image = begin[0] == "!["
            if target is not None and (is_image or _is_link(text, begin.start(), target)):
                has_words = is_image or text[begin.end() : mark.start()].strip()
                replaced += [(*begin.span(), ""), (*mark.span(), "" if has_words else f" {target} ")]
    kept: list[str] = []
    place = 0
    for start, end, instead in sorted(replaced):
        kept += [text[place:start], instead]
        place = end
    return "".join([*kept, text[place:]])


def _is_link(text: str, start: int, target: str) -> bool:
    """Whether brackets and parentheses are a link; directly after a word they may be an index and a call."""
    before = text[start - 1 : start]
    return not (before.isalnum() or before in ("_", ")", "]")) or not _OF_ADDRESSES.isdisjoint(target)


def _without_emphasis(text: str) -> str:
    """Match the runs of asterisks: each closing one takes as many as it can from the opening runs before it."""
    words: list[str] = []
    stars: list[int] = []
    opened: list[int] = []
    place = 0
    for run in re.finditer(r"\\.|\*+", text):
        if run[0].startswith("\\"):
            continue
        words.append(text[place : run.start()])
        place = run.end()
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 2]
        left = len(run[0])
        is_end = before.isalnum() or not _is_word(after[:1]) or left > 1
        if is_end and before and not before.isspace() and before != "/":
            while left and opened:
                taken = min(left, stars[opened[-1]])
                left -= taken
                stars[opened[-1]] -= taken
                if not stars[opened[-1]]:
                    opened.pop()
        if left and not _is_word(before) and re.match(r"(?!\s|/|\.\w).", after):
            opened.append(len(stars))
        stars.append(left)
    return "".join(word + "*" * number for word, number in zip(words, stars, strict=True)) + text[place:]


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
