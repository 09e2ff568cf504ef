"""The part of a prompt that others wrote: one line of JSON a thing, between DATA and END, within a budget."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from oo.contract.agent_ids import shown_id
from oo.prompts.candidates import TaskRef, task_line
from oo.prompts.recent import Recent, recent_line
from oo.snippets.omissions import Item, Omission, Reason
from oo.snippets.open_tasks import OpenTasks
from oo.snippets.ranking import QUOTED, Snippet
from oo.untrusted_text.cleaning import boundary_of, data_line, hide_links, looks_like_instructions

MOST_CHARACTERS = 24_000
"""Of a whole prompt, system message included."""


class Block(NamedTuple):
    """What goes between DATA and END, each kind in order of its use: the last is the first to go."""

    refs: tuple[TaskRef, ...] = ()
    evidence: tuple[Snippet, ...] = ()
    delivery: Snippet | None = None
    recent: tuple[Recent, ...] = ()
    facts: tuple[str, ...] = ()

    def lines(self, open_tasks: OpenTasks) -> list[str]:
        """The block, line by line."""
        by_task = {ref.task.id: ref for ref in self.refs}
        snippets = (*self.evidence, *([self.delivery] if self.delivery else []))
        return [
            *(task_line(ref, open_tasks) for ref in self.refs),
            *(_snippet_line(snippet, open_tasks, by_task) for snippet in snippets),
            *self.facts,
            *(recent_line(recent, self.refs) for recent in self.recent),
        ]

    def without_least(self) -> tuple["Block", Omission] | None:
        """The block less what a tip misses least, and what that was; None where nothing is left that could go.

        Recent tips go first, then evidence and tasks beyond the best of each; facts stay.
        """
        if self.recent:
            gone = Omission(Item.RECENT_TIP, self.recent[-1].index, Reason.BUDGET)
            return self._replace(recent=self.recent[:-1]), gone
        if len(self.evidence) > 1 or (self.evidence and len(self.refs) <= 1):
            gone = Omission(Item.SNIPPET, self.evidence[-1].index, Reason.BUDGET)
            return self._replace(evidence=self.evidence[:-1]), gone
        if len(self.refs) > 1 or (self.refs and not self.delivery):
            return self._replace(refs=self.refs[:-1]), Omission(Item.TASK, self.refs[-1].task.id, Reason.BUDGET)
        if self.delivery:
            return self._replace(delivery=None), Omission(Item.SNIPPET, self.delivery.index, Reason.BUDGET)
        return None


def fence(lines: Sequence[str]) -> tuple[list[str], str]:
    """The lines between DATA and END, and the boundary that both carry."""
    boundary = boundary_of("\n".join(lines))
    return [f"DATA {boundary}", *lines, f"END {boundary}"], boundary


def _snippet_line(snippet: Snippet, open_tasks: OpenTasks, by_task: Mapping[str, TaskRef]) -> str:
    note = QUOTED.sub(lambda quoted: f"«{_quoted(quoted[1], open_tasks, by_task)}»", snippet.text)
    return data_line(**{"from": shown_id(snippet.agent_id), "note": hide_links(note)})


def _quoted(title: str, open_tasks: OpenTasks, by_task: Mapping[str, TaskRef]) -> str:
    task = open_tasks.named(title)
    ref = by_task.get(task.id) if task else None
    if ref:
        return ref.shown if ref.is_unusual else title
    return "(unusual text)" if looks_like_instructions(task.title if task else title) else title


class BuiltPrompt(NamedTuple):
    """The first two messages of a conversation.

    `boundary` fences the data block and is not to appear in a reply, nor is the system message; a prompt without a
    block has an empty one. `refs` are the tasks on offer, `used` the places, in the caller's list, of the snippets
    that the prompt holds.
    """

    version: str
    system: str
    user: str
    boundary: str
    refs: tuple[TaskRef, ...]
    used: tuple[int, ...]
    dropped: tuple[Omission, ...]

    @property
    def messages(self) -> list[dict[str, str]]:
        """One system message, one user message."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]

    @property
    def titles(self) -> tuple[str, ...]:
        """The offered titles as stored and as shown: their text is the user's own, wherever a reply repeats it."""
        return tuple(dict.fromkeys(title for ref in self.refs for title in (ref.title, ref.shown)))
