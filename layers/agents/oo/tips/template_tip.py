"""The template tip: made without a model, within the prompt's delivery line, and different from recent tips.

It uses the tasks and notes of the prompt in the form shown to a model, and nothing else.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from oo.errors import LLMReplyError
from oo.prompts.candidates import due_text
from oo.prompts.data_block import note
from oo.prompts.delivery import DEFAULT_DELIVERY
from oo.prompts.recent import LONGEST_TIP
from oo.snippets.ranking import rank
from oo.tips.bounds import form_of, keeps_to, reads_like, runs_of, words_n
from oo.tips.context import TipContext
from oo.tips.template_drafts import Draft, NoteText, Setting, ShownTask, about_tasks, general, note_text
from oo.tips.tip_text import ReplyPolicy, TipText, plain_words, with_stored_title
from oo.untrusted_text.cleaning import fold


def template_tip(context: TipContext) -> TipText:
    """The best template tip that passes the checks: notes come from outside, as a model's text does."""
    prompt, clock = context.prompt, context.open_tasks.clock
    tasks = [
        ShownTask(ref.ref, ref.shown, due_text(ref.task, context.open_tasks), ref.task.estimate_min, ref.task.waits)
        for ref in prompt.refs
    ]
    notes = [note_text(note(snippet, prompt.refs)) for snippet in rank(prompt.snippets).lines]
    hour, day = context.told_clock.hour, clock.today.toordinal() if clock else 0
    setting = Setting(
        delivery=prompt.delivery or DEFAULT_DELIVERY,
        hour=hour,
        said=[tip.content[:LONGEST_TIP] for tip in context.request.recent_tips if tip.content],
        seed=f"{context.request.user_id}|{day}|{hour}",
        has_no_open_task=not context.open_tasks.rows.task_list.has_open_row,
    )
    policy = ReplyPolicy(prompt)
    checked = (_checked(tip, policy) for tip in template_tips(tasks, notes, setting))
    tip = next(tip for tip in checked if tip)
    is_unusual = any(ref.is_unusual and ref.ref == tip.task_ref for ref in prompt.refs)
    return with_stored_title(tip, prompt) if is_unusual else tip


def _checked(tip: TipText, policy: ReplyPolicy) -> TipText | None:
    try:
        return plain_words(tip._asdict(), policy)
    except LLMReplyError:
        return None


def template_tips(tasks: Sequence[ShownTask], notes: Sequence[NoteText], setting: Setting) -> Iterator[TipText]:
    """Tips for the notes and tasks, best first; the last ones are general, one of which can always be shown.

    Tips within every bound and unlike recent tips come first, then those that only repeat a form, then those that are
    too short. No tip exceeds the user's limit of words, and none has the text of a recent one while another text
    exists.
    """
    said = SaidTexts(setting.said)
    told, plain = list(about_tasks(tasks, notes, setting)), list(general(setting))
    fitting = [draft for draft in plain if keeps_to(setting.delivery, draft.content, draft.kind)]
    passes = (*_passes(told, said, setting), *_passes(fitting, said, setting), told, fitting)
    shortest = sorted(plain, key=lambda draft: words_n(draft.content))
    for draft in dict.fromkeys(chain.from_iterable((*passes, shortest))):
        yield TipText(draft.content, draft.rationale, draft.kind, tip_id=None, task_ref=draft.ref)


class SaidTexts:
    """The texts that a user has just seen."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = {fold(text) for text in texts}
        self._forms = {form_of(text) for text in texts}
        self._runs = [runs_of(text) for text in texts]

    def holds(self, draft: Draft) -> bool:
        """Whether one of them is this text."""
        return fold(draft.content) in self._texts

    def reads_like(self, draft: Draft) -> bool:
        """Whether one of them begins in this form, or shares much of this text."""
        return draft.form in self._forms or reads_like(runs_of(draft.content), self._runs)


def _passes(drafts: Sequence[Draft], said: SaidTexts, setting: Setting) -> Iterator[list[Draft]]:
    fewest = setting.delivery.words[0]
    new = [draft for draft in drafts if not said.holds(draft)]
    fresh = [draft for draft in new if not said.reads_like(draft)]
    yield [draft for draft in fresh if words_n(draft.content) >= fewest]
    yield [draft for draft in new if words_n(draft.content) >= fewest]
    yield fresh
    yield new
