"""Checks on a text for a user, against a model that follows instructions in its data.

The offered titles are the user's own words: a title that contains an address may be quoted, so a match inside a title
does not count. Only titles that the check itself would match are exempt: a title of one letter hides nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from oo.untrusted_text.addresses import addresses_in, holds_address, with_hosts, without_addresses
from oo.untrusted_text.characters import is_undrawn
from oo.untrusted_text.cleaning import CODE_FENCE, fold, fold_clean
from oo.untrusted_text.entities import loosely_decoded
from oo.untrusted_text.plain_text import LONGEST_READ, plain_text, plain_text_of_readable, readable

LEAK_CHARACTERS = 60
"""From this many consecutive characters of the system prompt on, a text repeats the prompt."""

LEAK_LETTERS = 50
"""The same for its letters and digits alone, with any characters between them."""

_DECODED = 3
"""Times that a page may read entities before it shows a text."""


class Finding(StrEnum):
    """The reasons for which a text must not be shown, worst first."""

    PROMPT_LEAK = "prompt_leak"
    BOUNDARY = "boundary"
    URL = "url"
    CODE_FENCE = "code_fence"
    CHAT_MARK = "chat_mark"
    JSON = "json"
    MARKUP = "markup"
    UNSETTLED = "unsettled"


class Shown(NamedTuple):
    """A text for a user, and the worst finding in it or in the parts that were removed."""

    text: str
    finding: Finding | None


def shown(
    text: str, *, system: str, boundary: str, titles: Sequence[str], displayed: Collection[str] = frozenset()
) -> Shown:
    """A model's text in plain words; an address of an offered title is replaced by its host.

    `titles` are the offered ones in every form, `displayed` their display titles: one of these between «» is the user's
    own and is not changed.
    """

    def found(told: str, among: Iterable[Finding]) -> Finding | None:
        return finding_in(told, system=system, boundary=boundary, titles=titles, among=among)

    quoted = _Quoted(text[:LONGEST_READ], displayed)
    read = readable(quoted.text)
    plain = None if read is None else plain_text_of_readable(read)
    if read is None or plain is None:
        return Shown("", found(quoted.text, [Finding.PROMPT_LEAK]) or Finding.UNSETTLED)
    given = addresses_in(_as_told(titles)) - addresses_in(displayed) if holds_address(plain) else frozenset[str]()
    told = with_hosts(plain, given)
    # A tag can hide or assemble a link, so both texts are checked.
    finding = (found(read, _BEHIND_MARKUP) if read != told else None) or found(told, Finding)
    return Shown(quoted.restored(told), finding)


class _Quoted:
    """A text with a placeholder for each of the titles that it quotes."""

    def __init__(self, text: str, titles: Collection[str]) -> None:
        self._titles: list[str] = []
        self.text = _QUOTED.sub(lambda quoted: self._stand_in(quoted[0], titles), text) if titles else text

    def _stand_in(self, title: str, titles: Collection[str]) -> str:
        if title not in titles:
            return title
        self._titles.append(title)
        return f"{_PRIVATE}{len(self._titles) - 1}{_PRIVATE}"

    def restored(self, told: str) -> str:
        """The checked text with its titles restored."""
        titles = dict(enumerate(self._titles))
        return _STAND_IN.sub(lambda found: titles.get(int(found[1]), found[0]), told) if titles else told


_QUOTED = re.compile(r"(?<=«)[^«»\n]+(?=»)")
_PRIVATE = "\ue000"
_STAND_IN = re.compile(rf"{_PRIVATE}([0-9]{{1,4}}){_PRIVATE}")


def finding_in(
    text: str, *, system: str, boundary: str, titles: Iterable[str] = (), among: Iterable[Finding] = Finding
) -> Finding | None:
    """The worst finding in the text outside the titles, or None.

    `titles` are those of the offered tasks, in every form that a reply may repeat.
    """
    checks: dict[Finding, Callable[[_Text], bool]] = {
        Finding.PROMPT_LEAK: lambda told: _repeats(told, _prompt(system)),
        Finding.BOUNDARY: lambda told: bool(boundary) and boundary in told.folded,
        Finding.CODE_FENCE: lambda told: bool(CODE_FENCE.search(told.text) or CODE_FENCE.search(told.decoded)),
        **_IN_ANY_READING,
    }
    told = _Text(text)
    for finding in among:
        check = checks.get(finding)
        if check and check(told) and check(_Text(_apart(text, titles, check))):
            return finding
    return None


class _Text:
    """The readings of a text: each is made once, and only if a check needs it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def decoded(self) -> str:
        """The text with entities decoded, even those of entities."""
        text = self.text
        for _ in range(_DECODED if "&" in text else 0):
            text = loosely_decoded(text)
        return text

    @cached_property
    def folded(self) -> str:
        """The text without case and width."""
        return _folded(self.text)

    @cached_property
    def readings(self) -> frozenset[str]:
        """All readings."""
        decoded = self.folded if self.decoded == self.text else _folded(self.decoded)
        return frozenset({self.text.casefold(), self.folded, decoded})


def _folded(text: str) -> str:
    """The folded text, up to the length that is checked.

    Folding makes up to six characters of one; a text that is short enough to be shown is not truncated.
    """
    return fold(text[:LONGEST_READ])[:LONGEST_READ]


def _in_any_reading(search: Callable[[str], object]) -> Callable[[_Text], bool]:
    return lambda told: any(map(search, told.readings))


_EMPHASIS = re.compile("[*`]|~~")
"""Marks inside of a word, which `plain_text` leaves there and Markdown does not show."""

_IN_ANY_READING = {
    Finding.URL: _in_any_reading(lambda told: holds_address(told) or holds_address(_EMPHASIS.sub("", told))),
    Finding.CHAT_MARK: _in_any_reading(
        re.compile(
            r"<\||<</?sys|\[/?(?:inst|think|system_prompt|available_tools|tool_calls|tool_results|[be]os)\]|\u25c1/?think"
        ).search
    ),
    Finding.JSON: _in_any_reading(re.compile(r"""\{\s*["'\u201c\u201d]""").search),
    Finding.MARKUP: _in_any_reading(re.compile(r"<[a-z!/?]|\]\(").search),
}
_BEHIND_MARKUP = (Finding.PROMPT_LEAK, Finding.BOUNDARY, Finding.URL, Finding.CODE_FENCE)


def _apart(text: str, titles: Iterable[str], check: Callable[[_Text], bool]) -> str:
    """The text without those titles, and those addresses in titles, that the check would find.

    A title counts only as whole words: one of "javascript:" does not exempt the text after it.
    """
    found = [title for title in _as_told(titles) if check(_Text(title))]
    if not found:
        return text
    longest_first = "|".join(map(re.escape, sorted(found, key=len, reverse=True)))
    apart = re.sub(rf"(?<![0-9A-Za-z_/.:@-])(?:{longest_first})(?![0-9A-Za-z_/:@]|[.-]\w)", "\n\N{BULLET}\n", text)
    return without_addresses(apart, addresses_in(found))


def _as_told(titles: Iterable[str]) -> list[str]:
    """The titles unchanged and in plain words."""
    return [told for told in dict.fromkeys(each for title in titles for each in (title, plain_text(title))) if told]


class _Runs:
    """The runs of a given length in a text that another text must not share."""

    def __init__(self, text: str, length: int) -> None:
        self._length, self._half = length, length // 2
        self._runs = frozenset(_windows(text, length))
        self._halves = frozenset(_windows(text, self._half))

    def are_in(self, text: str) -> bool:
        """Whether the text shares one: a run contains a piece of half its length, and those are searched first."""
        pieces = (text[start : start + self._half] for start in range(0, len(text), self._half))
        return not self._halves.isdisjoint(pieces) and not self._runs.isdisjoint(_windows(text, self._length))


class _Prompt(NamedTuple):
    characters: _Runs
    letters: _Runs


@lru_cache(maxsize=16)
def _prompt(system: str) -> _Prompt:
    """The runs of a system prompt, cached: it contains no user's data and is the same for many requests."""
    folded = fold(system)
    return _Prompt(_Runs(folded, LEAK_CHARACTERS), _Runs(_letters(folded), LEAK_LETTERS))


def _repeats(told: _Text, prompt: _Prompt) -> bool:
    return prompt.characters.are_in(told.folded) or prompt.letters.are_in(_letters(told.folded))


def _windows(text: str, length: int) -> Iterator[str]:
    return (text[start : start + length] for start in range(len(text) - length + 1))


def _letters(folded: str) -> str:
    """Letters and digits alone; an accent is neither."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", folded)))


def is_placeholder(text: str) -> bool:
    """Whether a clean text has no letter of any script, or is a placeholder that a prompt itself shows."""
    if not any(character.isalpha() and not is_undrawn(character) for character in text):
        return True
    return len(text) <= _LONGEST_PLACEHOLDER and _PLACEHOLDER.fullmatch(fold_clean(text)) is not None


_LONGEST_PLACEHOLDER = 80
_PLACEHOLDER = re.compile(
    r"""
    \W* (?: id | content | rationale | kind | task_ref | candidates | string  # keys and types of the schema
        | t\d{1,2}  # a task's ref
        | link | e-mail | unusual\ text (?:,\ task\ t\d{1,2})?  # placeholders of a title's text
    ) \W*
    """,
    re.VERBOSE,
)
