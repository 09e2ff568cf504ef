"""Separate a model's reasoning from its answer, with the marks of any model or server.

Marks differ between servers, and the opening one is often missing, because chat templates put it into the prompt. So
everything before the last closing mark counts as reasoning.
"""

import re
from typing import NamedTuple

_NAMES = "think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad"
_MARK = re.compile(
    rf"""
      (?: < | &lt; | \uff1c ) \s{{0,3}}+ (?P<tag>/?+) \s{{0,3}}+ (?: [\w-]{{1,20}}+: )?+ (?: {_NAMES} )
      (?: \s[^<>]{{0,200}}+ )?+ (?: > | &gt; | \uff1e )
    | \[ (?P<bracket>/?+) (?: {_NAMES} ) \]
    | \u25c1 (?P<triangle>/?+) (?: {_NAMES} ) \u25b7
    | <[|\uff5c] (?P<token> / | end[\W_] )?+ [^<>|\uff5c]{{0,20}}? (?: {_NAMES} ) [^<>|\uff5c]{{0,20}}+ [|\uff5c]>
    | <\|channel> | (?P<channel> <channel\|> )
    | \A\s{{0,8}} analysis(?=[A-Z]) | (?P<bare> assistantfinal )  # channels whose tokens the server left out
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PART_OF_A_MARK = re.compile("think|thought|reasoning|reflection|analysis|scratchpad|channel|final", re.IGNORECASE)
_CHANNEL, _MESSAGE = "<|channel|>", "<|message|>"
_MESSAGE_END = re.compile(r"<\|(?:end|return|call|start)\|>")
_FINAL = re.compile(r"\s*final\b")


class Said(NamedTuple):
    """A reply without its reasoning. `ends_in_thoughts` is true if no answer follows the reasoning."""

    answer: str
    ends_in_thoughts: bool


def without_thoughts(text: str) -> Said:
    """The part of a reply that is the answer; of channels, only the final one."""
    begin, end = _last_answer(text)
    if _CHANNEL not in text and _MESSAGE not in text:
        return Said(text[begin:end], ends_in_thoughts=end is not None)
    finals = _final_messages(text[begin:])
    answer = "\n".join(finals)
    begin, end = _last_answer(answer)
    return Said(answer[begin:end], ends_in_thoughts=end is not None or not finals)


def _last_answer(text: str) -> tuple[int, int | None]:
    """The place behind the last closing mark, and that of the first opening mark behind it."""
    closed, opened = 0, None
    # Most texts contain no mark, so this skips the check of each bracket.
    for mark in _MARK.finditer(text) if _PART_OF_A_MARK.search(text) else ():
        if any(mark.groups()):
            closed, opened = mark.end(), None
        elif opened is None:
            opened = mark.start()
    return closed, opened


def _final_messages(text: str) -> list[str]:
    parts = (part.partition(_MESSAGE) for part in text.split(_CHANNEL))
    return [_MESSAGE_END.split(body, maxsplit=1)[0] for header, found, body in parts if found and _FINAL.match(header)]
