"""Agents' snippets: which of them still say something true, which come first, which the slider leaves in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from oo.contract.kinds import Kind
from oo.contract.limits import MAX_SNIPPET_CHARACTERS
from oo.contract.tips import AgentOutputSnippet
from oo.snapshot.tasks import Task
from oo.snapshot.titles import shorten
from oo.snippets.grammar import MAX_CHARS, read_snippet
from oo.snippets.omissions import Item, Omission, Reason
from oo.snippets.open_tasks import OpenTasks
from oo.untrusted_text.cleaning import READ_CHARACTERS, clean, looks_like_instructions
from oo.untrusted_text.crisis import may_tell_of_crisis

DELIVERY_AGENT = "tip-receptivity"
"""Its line says how to deliver a tip, not what about: a constraint, outside of the ranking."""

RANKING = (
    "deadline-pressure",
    "lateness-buffer",
    "important-first",
    "project-focus",
    "peak-hours",
    "stale-task",
    "momentum",
    "quick-win",
    "workload-balance",
)
"""Order among equally strong snippets, with every agent but the one for delivery. An overloaded day comes before all of
them, an agent that is not registered after."""

QUOTED = re.compile(r"«([^«»]*)»")
_AGENT_ID_CHARACTERS = 64
_DO_NOW = (Kind.START, Kind.FINISH)


@dataclass(frozen=True, slots=True)
class Snippet:
    """One line of evidence. `index` is its place in the caller's list, `text` is clean and has its prefix."""

    index: int
    agent_id: str
    text: str
    kind: str
    strength: int

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles that it quotes."""
        return tuple(QUOTED.findall(self.text))


class RankedSnippets(NamedTuple):
    """What a tip may rest on, best first, and the one line about its delivery."""

    lines: tuple[Snippet, ...]
    delivery: Snippet | None
    dropped: tuple[Omission, ...]


def is_malformed(prompt_text: object) -> bool:
    """Whether a snippet is no text, blank (also once invisible characters are gone) or over 2,000 characters."""
    return not isinstance(prompt_text, str) or len(prompt_text) > MAX_SNIPPET_CHARACTERS or not clean(prompt_text)


def is_ghost(prompt_text: str, tasks: OpenTasks) -> bool:
    """Whether a snippet quotes a title that no open task has; without any tasks nobody can tell."""
    return tasks.given and any(tasks.named(title) is None for title in _quoted(clean(prompt_text)))


def choose_evidence(
    agent_outputs: Iterable[AgentOutputSnippet | Mapping[str, object]], tasks: OpenTasks, limit: int
) -> RankedSnippets:
    """The snippets that hold, without contradictions, strongest first, at most `limit` of them."""
    usable: list[Snippet] = []
    dropped: list[Omission] = []
    for index, output in enumerate(agent_outputs):
        text = _field(output, "prompt_text")
        told = "" if is_malformed(text) else clean(str(text))
        why = _fault(told, tasks)
        if why is None:
            usable.append(_read(index, _field(output, "agent_id"), told))
        else:
            dropped.append(Omission(Item.SNIPPET, index, why))
    deliveries = [snippet for snippet in usable if snippet.agent_id == DELIVERY_AGENT]
    ranked = sorted((snippet for snippet in usable if snippet.agent_id != DELIVERY_AGENT), key=_rank)
    losers = set(_contradicted(ranked, tasks))
    agreeing = [snippet for snippet in ranked if snippet not in losers]
    dropped += [Omission(Item.SNIPPET, snippet.index, Reason.CONTRADICTED) for snippet in ranked if snippet in losers]
    dropped += [Omission(Item.SNIPPET, snippet.index, Reason.RANK) for snippet in agreeing[limit:]]
    dropped += [Omission(Item.SNIPPET, snippet.index, Reason.REPEATED) for snippet in deliveries[1:]]
    return RankedSnippets(tuple(agreeing[:limit]), deliveries[0] if deliveries else None, tuple(dropped))


def _field(output: AgentOutputSnippet | Mapping[str, object], name: str) -> object:
    return output.get(name) if isinstance(output, Mapping) else getattr(output, name, None)


def _fault(told: str, tasks: OpenTasks) -> Reason | None:
    if not told:
        return Reason.MALFORMED
    if may_tell_of_crisis(told) or any(map(tasks.is_withheld, _named(told, tasks).values())):
        return Reason.WITHHELD
    if is_ghost(told, tasks):
        return Reason.GHOST
    # An odd title inside the quotes is shown as a placeholder; here the line around it is looked at.
    return Reason.UNUSUAL if looks_like_instructions(QUOTED.sub("«»", told)) else None


def _read(index: int, agent_id: object, told: str) -> Snippet:
    name = shorten(clean(agent_id[:READ_CHARACTERS]), _AGENT_ID_CHARACTERS) if isinstance(agent_id, str) else ""
    line = read_snippet(told) if len(told) <= MAX_CHARS else None
    if line is None:
        return Snippet(index, name, f"[{Kind.ADVICE}|1] {told}", Kind.ADVICE, 1)
    return Snippet(index, name, told, line.kind, line.strength)


def _rank(snippet: Snippet) -> tuple[int, int, int]:
    if snippet.agent_id == "workload-balance" and snippet.kind == Kind.DEFER:
        place = -1
    else:
        place = RANKING.index(snippet.agent_id) if snippet.agent_id in RANKING else len(RANKING)
    return -snippet.strength, place, snippet.index


def _contradicted(ranked: list[Snippet], tasks: OpenTasks) -> Iterator[Snippet]:
    if any(snippet.agent_id == "important-first" and snippet.strength > 1 for snippet in ranked):
        yield from (snippet for snippet in ranked if snippet.agent_id == "quick-win")
    sooner = [(snippet, _named(snippet.text, tasks)) for snippet in ranked if snippet.kind in _DO_NOW]
    later = [(snippet, _named(snippet.text, tasks)) for snippet in ranked if snippet.kind == Kind.DEFER]
    for (do_now, named), (put_off, other_named) in product(sooner, later):
        shared = named.keys() & other_named.keys()
        if shared:
            yield put_off if any(_due_today_at_an_hour(named[each], tasks) for each in shared) else do_now


def _named(told: str, tasks: OpenTasks) -> dict[str, Task]:
    """The tasks that a line quotes, by their ids."""
    return {task.id: task for task in map(tasks.named, _quoted(told)) if task}


def _quoted(told: str) -> set[str]:
    return set(QUOTED.findall(told))


def _due_today_at_an_hour(task: Task, tasks: OpenTasks) -> bool:
    if task.due is None or task.due.date_only or tasks.clock is None:
        return False
    return task.due.day(tasks.clock.zone) == tasks.clock.today
