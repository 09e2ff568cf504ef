"""Extract the JSON from a model's text, without guessing: broken, truncated and draft JSON is rejected.

Any text is scanned once: each brace opens or closes one value, and no value is searched for inside another. The reason
of an error names the fault of "the reply"; it is read by people, and by the model in a correction.
"""

import json
import re
from collections.abc import Callable, Iterator

from oo.errors import LLMBadOutput
from oo.llm.thoughts import without_thoughts

NOTHING = object()
"""The result for text that is not JSON; JSON's own null is None."""

_SEVERAL = "it held several JSON objects, and nothing says which one is meant"
_NOT_JSON = "it was not valid JSON"
_ENDS_EARLY = "its JSON ended in the middle"
_MOST_VALUES = 100
"""In prose; text with more braces is not an answer."""

_DECODER = json.JSONDecoder(strict=False)
_BLANKS = "".join(
    map(
        chr,
        (
            *range(0x21),
            *range(0x7F, 0xA1),
            *(0xAD, 0x1680, 0x180E, 0x3000, 0xFEFF),
            *range(0x2000, 0x2010),
            *range(0x2028, 0x2030),
            *range(0x205F, 0x2070),
        ),
    )
)
"""White space, control characters and the common characters without width."""

SPECIAL = re.compile(
    r"""
    (?: \s
      | <[|\uff5c](?![^<>|\uff5c]{0,40}(?:think|thought|reason|channel|message))[^<>|\uff5c]{1,40}[|\uff5c]>
      | </?(?:s|bos|eos|eot|pad|unk|(?:start|end)_of_(?:turn|text|utterance)|im_start|im_end|endoftext)>
      | \[/?INST\] | <</?SYS>> | \[(?:BOS|EOS|PAD|SEP|CLS|end\ of\ text)\]
    )++
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Tokens without content, except those around reasoning."""
_LONGEST_ENDING = 500
"""Characters in which special tokens are looked for behind a text."""

_FENCE = re.compile(r"(`{3,}+|~{3,}+)[^\n{\[\"`~]*+")
_VALUE_OR_STRAY = re.compile(r"\{|\[(?=\s*+\{)|\}")
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?P<closed>"?)'
_BLANK = re.compile(r"\s")
_TOKENS = {
    "{": re.compile(_STRING + r"|[{}]", re.DOTALL),
    "[": re.compile(_STRING + r"|[\[\]]", re.DOTALL),
}
_LIKE_AN_OBJECT = re.compile(r"""[{\[]\s*+(?:["'\u2018-\u201d`{}\[\]]|/[/*]|[^\s:={}"]{1,40}\s*+[:=])""")


def read_value(text: str, is_asked: Callable[[object], bool], *, is_cut: bool = False) -> object:
    """The one JSON value of a reply. Raises LLMBadOutput.

    It is the whole text, the whole of a code fence, or, if the text is not truncated, the one value in prose for which
    `is_asked` is true. Another value in prose is returned only if it is the only one, so that its error can be named.
    """
    value = parsed(text)
    if value is not NOTHING:
        return value
    if not _bare(text):
        raise LLMBadOutput("it held no text" if text.strip(_BLANKS) else "it was empty")
    answer, ends_in_thoughts = without_thoughts(text)
    if ends_in_thoughts or not answer.strip():
        raise LLMBadOutput("it held thoughts and no answer after them")
    value = parsed(answer)
    if value is NOTHING:
        value = _only_value(answer, is_asked)
        if is_cut:
            raise LLMBadOutput("its JSON had other text around it, and ended early")
    return value


def parsed(text: str) -> object:
    """The text as JSON, optionally inside one code fence and special tokens; NOTHING if it is not JSON."""
    bare = _bare(text)
    value = _json(bare)
    opening = _FENCE.match(bare) if value is NOTHING else None
    if opening:
        body = bare[opening.end() :]
        inner = body.rstrip(opening[1][0])
        if len(body) - len(inner) >= 3:
            value = _json(inner)
    return value


def _bare(text: str) -> str:
    """The text without invisible characters and special tokens around it."""
    visible = text.strip(_BLANKS)
    begins = SPECIAL.match(visible)
    begin, end = begins.end() if begins else 0, len(visible)
    if visible.endswith((">", "]")):
        for tokens in SPECIAL.finditer(visible, max(begin, end - _LONGEST_ENDING)):
            if tokens.end() == len(visible):
                end = tokens.start()
    return visible[begin:end].strip(_BLANKS)


def _json(text: str) -> object:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        return NOTHING


def _only_value(text: str, is_asked: Callable[[object], bool]) -> object:
    """The one value in prose; a value after it must not look like the answer."""
    asked: list[object] = []
    others: list[object] = []
    holds_broken = is_doubtful = False
    for part in _values(text):
        value = _json(part)
        if value is NOTHING:
            is_broken = _LIKE_AN_OBJECT.match(part) is not None
            holds_broken = holds_broken or is_broken
            is_doubtful = is_doubtful or (is_broken and bool(asked))
        elif is_asked(value):
            asked.append(value)
        else:
            others.append(value)
            is_doubtful = is_doubtful or (bool(asked) and _speaks(part))
    if len(asked) == 1 and not is_doubtful:
        return asked[0]
    if not asked and len(others) == 1 and not holds_broken:
        return others[0]
    raise LLMBadOutput(_SEVERAL if asked or len(others) > 1 else _NOT_JSON)


def _values(text: str) -> Iterator[str]:
    """The parts of a text from a brace to its counterpart, JSON or not, in order."""
    position = 0
    for _ in range(_MOST_VALUES):
        found = _VALUE_OR_STRAY.search(text, position)
        if found is None:
            return
        position = _end_of_value(text, found.start())
        yield text[found.start() : position]
    raise LLMBadOutput(_SEVERAL)


def _end_of_value(text: str, start: int) -> int:
    # An unmatched closing brace: from here on the nesting is unknown.
    if text[start] == "}":
        raise LLMBadOutput(_NOT_JSON)
    depth = 0
    for token in _TOKENS[text[start]].finditer(text, start):
        if token["closed"] is None:
            depth += 1 if token[0] in "{[" else -1
        if depth == 0:
            return token.end()
    is_json = _LIKE_AN_OBJECT.match(text, start) is not None
    raise LLMBadOutput(_ENDS_EARLY if is_json else _NOT_JSON, ends_early=is_json)


def _speaks(part: str) -> bool:
    """Whether JSON contains a text of several words: it may be the answer in a wrong shape."""
    return any(_BLANK.search(token[0].strip('" ')) for token in _TOKENS["{"].finditer(part))
