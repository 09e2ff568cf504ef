"""The one-line grammar of snippets: `[kind|strength] Fact: … Move: … Care: …`."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from oo.contract.kinds import Kind
from oo.snapshot.titles import SHORTEST_TITLE, TITLE_LIMIT, shorten

MAX_CHARS = 280
FREE_TEXT = f"[{Kind.ADVICE}|1] "
"""The prefix of a text outside the grammar."""

_BEGINNING = re.compile(rf"\[(?P<kind>{'|'.join(Kind)})\|(?P<strength>[123])\] Fact: ")
_MOVE, _CARE = " Move: ", " Care: "
QUOTED = re.compile(r"«([^«»\n]*)»")
_UNREADABLE = re.compile(r"[«»\n]")
_PLACEHOLDER = re.compile(r"\{([01])\}")


class SnippetDraft(NamedTuple):
    """A line before rendering. `{0}` and `{1}` in its clauses are replaced by the quoted titles."""

    kind: str
    strength: int
    fact: str
    move: str
    care: str = ""
    titles: Sequence[str] = ()


class SnippetClauses(NamedTuple):
    """A parsed line; clauses keep their «titles»."""

    kind: str
    strength: int
    fact: str
    move: str
    care: str
    titles: tuple[str, ...]


def write_snippet(line: SnippetDraft) -> str:
    """The line within its 280 characters: titles are shortened first, then Care is dropped."""
    text = _write(line, TITLE_LIMIT, with_care=True)
    if len(text) > MAX_CHARS:
        longest = max((len(title) for title in line.titles), default=0)
        limit = max(SHORTEST_TITLE, longest - (len(text) - MAX_CHARS))
        text = _write(line, limit, with_care=True)
    if len(text) > MAX_CHARS:
        text = _write(line, SHORTEST_TITLE, with_care=False)
    return text


def read_snippet(text: str) -> SnippetClauses | None:
    """The parts of a line, or None for text outside the grammar; a clause inside a «title» is part of the title."""
    beginning = _BEGINNING.match(text)
    # Text inside «» is arbitrary, and may contain the words that separate the clauses.
    bare = QUOTED.sub(lambda quoted: "_" * len(quoted[0]), text)
    if beginning is None or _UNREADABLE.search(bare):
        return None
    fact = beginning.end()
    move = _clause_after(bare, _MOVE, fact)
    if move is None:
        return None
    care = _clause_after(bare, _CARE, move)
    return SnippetClauses(
        beginning["kind"],
        int(beginning["strength"]),
        text[fact : move - len(_MOVE)],
        text[move:] if care is None else text[move : care - len(_CARE)],
        "" if care is None else text[care:],
        tuple(QUOTED.findall(text)),
    )


def _clause_after(bare: str, mark: str, start: int) -> int | None:
    """The start of the clause after the first mark; None if there is none, or no text on either side of it."""
    found = bare.find(mark, start + 1)
    return None if found == -1 or found + len(mark) == len(bare) else found + len(mark)


def _write(line: SnippetDraft, title_limit: int, *, with_care: bool) -> str:
    quoted = [f"«{shorten(title, title_limit)}»" for title in line.titles]
    clauses = [f"Fact: {line.fact}", f"Move: {line.move}"]
    if with_care and line.care:
        clauses.append(f"Care: {line.care}")
    filled = _PLACEHOLDER.sub(lambda place: quoted[int(place[1])], " ".join(clauses))
    return f"[{line.kind}|{line.strength}] {filled}"
