"""Tips that the user has seen, which are not to be repeated."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from oo.contract.kinds import Kind
from oo.contract.tips import RecentTip
from oo.frozen import frozen
from oo.prompts.candidates import TaskRef
from oo.snapshot.stamps import read_moment
from oo.snapshot.task_fields import read_id
from oo.snapshot.titles import shorten
from oo.snippets.omissions import Item, Omission, Reason
from oo.untrusted_text.cleaning import clean, data_line, fold_clean, hide_links, looks_like_instructions
from oo.untrusted_text.crisis import may_tell_of_crisis

MOST_RECENT_TIPS = 10
LONGEST_TIP = 601
"""Characters of a tip that are read: one more than a tip of this service has."""

_CHARACTERS = 240


@frozen
class Recent:
    """One recent tip.

    `index` is its position in the caller's list; `kind` is None if it is not one of the known kinds.
    """

    index: int
    content: str
    kind: str | None
    task_id: str | None
    at: datetime | None = None


RecentTips = Iterable[RecentTip | Mapping[str, object]]


class ChosenRecent(NamedTuple):
    """The recent tips of a prompt, newest first, and the others."""

    tips: tuple[Recent, ...] = ()
    dropped: tuple[Omission, ...] = ()


NO_RECENT = ChosenRecent()


def choose_recent(recent_tips: RecentTips) -> ChosenRecent:
    """The newest ten, newest first (undated ones after them, in the caller's order), and the others.

    Older tips are not considered.
    """
    chosen: list[Recent] = []
    dropped: list[Omission] = []
    dated = [_read(index, tip) for index, tip in enumerate(recent_tips)]
    for _, recent in sorted(dated, key=lambda entry: -entry[0]):
        reason = Reason.OUTRANKED if len(chosen) == MOST_RECENT_TIPS else _fault(recent.content)
        if reason is None:
            chosen.append(recent)
        else:
            dropped.append(Omission(Item.RECENT_TIP, recent.index, reason))
    return ChosenRecent(tuple(chosen), tuple(dropped))


def _read(index: int, tip: RecentTip | Mapping[str, object]) -> tuple[float, Recent]:
    """The tip and its time, in seconds."""
    given = tip if isinstance(tip, Mapping) else tip.model_dump()
    content = given.get("content")
    told = clean(content[:LONGEST_TIP]) if isinstance(content, str) else ""
    moment = read_moment(given.get("created_at"), UTC)
    recent = Recent(index, told, _kind(given.get("kind")), read_id(given.get("task_id")), moment and moment.at)
    return moment.at.timestamp() if moment else float("-inf"), recent


def recent_line(recent: Recent, refs: Sequence[TaskRef]) -> str:
    """A recent tip as one line of data, with its task if it is on offer."""
    task = next((ref.ref for ref in refs if ref.task.id == recent.task_id), None)
    return data_line(recent_tip=shorten(hide_links(recent.content), _CHARACTERS), kind=recent.kind, task=task)


def _kind(value: object) -> str | None:
    return value if isinstance(value, str) and value in tuple(Kind) else None


def _fault(told: str) -> Reason | None:
    if not told:
        return Reason.MALFORMED
    folded = fold_clean(told)
    if may_tell_of_crisis(folded):
        return Reason.WITHHELD
    return Reason.UNUSUAL if looks_like_instructions(folded) else None
