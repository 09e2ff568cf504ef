"""The task on offer that a tip is about."""

import re

from oo.prompts.candidates import TaskRef
from oo.prompts.data_block import BuiltPrompt
from oo.tips.tip_text import TipText
from oo.untrusted_text.cleaning import fold, fold_clean

_LEAST_SHARE = 0.6
_WORD = re.compile(r"[^\W_]{3,}")


def names_a_task(words: TipText, prompt: BuiltPrompt) -> bool:
    """Whether the tip is about one of the offered tasks, by its ref, its title, or most of the title's words.

    True if none is on offer.
    """
    if not prompt.refs or words.task_ref in {ref.ref for ref in prompt.refs}:
        return True
    told = fold(words.content)
    among = frozenset(_WORD.findall(told))
    return any(_is_named(fold(title), told, among) for title in prompt.titles)


def _is_named(title: str, told: str, among: frozenset[str]) -> bool:
    wanted = _WORD.findall(title)
    share = sum(word in among for word in wanted) / len(wanted) if wanted else 0
    return share >= _LEAST_SHARE or (bool(title) and title in told)


def task_id_of(words: TipText, prompt: BuiltPrompt) -> str | None:
    """The caller's id of the task that the tip is about, by its ref, else by the one offered title in it.

    None if it names no task or several, and if the task has no id of its own.
    """
    refs = [ref for ref in prompt.refs if ref.ref == words.task_ref] or _named(words.content, prompt)
    return refs[0].task.id if len(refs) == 1 else None


def _named(content: str, prompt: BuiltPrompt) -> list[TaskRef]:
    """The tasks whose whole title is in the text, except titles found only within a longer title."""
    by_title: dict[str, dict[str, TaskRef]] = {}
    for ref in prompt.refs:
        for title in (ref.given, ref.title, ref.shown):
            by_title.setdefault(fold_clean(title), {})[ref.ref] = ref
    named: dict[str, TaskRef] = {}
    told: str = fold_clean(content)
    for title in sorted(filter(None, by_title), key=len, reverse=True):
        told, found = re.subn(_as_words(title), "\n", told)
        if found:
            named |= by_title[title]
    return list(named.values())


def _as_words(title: str) -> str:
    """The title as a pattern: "run" does not match in "running", in scripts that separate words."""
    before = r"(?<!\w)" if _is_of_a_word(title[0]) else ""
    after = r"(?!\w)" if _is_of_a_word(title[-1]) else ""
    return f"{before}{re.escape(title)}{after}"


def _is_of_a_word(character: str) -> bool:
    """Whether the character is a digit, or a letter with a capital form: scripts without spaces have none."""
    return character.isdigit() or character.lower() != character.upper()
