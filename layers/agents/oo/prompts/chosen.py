"""The content of one tip's prompt, chosen once for every version: notes, tasks, recent tips, clock and bounds."""

from collections.abc import Sequence
from typing import NamedTuple

from oo.prompts.candidates import OfferedTasks, choose_tasks, draw_seed, draw_tasks
from oo.prompts.clock_line import NO_CLOCK, ToldClock
from oo.prompts.delivery import Delivery, delivery_of
from oo.prompts.language import language_of
from oo.prompts.recent import NO_RECENT, ChosenRecent, Recent
from oo.prompts.slider import NEUTRAL, Slider, read_slider
from oo.snapshot.tasks import Task
from oo.snippets.omissions import Omission
from oo.snippets.open_tasks import OpenTasks
from oo.snippets.ranking import RankedSnippets, rank
from oo.snippets.verdict import JudgedSnippet


class Chosen(NamedTuple):
    """The choices that a prompt version puts into words.

    `snippets` are all of the caller's with their verdicts, `ranked` the usable ones. `tasks` are on offer, first choice
    first; `recent` tips are newest first; `dropped` lists the tasks and recent tips that were not chosen.
    `gives_locale` is true if the caller named the language of `delivery`.
    """

    snippets: tuple[JudgedSnippet, ...]
    ranked: RankedSnippets
    open_tasks: OpenTasks
    tasks: tuple[Task, ...]
    recent: tuple[Recent, ...]
    slider: Slider
    delivery: Delivery
    told_clock: ToldClock = NO_CLOCK
    gives_locale: bool = False
    dropped: tuple[Omission, ...] = ()


def choose(
    *,
    snippets: Sequence[JudgedSnippet],
    open_tasks: OpenTasks,
    told_clock: ToldClock = NO_CLOCK,
    science_destiny: int | None = NEUTRAL,
    recent: ChosenRecent = NO_RECENT,
    locale: str | None = None,
) -> Chosen:
    """The content for one tip; the same arguments give the same content."""
    slider, ranked = read_slider(science_destiny), rank(snippets)
    offered = _offer(open_tasks, ranked, slider)
    language = language_of(locale, [task.title for task in offered.tasks])
    return Chosen(
        snippets=tuple(snippets),
        ranked=ranked,
        open_tasks=open_tasks,
        tasks=offered.tasks,
        recent=recent.tips,
        slider=slider,
        delivery=delivery_of(slider, ranked.delivery, recent.tips, language),
        told_clock=told_clock,
        gives_locale=locale is not None,
        dropped=(*offered.dropped, *recent.dropped),
    )


def _offer(open_tasks: OpenTasks, ranked: RankedSnippets, slider: Slider) -> OfferedTasks:
    """The tasks on offer: all that the evidence mentions, so that facts and tasks match, then the top of the rest."""
    named = list(dict.fromkeys(task for snippet in ranked.lines for task in snippet.tasks))
    limit = max(len(named), 1) + slider.more_tasks
    if not slider.band.drawn:
        return choose_tasks(open_tasks, limit, first=named)
    top = choose_tasks(open_tasks, 2 * limit, first=named)
    return draw_tasks(top, limit, named, draw_seed(open_tasks))
