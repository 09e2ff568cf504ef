"""The tasks in a tip, from its text alone."""

from collections.abc import Iterable

from evals.cases.case import Case
from evals.reading.material import material
from evals.reading.words import FUNCTION_WORDS, tokens, without_titles
from oo.snippets.grammar import QUOTED
from oo.untrusted_text.cleaning import fold

_LEAST_SHARE = 0.6
_ELLIPSIS = "…"


def titles_on_offer(case: Case, user: str) -> tuple[str, ...]:
    """The titles that a tip may name: of open tasks or, if the request has no tasks, those in the prompt's notes.

    `user` is the prompt's user message.
    """
    if case.nameable or case.opened.tells_titles:
        return tuple(case.nameable)
    return tuple(title for note in material(user).notes for title in quoted_titles(note))


def quoted_titles(content: str) -> list[str]:
    """The text between «»."""
    return [title for title in QUOTED.findall(content) if title.strip()]


def title_of(quoted: str, titles: Iterable[str]) -> str | None:
    """The quoted title, complete or truncated with an ellipsis."""
    told = fold(quoted)
    head = told.removesuffix(_ELLIPSIS).rstrip() if told.endswith(_ELLIPSIS) else ""
    return next(
        (title for title in titles if told == fold(title) or (head and fold(title).startswith(head))),
        None,
    )


def named_titles(content: str, titles: Iterable[str]) -> list[str]:
    """The titles in a text: quoted, else verbatim, else by 60% of their distinctive words."""
    titles = list(titles)
    quoted = [title_of(each, titles) for each in quoted_titles(content)]
    if any(quoted):
        return [title for title in quoted if title]
    told = fold(without_titles(content))
    whole = [title for title in titles if _stands_in(fold(title), told)]
    if whole:
        return whole
    among = frozenset(tokens(without_titles(content)))
    shares = {title: _share(title, among) for title in titles}
    best = max(shares.values(), default=0.0)
    return [title for title, share in shares.items() if share == best >= _LEAST_SHARE]


def _stands_in(title: str, told: str) -> bool:
    before, found, after = told.partition(title)
    return bool(title and found) and not (before[-1:].isalnum() and title[0].isascii()) and not _goes_on(title, after)


def _goes_on(title: str, after: str) -> bool:
    return after[:1].isalnum() and title[-1].isascii()


def _share(title: str, among: frozenset[str]) -> float:
    wanted = [token for token in tokens(title) if token not in FUNCTION_WORDS]
    return sum(token in among for token in wanted) / len(wanted) if wanted else 0.0
