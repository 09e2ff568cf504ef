"""The tip without a model: the strongest snippet as it stands, else a task in plain words.

It uses the tasks and snippets of the prompt as a model would have seen them, and nothing else.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from oo.contract.kinds import Kind
from oo.errors import LLMReplyError
from oo.prompts.candidates import due_text
from oo.prompts.data_block import note
from oo.snapshot.titles import shorten
from oo.snippets.grammar import FREE_TEXT, SnippetClauses, read_snippet
from oo.snippets.ranking import rank
from oo.tips.context import TipContext
from oo.tips.tip_text import LONGEST_CONTENT, ReplyPolicy, TipText, plain_words, with_stored_title


class ShownTask(NamedTuple):
    """A task as the prompt shows it."""

    ref: str
    title: str
    due: str | None


def template_tip(context: TipContext) -> TipText:
    """The best of the template's tips that may be shown: snippets come from outside, as a model's text does."""
    prompt = context.prompt
    tasks = [ShownTask(ref.ref, ref.shown, due_text(ref.task, context.open_tasks)) for ref in prompt.refs]
    notes = [note(snippet, prompt.refs) for snippet in rank(prompt.snippets).lines]
    policy = ReplyPolicy(prompt)
    checked = (_checked(tip, policy) for tip in template_tips(tasks, notes))
    return next(with_stored_title(tip, prompt) for tip in checked if tip)


def _checked(tip: TipText, policy: ReplyPolicy) -> TipText | None:
    try:
        return plain_words(tip._asdict(), policy)
    except LLMReplyError:
        return None


def template_tips(tasks: Sequence[ShownTask], notes: Sequence[str]) -> Iterator[TipText]:
    """Tips for the tasks and the texts of snippets, each in its order of use.

    Notes in the agents' grammar come before tasks, tasks before other notes. The last tip is a general one, which can
    always be shown.
    """
    snippets = [read_snippet(text) for text in notes]
    yield from (_from_snippet(clauses, tasks) for clauses in snippets if clauses)
    yield from map(_from_task, tasks)
    for text, clauses in zip(notes, snippets, strict=True):
        if clauses is None:
            yield _tip(text.removeprefix(FREE_TEXT), "It is what was noticed last.")
    yield _tip(
        "Write down one thing that is on your mind, and the next small step for it.",
        "" if tasks or notes else "There is no open task and no pattern to go by.",
    )


def _from_snippet(clauses: SnippetClauses, tasks: Sequence[ShownTask]) -> TipText:
    move = clauses.move[0].upper() + clauses.move[1:]
    named = [task.ref for task in tasks if task.title in clauses.titles]
    content = move if any(f"«{title}»" in move for title in clauses.titles) else f"{clauses.fact} {move}"
    return _tip(content, clauses.fact, Kind(clauses.kind), named[0] if named else "")


def _from_task(task: ShownTask) -> TipText:
    named = f"«{task.title}»"
    if not task.due:
        content = f"{named} is open: set ten minutes aside and take its first small step."
        return _tip(content, "It is one of your open tasks.", Kind.START, task.ref)
    when = task.due if task.due.startswith("past") else f"due {task.due}"
    return _tip(f"{named} is {when}: open it and take its first small step.", f"It is {when}.", Kind.START, task.ref)


def _tip(content: str, rationale: str, kind: Kind = Kind.ADVICE, task_ref: str = "") -> TipText:
    return TipText(_cut(content), rationale, kind, tip_id=None, task_ref=task_ref)


def _cut(text: str) -> str:
    """The text within a tip's length. A title is quoted whole or not at all."""
    cut = shorten(text, LONGEST_CONTENT)
    if cut != text and cut.rfind("«") > cut.rfind("»"):
        return f"{cut[: cut.rfind('«')].rstrip()}…"
    return cut
