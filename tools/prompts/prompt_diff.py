"""`make prompt-diff A=orchestrator-1 B=orchestrator-2`: two versions side by side, on one event, in 160 columns."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, zip_longest
from pathlib import Path

from tools.prompts.dry_run import DryRun, Unusable, dry_run, event_for, path_of, read_event, versions_of
from tools.prompts.prompt_preview import sizes

WIDTH = 160
_GUTTER = " {} "
_COLUMN = (WIDTH - len(_GUTTER.format("="))) // 2


def main() -> None:
    """Print both; an obstacle is one sentence and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.prompts.prompt_diff", description=__doc__)
    parser.add_argument("event", help="an API Gateway event; empty: the example of the versions' endpoint")
    parser.add_argument("a", help="a prompt version")
    parser.add_argument("b", help="another one")
    arguments = parser.parse_args()
    try:
        event = Path(arguments.event) if arguments.event else event_for(arguments.a)
        one, other = both(event, arguments.a, arguments.b)
    except Unusable as problem:
        sys.exit(str(problem))
    print("\n".join(side_by_side(one, other)))


def both(event: Path, one: str, other: str) -> tuple[DryRun, DryRun]:
    """The event's prompt in two versions. Raises Unusable."""
    request = read_event(event)
    if not one or not other:
        first, *_, last = versions_of(request)
        known = ", ".join(versions_of(request))
        raise Unusable(f"Name two versions, such as A={first} B={last}; {path_of(request)} has {known}.")
    return dry_run(request, one), dry_run(request, other)


def side_by_side(one: DryRun, other: DryRun) -> Iterator[str]:
    """Lines of at most 160 columns: `=` between equal ones, `|` between different ones, `<` and `>` at single ones."""
    yield from _rows("|", f"{one.prompt.version}: {sizes(one)}", f"{other.prompt.version}: {sizes(other)}")
    for mine, theirs in zip(one.prompt.messages, other.prompt.messages, strict=True):
        yield from _section(mine["role"], mine["content"].split("\n"), theirs["content"].split("\n"))
    yield from _section("left out", _left_out(one), _left_out(other))


def _section(title: str, mine: Sequence[str], theirs: Sequence[str]) -> Iterator[str]:
    yield f"--- {title} ".ljust(WIDTH, "-")
    for kind, start, end, other_start, other_end in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        for left, right in zip_longest(mine[start:end], theirs[other_start:other_end]):
            yield from _rows("=" if kind == "equal" else "|", left, right)


def _left_out(run: DryRun) -> list[str]:
    return [f"{one.what}: {one.code}" for one in run.left_out] or ["nothing"]


def _rows(mark: str, left: str | None, right: str | None) -> Iterator[str]:
    """One line of each, wrapped; None stands for a line that the other version does not have."""
    mark = "<" if right is None else ">" if left is None else mark
    for mine, theirs in zip_longest(_wrapped(left or ""), _wrapped(right or ""), fillvalue=""):
        yield f"{mine}{' ' * (_COLUMN - _columns(mine))}{_GUTTER.format(mark)}{theirs}".rstrip()


def _wrapped(text: str) -> list[str]:
    """The text in pieces that fit a column, broken at spaces where that is possible."""
    pieces, rest = [], text
    while _columns(rest) > _COLUMN:
        fitting = bisect_right(list(accumulate(map(_columns, rest))), _COLUMN)
        at = rest.rfind(" ", 1, fitting + 1)
        at = fitting if at < 1 else at
        pieces.append(rest[:at])
        rest = rest[at:].removeprefix(" ")
    return [*pieces, rest]


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes: East Asian wide characters take two, combining ones none."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


if __name__ == "__main__":
    main()
