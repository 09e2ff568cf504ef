"""A tip from a model's JSON: every value is checked or replaced."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, TypeVar

from oo.contract.kinds import Kind
from oo.errors import LLMBadOutput, LLMPromptLeak
from oo.llm.thoughts import without_thoughts
from oo.prompts.data_block import BuiltPrompt
from oo.snapshot.titles import shorten
from oo.snippets.grammar import QUOTED
from oo.tips.shapes import whole_tip
from oo.untrusted_text.plain_text import LONGEST_READ
from oo.untrusted_text.reply_policy import Finding, Shown, finding_in, is_placeholder, shown

Parsed_co = TypeVar("Parsed_co", covariant=True)

LONGEST_CONTENT = 600
LONGEST_RATIONALE = 1_000

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REASONS = {
    Finding.BOUNDARY: 'its "content" repeated the marker of the DATA block',
    Finding.URL: 'its "content" held a link or an address',
    Finding.CODE_FENCE: 'its "content" held a code fence',
    Finding.CHAT_MARK: 'its "content" held a special token of a model',
    Finding.JSON: 'its "content" held JSON instead of plain words',
    Finding.MARKUP: 'its "content" held markup instead of plain words',
    Finding.UNSETTLED: 'its "content" held markup within markup',
}
_LEAK = "it repeated its instructions"
_AROUND_REF = " \t\n[]()«»\"'`."
"""Characters that models write around the ref of a task."""


class ReplyPolicy(NamedTuple):
    """Checks a reply against its prompt, whose text it must not repeat, except for the offered titles."""

    prompt: BuiltPrompt

    def shown(self, text: str) -> Shown:
        """The text for the user, and the worst finding in it."""
        prompt = self.prompt
        return shown(
            text,
            system=prompt.system,
            boundary=prompt.boundary,
            titles=prompt.titles,
            displayed=prompt.displayed,
        )

    def finding(self, text: str) -> Finding | None:
        """The worst finding in the text."""
        prompt = self.prompt
        return finding_in(text, system=prompt.system, boundary=prompt.boundary, titles=prompt.titles)


class TipText(NamedTuple):
    """One tip, by the model or by template.

    `tip_id` is None if the model gave no usable one. `degraded_reason` is the code of the error because of which a
    template tip replaces the model's.
    """

    content: str
    rationale: str | None
    kind: Kind
    tip_id: str | None
    task_ref: str | None
    degraded_reason: str | None = None

    def shown(self) -> dict[str, Any]:
        """The texts for the trace."""
        return {"content": self.content, "rationale": self.rationale}


def read_tip_text(fields: Mapping[str, Any], guard: ReplyPolicy) -> TipText:
    """A tip from the fields of a reply's object. Raises LLMBadOutput and LLMPromptLeak.

    Content that is itself a whole tip in JSON is parsed as that tip, once.
    """
    return plain_words(_unwrapped(fields), guard)


def plain_words(fields: Mapping[str, Any], guard: ReplyPolicy) -> TipText:
    """A tip from its fields without unwrapping. Raises LLMBadOutput and LLMPromptLeak."""
    kind, tip_id, task_ref = fields.get("kind"), fields.get("id"), fields.get("task_ref")
    return TipText(
        content=_content(fields, guard),
        rationale=_rationale(fields.get("rationale"), guard),
        kind=Kind(kind) if kind in list(Kind) else Kind.ADVICE,
        tip_id=tip_id if isinstance(tip_id, str) and _ID.fullmatch(tip_id) else None,
        task_ref=task_ref.strip(_AROUND_REF).upper() if isinstance(task_ref, str) else None,
    )


class Parse(Protocol[Parsed_co]):
    """Parses the fields of one shape. Raises LLMBadOutput."""

    def __call__(self, text: str, *, is_cut: bool) -> Parsed_co:
        """The fields."""


def read_json(text: str, parse: Parse[Parsed_co], guard: ReplyPolicy, *, is_cut: bool = False) -> Parsed_co:
    """The fields from `parse`. Raises LLMPromptLeak if a reply without JSON contains its instructions instead.

    Reasoning may repeat them, because it is never shown.
    """
    try:
        return parse(text, is_cut=is_cut)
    except LLMBadOutput:
        if guard.finding(without_thoughts(text).answer[:LONGEST_READ]) is Finding.PROMPT_LEAK:
            raise LLMPromptLeak(_LEAK) from None
        raise


def with_stored_title(words: TipText, prompt: BuiltPrompt) -> TipText:
    """The tip with the display title of its task as its only quoted title; a model may spell it differently."""
    title = next((ref.title for ref in prompt.refs if ref.ref == words.task_ref), "")
    if not title or len(QUOTED.findall(words.content)) != 1:
        return words
    content = QUOTED.sub(lambda _: f"«{title}»", words.content)
    return words._replace(content=content) if len(content) <= LONGEST_CONTENT else words


def _unwrapped(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    content = fields.get("content")
    inner = whole_tip(content) if isinstance(content, str) and len(content) <= LONGEST_READ else None
    return {**fields, **inner} if inner else fields


def _content(fields: Mapping[str, Any], guard: ReplyPolicy) -> str:
    if "content" not in fields:
        raise LLMBadOutput('it had no "content"')
    value = fields["content"]
    if not isinstance(value, str):
        raise LLMBadOutput('its "content" was no text')
    text, finding = _checked(value, guard)
    if finding:
        raise LLMBadOutput(_REASONS[finding])
    if not text:
        raise LLMBadOutput('its "content" was blank')
    if len(text) > LONGEST_CONTENT or len(value) > LONGEST_READ:
        raise LLMBadOutput(f'its "content" was over {LONGEST_CONTENT} characters')
    if is_placeholder(text):
        raise LLMBadOutput('its "content" was a placeholder')
    return text


def _rationale(value: object, guard: ReplyPolicy) -> str | None:
    """The rationale, None if it cannot be shown: no tip is rejected because of it."""
    if not isinstance(value, str):
        return None
    whole, finding = _checked(value, guard)
    text = shorten(whole, LONGEST_RATIONALE)
    if finding or is_placeholder(text):
        return None
    return text if text == whole or guard.finding(text) is None else None


def _checked(value: str, guard: ReplyPolicy) -> Shown:
    told = guard.shown(value)
    if told.finding is Finding.PROMPT_LEAK:
        raise LLMPromptLeak(_LEAK)
    return told
