"""Drafts of template tips for the notes and tasks of a prompt, best first, within the delivery's bounds.

Each statement has a few wordings, which alternate by hour and by user.
"""

from binascii import crc32
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from oo.contract.kinds import Kind
from oo.prompts.delivery import Delivery
from oo.snapshot.titles import shorten
from oo.snippets.grammar import FREE_TEXT, QUOTED, read_snippet
from oo.snippets.statements import OTHER, Made, statement_of
from oo.tips.bounds import LONGEST, figures_n, form_of, keeps_to, words_n
from oo.tips.wordings import Sentences, cues_at, filled, in_language, sentences_of, step_minutes

_TAKES_ANY_TASK = ("peak_now", "goal", "fresh_start", "busier", "ahead", "review", "room", "due_today")
"""Statements whose step may be about any task on offer; for others, only about the task that the note names."""

_WITHOUT_VERB = ("busier", "lighter")  # statements whose facts are no sentence

_QUIET_KINDS = (Kind.REST, Kind.PLAN)
_TASK_KINDS = (Kind.START, Kind.PLAN, Kind.DECIDE)
_LIKE: Mapping[Kind, tuple[Kind, ...]] = {
    Kind.START: (Kind.PLAN, Kind.SHRINK),
    Kind.FINISH: (Kind.START, Kind.PLAN),
    Kind.DECIDE: (Kind.PLAN, Kind.DEFER),
    Kind.PLAN: (Kind.START, Kind.ADVICE),
    Kind.SHRINK: (Kind.START, Kind.PLAN),
    Kind.DEFER: (Kind.DECIDE, Kind.PLAN),
    Kind.REST: (Kind.ADVICE,),
    Kind.ADVICE: (Kind.PLAN,),
}
"""Kinds that may replace a note's own kind if that is not allowed now."""

REASONS = {
    "task": "{x} is one of your tasks.",
    "dated": "By its date, {x} is due {when}.",
    "past": "{x} is {when}.",
    "quiet": "Quiet hours run at this moment.",
    "bare": "There is no open task and no pattern to go by.",
}


class ShownTask(NamedTuple):
    """A task in the form of the prompt.

    `estimate_min` limits the step. A task that waits for another person is on offer only for the note about that.
    """

    ref: str
    title: str
    due: str | None
    estimate_min: float | None = None
    waits: bool = False


class NoteText(NamedTuple):
    """A note's kind, clauses and statement; `title` is the first quoted one, empty without one."""

    kind: Kind
    fact: str
    move: str
    title: str
    made: Made


class Draft(NamedTuple):
    """One possible tip; `ref` is empty if it is about no task on offer."""

    content: str
    rationale: str
    kind: Kind
    ref: str

    @property
    def form(self) -> str:
        """The form: two drafts of one form look like the same sentence."""
        return form_of(self.content)


class Setting(NamedTuple):
    """The bounds of a tip, the local hour, the recent texts, and a seed for the rotation.

    `has_no_open_task` is true if the list contains no row that may be open.
    """

    delivery: Delivery
    hour: int | None = None
    said: Sequence[str] = ()
    seed: str = ""
    has_no_open_task: bool = False

    @property
    def sentences(self) -> Sentences:
        """The wordings of the delivery's language."""
        return sentences_of(self.delivery.language)

    def turn(self, name: str, size: int) -> int:
        """The rotation index among some, by name."""
        return crc32(f"{self.seed}|{name}".encode("utf-8", "surrogatepass")) % size

    def kind(self, kinds: Iterable[Kind]) -> Kind:
        """The first of the kinds that is allowed now, else the first allowed one of all."""
        return next(kind for kind in (*kinds, *self.delivery.kinds) if kind in self.delivery.kinds)


def note_text(text: str) -> NoteText:
    """A parsed note; a text outside the grammar is all fact."""
    clauses = read_snippet(text)
    if clauses is None:
        fact = text.removeprefix(FREE_TEXT)
        return NoteText(Kind.ADVICE, fact, "", next(iter(QUOTED.findall(fact)), ""), Made(OTHER, {}))
    made = statement_of(QUOTED.sub("«»", clauses.fact), clauses.kind)
    return NoteText(Kind(clauses.kind), clauses.fact, clauses.move, next(iter(clauses.titles), ""), made)


def about_tasks(tasks: Sequence[ShownTask], notes: Sequence[NoteText], setting: Setting) -> Iterator[Draft]:
    """The drafts for notes, then for tasks, then shorter ones; with tasks on offer each names one.

    If a figure is required, drafts with one come first.
    """
    found = _quiet(tasks, notes, setting) if setting.delivery.is_quiet else _awake(tasks, notes, setting)
    kept = [draft for draft in found if keeps_to(setting.delivery, draft.content, draft.kind)]
    if setting.delivery.figures[0]:
        kept.sort(key=lambda draft: not figures_n(draft.content))
    yield from kept


def general(setting: Setting) -> Iterator[Draft]:
    """Drafts that name no task; the shortest have so few words that one can always be shown."""
    sentences, is_quiet = setting.sentences, setting.delivery.is_quiet
    name = "quiet" if is_quiet else "bare"
    reason = sentences.reasons.get(name, REASONS[name]) if is_quiet or setting.has_no_open_task else ""
    kind = setting.kind(_QUIET_KINDS if is_quiet else (Kind.ADVICE,))
    for wordings in (sentences.quiet_bare if is_quiet else sentences.bare, sentences.bare_short):
        for content in _filled(wordings, None, {}, "general", setting):
            yield Draft(content, reason, kind, "")


def _awake(offered: Sequence[ShownTask], notes: Sequence[NoteText], setting: Setting) -> Iterator[Draft]:
    tasks = _to_work_on(offered)
    spoken = [note for note in notes if note.move]
    for note in spoken:
        yield from _from_note(note, offered, setting)
    for task in tasks:
        yield from _from_task(task, notes, setting)
    for task in tasks:
        yield from _in_few_words(setting.sentences.short, task, _TASK_KINDS, notes, setting)
    for note in notes:
        if not offered and not note.move:
            yield from _own_words(note, None, setting)


def _to_work_on(offered: Iterable[ShownTask]) -> list[ShownTask]:
    return [task for task in offered if not task.waits]


def _quiet(offered: Sequence[ShownTask], notes: Sequence[NoteText], setting: Setting) -> Iterator[Draft]:
    tasks, sentences = _to_work_on(offered), setting.sentences
    reason = sentences.reasons.get("quiet", REASONS["quiet"])
    for task in tasks if setting.delivery.figures[0] else ():
        told = _reason(task, "task", notes, setting)
        for step in _filled(sentences.quiet_step, task, {}, task.title, setting):
            yield Draft(f"{told} {step}", reason, setting.kind(_QUIET_KINDS), task.ref)
    for task in tasks:
        for content in _filled(sentences.quiet, task, {}, task.title, setting):
            yield Draft(content, reason, setting.kind(_QUIET_KINDS), task.ref)
    for task in tasks:
        yield from _in_few_words(sentences.quiet_short, task, _QUIET_KINDS, notes, setting)


def _from_note(note: NoteText, offered: Sequence[ShownTask], setting: Setting) -> Iterator[Draft]:
    statement = note.made.statement
    wordings = setting.sentences.statements.get(statement.topic)
    task, any_task = _task_of(note, offered), next(iter(_to_work_on(offered)), None)
    if wordings is None or (task is None and statement.name not in _TAKES_ANY_TASK):
        yield from _own_words(note, any_task, setting)
        return
    task = task or any_task
    if task is None:
        yield from _own_words(note, None, setting)
        return
    reason = setting.sentences.reasons.get(statement.topic) or _sentence(note.fact)
    parts = note.made.parts
    rationale = _told(reason, task, parts, "", setting) or _sentence(note.fact)
    told = _filled(wordings, task, parts, statement.topic, setting)
    first = () if statement.topic in _WITHOUT_VERB else _figure_first(rationale, task, setting)
    for content in chain(told, first):
        yield Draft(content, rationale, setting.kind((note.kind, *_LIKE[note.kind])), task.ref)


def _figure_first(reason: str, task: ShownTask, setting: Setting) -> Iterator[str]:
    """A reason, with a figure if one is required, and then a step; the task is named once."""
    if setting.delivery.figures[0] and figures_n(reason):
        is_named = f"«{task.title}»" in reason
        steps = setting.sentences.step if is_named else setting.sentences.short
        yield from (f"{reason} {step}" for step in _filled(steps, task, {}, task.title, setting))


def _task_of(note: NoteText, tasks: Sequence[ShownTask]) -> ShownTask | None:
    """The task that a note names: on offer or, if the caller sent no tasks, by its title alone."""
    if not note.title:
        return None
    return next((task for task in tasks if task.title == note.title), ShownTask("", note.title, None))


def _own_words(note: NoteText, task: ShownTask | None, setting: Setting) -> Iterator[Draft]:
    """A caller's own note in its own words, as whole sentences, with a step on a task if it names none."""
    fact, move = _sentence(note.fact), _sentence(note.move)
    kind = setting.kind((note.kind, *_LIKE[note.kind]))
    if task is not None and not note.title:
        for step in _filled(setting.sentences.short, task, {}, task.title, setting):
            yield Draft(f"{fact} {step}", fact, kind, task.ref)
        return
    ref = task.ref if task and task.title == note.title else ""
    for content in (f"{fact} {move}", move, fact) if move else (fact,):
        yield Draft(content, fact, kind, ref)


def _from_task(task: ShownTask, notes: Sequence[NoteText], setting: Setting) -> Iterator[Draft]:
    sentences = setting.sentences
    if not task.due or task.due == "unknown":
        wordings, name = sentences.task, "task"
    else:
        is_past = task.due.startswith("past")
        wordings, name = (sentences.past, "past") if is_past else (sentences.dated, "dated")
    for content in _filled(wordings, task, _when(task), name, setting):
        yield Draft(content, _reason(task, name, notes, setting), setting.kind(_TASK_KINDS), task.ref)


def _when(task: ShownTask) -> dict[str, str]:
    return {"when": task.due} if task.due else {}


def _reason(task: ShownTask, name: str, notes: Sequence[NoteText], setting: Setting) -> str:
    """The signal behind a tip about a task: a note's statement about it, else its own date."""
    own = setting.sentences.reasons.get(name)
    if own is None:
        fact = next((note.fact for note in notes if note.move and note.title == task.title), "")
        own = _sentence(fact) or REASONS[name]
    return _told(own, task, _when(task), "", setting) or ""


def _in_few_words(
    wordings: Sequence[str], task: ShownTask, kinds: Sequence[Kind], notes: Sequence[NoteText], setting: Setting
) -> Iterator[Draft]:
    """The longest wordings within the user's limit; a title that is too long for all of them is truncated."""
    most = setting.delivery.words[1]
    words = task.title.split()
    shorter = (f"{' '.join(words[:kept])}…" for kept in range(min(len(words), most) - 1, 0, -1))
    reason = _reason(task, "task", notes, setting)
    for title in (task.title, *shorter):
        contents = list(_filled(wordings, task._replace(title=title), {}, task.title, setting))
        fitting = [content for content in contents if words_n(content) <= most]
        for content in sorted(fitting, key=lambda content: -words_n(content)):
            yield Draft(content, reason, setting.kind(kinds), task.ref)
        if fitting:
            return


def _filled(
    wordings: Sequence[str], task: ShownTask | None, parts: Mapping[str, str], topic: str, setting: Setting
) -> Iterator[str]:
    """The wordings whose parts are known, in today's order.

    Each has the cue of the rotation; the variants with other cues follow after all of these.
    """
    start = setting.turn(topic, len(wordings))
    in_turn = [*wordings[start:], *wordings[:start]]
    cues = cues_at(setting.sentences, setting.hour, topic, parts.get("when", ""))
    for later in range(len(cues)):
        contents = []
        for wording in in_turn:
            cue = cues[(setting.turn(wording, len(cues)) + later) % len(cues)]
            content = _told(wording, task, parts, cue, setting)
            if content and (not later or "{cue}" in wording):
                contents.append(content)
        yield from contents


def _told(wording: str, task: ShownTask | None, parts: Mapping[str, str], cue: str, setting: Setting) -> str | None:
    """The wording with its parts, None if one is unknown."""
    language = setting.delivery.language
    told = {name: in_language(name, part, language) for name, part in parts.items()}
    if "minutes" in parts:
        told["short"] = told["minutes"]
    told["cue"] = cue
    told["minutes"] = step_minutes(task.estimate_min if task else None, setting.sentences)
    return filled(wording, told | ({"x": f"«{task.title}»"} if task else {}))


def _sentence(clause: str) -> str:
    """A clause as a whole sentence: an upper-case letter or a title first, a full stop last."""
    text = shorten(clause.strip(), LONGEST)
    if not text:
        return ""
    return f"{text[0].upper()}{text[1:]}{'' if text[-1] in '.!?…' else '.'}"
