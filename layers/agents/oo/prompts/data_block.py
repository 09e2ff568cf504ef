"""The untrusted part of a prompt: one JSON object per line between DATA and END, within a size budget."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from oo.contract.shown_ids import shown_id
from oo.prompts.candidates import TaskRef, task_line
from oo.prompts.delivery import Delivery
from oo.prompts.recent import Recent, recent_line
from oo.snapshot.tasks import Task
from oo.snapshot.titles import given_title, read_title
from oo.snippets.grammar import QUOTED
from oo.snippets.omissions import Item, Omission, Reason
from oo.snippets.open_tasks import OpenTasks
from oo.snippets.verdict import JudgedSnippet
from oo.untrusted_text.cleaning import boundary_of, data_line, hide_links, shows_instructions

MOST_CHARACTERS = 24_000
"""Of a whole prompt, system message included."""


class Block(NamedTuple):
    """The lines between DATA and END. Each list is ordered by priority; entries are dropped from its end."""

    refs: tuple[TaskRef, ...] = ()
    evidence: tuple[JudgedSnippet, ...] = ()
    delivery: JudgedSnippet | None = None
    recent: tuple[Recent, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def snippets(self) -> tuple[JudgedSnippet, ...]:
        """Every snippet of the block."""
        return (*self.evidence, *([self.delivery] if self.delivery else []))

    def lines(self, open_tasks: OpenTasks) -> list[str]:
        """The block, line by line."""
        return [
            *(task_line(ref, open_tasks) for ref in self.refs),
            *(snippet_line(snippet, self.refs) for snippet in self.snippets),
            *self.facts,
            *(recent_line(recent, self.refs) for recent in self.recent),
        ]

    def without_least(self) -> "Block | None":
        """The block without its least important line; None if no line can be removed.

        Recent tips are removed first, then evidence and tasks beyond the best of each; facts stay.
        """
        if self.recent:
            return self._replace(recent=self.recent[:-1])
        if len(self.evidence) > 1 or (self.evidence and len(self.refs) <= 1):
            return self._replace(evidence=self.evidence[:-1])
        if len(self.refs) > 1 or (self.refs and not self.delivery):
            return self._replace(refs=self.refs[:-1])
        return self._replace(delivery=None) if self.delivery else None

    def omissions_since(self, whole: "Block") -> tuple[Omission, ...]:
        """The recent tips and tasks of the whole block that this one lost to the budget."""
        recent, refs = whole.recent[len(self.recent) :], whole.refs[len(self.refs) :]
        return (
            *(Omission(Item.RECENT_TIP, tip.index, Reason.OVER_BUDGET) for tip in reversed(recent)),
            *(Omission(Item.TASK, ref.task.label, Reason.OVER_BUDGET) for ref in reversed(refs)),
        )


Written = tuple[str, str]
"""A user message and the boundary of its block."""


def within_budget(whole: Block, most_characters: int, write: Callable[[Block], Written]) -> tuple[Block, Written]:
    """The block without the lines that do not fit into a user message of that size, and the message."""
    block, written = whole, write(whole)
    while len(written[0]) > most_characters and (less := block.without_least()):
        block, written = less, write(less)
    return block, written


def fence(lines: Sequence[str]) -> tuple[list[str], str]:
    """The lines between DATA and END, and the boundary in both."""
    boundary = boundary_of("\n".join(lines))
    return [f"DATA {boundary}", *lines, f"END {boundary}"], boundary


def note(snippet: JudgedSnippet, refs: Sequence[TaskRef]) -> str:
    """A snippet's text for the model: without addresses, with display titles."""
    by_task = {ref.task.key: ref for ref in refs}
    return hide_links(QUOTED.sub(lambda quoted: f"«{_quoted(quoted[1], snippet.named, by_task)}»", snippet.text))


def snippet_line(snippet: JudgedSnippet, refs: Sequence[TaskRef]) -> str:
    """The snippet's line of the block."""
    return data_line(**{"from": shown_id(snippet.agent_id), "note": note(snippet, refs)})


def _quoted(title: str, named: Mapping[str, Task | None], by_task: Mapping[str, TaskRef]) -> str:
    task = named[title]
    displayed = title if task and task.title == title else read_title(title)
    ref = by_task.get(task.key) if task else None
    if ref:
        return ref.shown if ref.is_unusual else displayed
    whole, given = (task.title, given_title(task.whole_title)) if task else (displayed, title)
    return "(unusual text)" if shows_instructions(whole, given) else displayed


class BuiltPrompt(NamedTuple):
    """The first two messages of a conversation.

    `boundary` fences the data block; neither it nor the system message may appear in a reply. A prompt without a block
    has an empty one. `refs` are the tasks on offer, `snippets` all of the caller's with their last verdicts. `delivery`
    contains the bounds of the tip; prompts for candidates have none.
    """

    version: str
    system: str
    user: str
    boundary: str
    refs: tuple[TaskRef, ...]
    dropped: tuple[Omission, ...]
    snippets: tuple[JudgedSnippet, ...] = ()
    delivery: Delivery | None = None

    @property
    def messages(self) -> list[dict[str, str]]:
        """One system message, one user message."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]

    @property
    def titles(self) -> tuple[str, ...]:
        """The offered titles in all forms: as given, as displayed, as shown.

        In a reply they are the user's own text.
        """
        return tuple(dict.fromkeys(title for ref in self.refs for title in (ref.given, ref.title, ref.shown)))

    @property
    def displayed(self) -> frozenset[str]:
        """The offered display titles."""
        return frozenset(ref.title for ref in self.refs)
