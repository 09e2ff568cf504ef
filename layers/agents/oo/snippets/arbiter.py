"""Contradictions between notes: which pairs a reader could not follow together, and which note is dropped.

The rules use the statements of notes and the tasks that they name, not the agents, so they apply to a caller's own
notes as well.
"""

from collections.abc import Callable
from itertools import combinations

from oo.contract.kinds import Kind
from oo.snapshot.tasks import Task
from oo.snippets.open_tasks import OpenTasks
from oo.snippets.ranking import RankedSnippets
from oo.snippets.verdict import JudgedSnippet

PILE_FROM = 5
"""From this many overdue tasks on they are one decision, and no time is free."""

_DATED_NOW = ("due_now", "due_soon", "due_later", "past_time", "overdue", "priority_dated")
_WEIGHTY = (*_DATED_NOW, "priority", "peak_now", "goal", "near_end")
_LOADS = ("load", "due_today", "hours_over")
_LINED_UP = "lined up for today"
_NOW = (Kind.START, Kind.FINISH)
_LETS_GO = ("let it go", "let go", "letting it go", "drop it")
"""A pile's move is none: it lets no task of its own go."""

_Rule = Callable[[JudgedSnippet, JudgedSnippet, OpenTasks], bool]
"""Whether the first note gives way to the second one, which stays."""

MOST_COMPARED = 32
"""Notes that are compared with each other: every two of them are."""


def contradicted(ranked: RankedSnippets, tasks: OpenTasks) -> frozenset[int]:
    """The places of the dropped notes: each contradicts a note that is kept, or the user's quiet hours or overdue pile.

    A note is kept once all notes that it loses to have been dropped. In a cycle, the note that ranks first is kept.
    """
    lost = {
        note.place
        for note in ranked.lines[:MOST_COMPARED]
        if _asks_for_work_in_quiet_hours(note, ranked) or _offers_room_beside_a_pile(note, tasks)
    }
    notes = [note for note in ranked.lines[:MOST_COMPARED] if note.place not in lost]
    gives_way_to: dict[int, set[int]] = {note.place: set() for note in notes}
    for one, other in combinations(notes, 2):
        loser = _loser(one, other, tasks)
        if loser is not None:
            gives_way_to[loser.place].add((other if loser is one else one).place)
    open_places = list(gives_way_to)
    while open_places:
        kept = next((place for place in open_places if gives_way_to[place].isdisjoint(open_places)), open_places[0])
        beside = {place for place in open_places if kept in gives_way_to[place] or place in gives_way_to[kept]}
        lost |= beside
        open_places = [place for place in open_places if place != kept and place not in beside]
    return frozenset(lost)


def _loser(one: JudgedSnippet, other: JudgedSnippet, tasks: OpenTasks) -> JudgedSnippet | None:
    """The note of two that is dropped, by the first rule that applies; None if none does."""
    for rule in _RULES:
        if rule(other, one, tasks):
            return other
        if rule(one, other, tasks):
            return one
    return None


def _asks_for_work_in_quiet_hours(note: JudgedSnippet, ranked: RankedSnippets) -> bool:
    is_quiet = ranked.delivery is not None and "quiet hours run" in ranked.delivery.fact
    return is_quiet and note.kind in _NOW


def _overdue_beside_the_pile(loser: JudgedSnippet, winner: JudgedSnippet, _: OpenTasks) -> bool:
    return winner.says == "pile" and (loser.says in ("overdue", "past_time") or "past its date" in loser.fact)


def _room_beside_what_presses(loser: JudgedSnippet, winner: JudgedSnippet, _: OpenTasks) -> bool:
    return loser.says == "room" and (winner.says in ("pile", "ahead", *_LOADS) or _protects_a_break(winner))


def _protects_a_break(note: JudgedSnippet) -> bool:
    return note.says == "busier" or note.kind == Kind.REST


def _offers_room_beside_a_pile(note: JudgedSnippet, tasks: OpenTasks) -> bool:
    return note.says == "room" and tasks.overdue_n >= PILE_FROM


def _two_counts_of_today(loser: JudgedSnippet, winner: JudgedSnippet, tasks: OpenTasks) -> bool:
    """One note says that no task is due today, the other counts some: the one that fits the tasks stays.

    If it is unknown which tasks are due today, the newer note stays.
    """
    nothing, some = (loser, winner) if _says_none_is_due(loser) else (winner, loser)
    if not _says_none_is_due(nothing) or not _counts_today(some):
        return False
    due_today = tasks.due_today
    if due_today is None:
        return _is_older(loser, winner)
    own_n = sum(task.key in due_today for task in nothing.tasks)
    return loser is (some if len(due_today) <= own_n else nothing)


def _says_none_is_due(note: JudgedSnippet) -> bool:
    return "nothing is due today" in note.fact or "nothing else is due today" in note.fact


def _counts_today(note: JudgedSnippet) -> bool:
    return note.says in _LOADS or _LINED_UP in note.fact


def _is_older(one: JudgedSnippet, other: JudgedSnippet) -> bool:
    return (one.age_s or 0, one.text) > (other.age_s or 0, other.text)


def _letting_go_of_what_counts(loser: JudgedSnippet, winner: JudgedSnippet, _: OpenTasks) -> bool:
    """A note that proposes to drop a task against one that recommends it: the task's date or known priority decides."""
    shared = _shared(loser, winner)
    if not shared:
        return False
    counts = any(task.due is not None or task.priority_known for task in shared)
    if _lets_go(loser):
        return counts and not _lets_go(winner)
    return _lets_go(winner) and not counts


def _lets_go(note: JudgedSnippet) -> bool:
    return any(words in note.move for words in _LETS_GO)


def _start_after_hours(loser: JudgedSnippet, winner: JudgedSnippet, _: OpenTasks) -> bool:
    return winner.says == "hours_over" and loser.kind in _NOW


def _adding_beside_choosing(loser: JudgedSnippet, winner: JudgedSnippet, _: OpenTasks) -> bool:
    return winner.says == "ahead" and loser.says == "quick"


def _keeping_what_is_due(loser: JudgedSnippet, winner: JudgedSnippet, _: OpenTasks) -> bool:
    """A window that reserves a task loses to a note that proposes the task for now, or gives a weighty reason."""
    keeps = loser.says in ("peak_later", "peak_tomorrow") and bool(_shared(loser, winner))
    return keeps and (winner.says in _WEIGHTY or winner.kind in _NOW)


def _now_and_later(loser: JudgedSnippet, winner: JudgedSnippet, tasks: OpenTasks) -> bool:
    """One task cannot be done now and be postponed: a task due today at an hour is not moved."""
    shared = _shared(loser, winner)
    if not shared:
        return False
    is_fixed = any(_due_today_at_an_hour(task, tasks) for task in shared)
    if loser.kind == Kind.DEFER and winner.kind != Kind.DEFER:
        return is_fixed
    is_do_now = loser.kind in (Kind.START, Kind.FINISH, Kind.PLAN)
    return is_do_now and winner.kind == Kind.DEFER and not is_fixed


def _trust_beside_what_presses(loser: JudgedSnippet, winner: JudgedSnippet, _: OpenTasks) -> bool:
    """A reliable date against one that needs a move now, or that the user tends to miss."""
    if {loser.says, winner.says} == {"on_time", "often_late"}:
        return _is_older(loser, winner)
    needs_a_move = winner.says in _DATED_NOW or winner.kind in _NOW
    return loser.says == "on_time" and needs_a_move and bool(_shared(loser, winner))


def _two_kinds_of_week(loser: JudgedSnippet, winner: JudgedSnippet, _: OpenTasks) -> bool:
    return {loser.says, winner.says} == {"busier", "lighter"} and _is_older(loser, winner)


_RULES: tuple[_Rule, ...] = (
    _overdue_beside_the_pile,
    _room_beside_what_presses,
    _two_counts_of_today,
    _letting_go_of_what_counts,
    _start_after_hours,
    _adding_beside_choosing,
    _keeping_what_is_due,
    _now_and_later,
    _trust_beside_what_presses,
    _two_kinds_of_week,
)


def _shared(one: JudgedSnippet, other: JudgedSnippet) -> list[Task]:
    keys = {task.key for task in one.tasks}
    return [task for task in other.tasks if task.key in keys]


def _due_today_at_an_hour(task: Task, tasks: OpenTasks) -> bool:
    return task.due is not None and not task.due.date_only and task.key in (tasks.due_today or ())
