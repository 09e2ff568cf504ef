"""What a reply's text must not hold, whatever the model was talked into.

The offered titles are the user's own words: a title that holds an address may be named, so what a check finds inside a
title does not count. Only titles that the check would find are passed over: a title of one letter hides nothing.
"""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache

from oo.prompts.untrusted import CODE_FENCE, clean, fold, holds_address, is_invisible

LEAK_CHARACTERS = 60
"""From this many consecutive characters of the system prompt on, a text repeats the prompt."""


class Finding(StrEnum):
    """Why a text may not be shown."""

    URL = "url"
    CODE_FENCE = "code_fence"
    BOUNDARY = "boundary"
    PROMPT_LEAK = "prompt_leak"


def holds_url(text: str) -> bool:
    """Whether text holds an address, also in full-width letters."""
    return holds_address(fold(text))


def holds_code_fence(text: str) -> bool:
    """Whether text opens or closes a block of code."""
    return CODE_FENCE.is_in(text)


def holds_boundary(text: str, boundary: str) -> bool:
    """Whether text holds the data block's boundary; a prompt without one has an empty boundary."""
    return bool(boundary) and boundary in fold(text)


def repeats_prompt(text: str, system: str) -> bool:
    """Whether 60 consecutive characters of the system prompt occur in text; case and line breaks do not matter."""
    told, prompt = fold(text), _folded(system)
    return any(
        told[start : start + LEAK_CHARACTERS] in prompt for start in range(max(0, len(told) - LEAK_CHARACTERS + 1))
    )


@lru_cache(maxsize=16)
def _folded(system: str) -> str:
    """A system prompt holds nobody's data and is the same for many requests, so it is read once."""
    return fold(system)


def is_placeholder(text: str) -> bool:
    """Whether text says nothing: no letter of any script is in it, or it is a stand-in that a prompt itself shows."""
    if not any(character.isalpha() and not is_invisible(character) for character in text):
        return True
    return len(text) <= _LONGEST_PLACEHOLDER and _PLACEHOLDER.fullmatch(fold(text)) is not None


_LONGEST_PLACEHOLDER = 80
_PLACEHOLDER = re.compile(
    r"""
    \W* (?: id | content | rationale | kind | task_ref | candidates | string  # keys and types of the schema
        | t\d{1,2}  # a task's ref
        | link | e-mail | unusual\ text (?:,\ task\ t\d{1,2})?  # what stands for a title's text
    ) \W*
    """,
    re.VERBOSE,
)


def finding_in(text: str, *, system: str, boundary: str, titles: Iterable[str] = ()) -> Finding | None:
    """The worst thing that text holds beside the titles' own text, or None.

    `titles` are those of the offered tasks, as shown and as stored.
    """
    offered = [title for title in dict.fromkeys(titles) if title]
    checks: tuple[tuple[Finding, Callable[[str], bool]], ...] = (
        (Finding.PROMPT_LEAK, lambda told: repeats_prompt(told, system)),
        (Finding.BOUNDARY, lambda told: holds_boundary(told, boundary)),
        (Finding.URL, holds_url),
        (Finding.CODE_FENCE, holds_code_fence),
    )
    for finding, check in checks:
        if check(text) and check(_without([title for title in offered if check(title)], text)):
            return finding
    return None


def plain_text(text: str) -> str:
    """Text that no page draws as anything but text: cleaned, without tags, Markdown images and links."""
    bare = _LINK.sub(r"\1", clean(text))
    while (less := _TAG.sub("", bare)) != bare:
        bare = less
    return clean(_OPENED_TAG.sub("", bare))


_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_TAG = re.compile(r"<[A-Za-z!/?][^<>]*>")
_OPENED_TAG = re.compile(r"<(?=[A-Za-z!/?])")


def _without(titles: list[str], text: str) -> str:
    for title in sorted(titles, key=len, reverse=True):
        text = text.replace(title, "\n\N{BULLET}\n")
    return text
