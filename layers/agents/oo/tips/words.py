"""What of a model's JSON becomes a tip: every value is checked or replaced, none is trusted."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, TypeVar

from oo.agents.titles import shorten
from oo.contract.tips import Kind
from oo.errors import LLMBadOutput, LLMPromptLeak
from oo.llm.thoughts import without_thoughts
from oo.prompts.built import BuiltPrompt
from oo.prompts.reply_checks import Finding, finding_in, plain_text
from oo.prompts.snippets import QUOTED
from oo.prompts.untrusted import hide_links

Parsed_co = TypeVar("Parsed_co", covariant=True)

LONGEST_CONTENT = 600
LONGEST_RATIONALE = 1_000
_LONGEST_READ = 8_000
"""Characters of a text that are looked at for what must not be in it; more of them are refused for their length."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REASONS = {
    Finding.URL: 'its "content" held a link',
    Finding.CODE_FENCE: 'its "content" held a code fence',
    Finding.BOUNDARY: 'its "content" repeated the marker of the DATA block',
}
_LEAK = "it repeated its instructions"


class Guard(NamedTuple):
    """What a reply must not repeat: its prompt, apart from the titles of the tasks on offer."""

    prompt: BuiltPrompt

    def finding(self, text: str) -> Finding | None:
        """The worst thing that text holds."""
        prompt = self.prompt
        return finding_in(text, system=prompt.system, boundary=prompt.boundary, titles=prompt.titles)


class Words(NamedTuple):
    """One tip as the model put it. `tip_id` is None where the model gave none that can be used."""

    content: str
    rationale: str | None
    kind: Kind
    tip_id: str | None
    task_ref: str | None

    def shown(self) -> dict[str, Any]:
        """The texts as the trace shows them."""
        return {"content": self.content, "rationale": self.rationale}


def read_words(fields: Mapping[str, Any], guard: Guard) -> Words:
    """A tip from the fields of a reply's object; raises LLMBadOutput and LLMPromptLeak."""
    if "content" not in fields:
        raise LLMBadOutput('it had no "content"')
    kind, tip_id, task_ref = fields.get("kind"), fields.get("id"), fields.get("task_ref")
    return Words(
        content=_content(fields.get("content"), guard),
        rationale=_rationale(fields.get("rationale"), guard),
        kind=Kind(kind) if kind in list(Kind) else Kind.ADVICE,
        tip_id=tip_id if isinstance(tip_id, str) and _ID.fullmatch(tip_id) else None,
        task_ref=task_ref if isinstance(task_ref, str) else None,
    )


class Parse(Protocol[Parsed_co]):
    """Reads the fields of one shape; raises LLMBadOutput."""

    def __call__(self, text: str, *, is_cut: bool) -> Parsed_co:
        """The fields."""


def read_json(text: str, parse: Parse[Parsed_co], guard: Guard, *, is_cut: bool = False) -> Parsed_co:
    """The fields that `parse` reads; raises LLMPromptLeak where a reply without JSON holds its instructions instead.

    Thoughts may repeat them: no thought is ever shown.
    """
    try:
        return parse(text, is_cut=is_cut)
    except LLMBadOutput:
        if guard.finding(without_thoughts(text).answer[:_LONGEST_READ]) is Finding.PROMPT_LEAK:
            raise LLMPromptLeak(_LEAK) from None
        raise


def with_stored_title(words: Words, prompt: BuiltPrompt) -> Words:
    """The tip with the one title that it quotes as the user wrote it; the model may have seen or spelled another."""
    title = next((ref.title for ref in prompt.refs if ref.ref == words.task_ref), "")
    stored = hide_links(plain_text(title))
    if not stored or len(QUOTED.findall(words.content)) != 1:
        return words
    return words._replace(content=QUOTED.sub(lambda _: f"«{stored}»", words.content))


def _content(value: object, guard: Guard) -> str:
    if not isinstance(value, str):
        raise LLMBadOutput('its "content" was no text')
    text, finding = _checked(value, guard)
    if finding:
        raise LLMBadOutput(_REASONS[finding])
    if not text:
        raise LLMBadOutput('its "content" was blank')
    if len(text) > LONGEST_CONTENT or len(value) > _LONGEST_READ:
        raise LLMBadOutput(f'its "content" was over {LONGEST_CONTENT} characters')
    return text


def _rationale(value: object, guard: Guard) -> str | None:
    """A rationale is left out where it cannot be shown: no tip is lost over it."""
    if not isinstance(value, str):
        return None
    text, finding = _checked(value, guard)
    return None if finding else shorten(text, LONGEST_RATIONALE) or None


def _checked(value: str, guard: Guard) -> tuple[str, Finding | None]:
    """The text without markup, and what it must not hold: a tag may hide a link from the eye, or glue one together."""
    read = value[:_LONGEST_READ]
    text = plain_text(read)
    finding = guard.finding(read) or (guard.finding(text) if text != read else None)
    if finding is Finding.PROMPT_LEAK:
        raise LLMPromptLeak(_LEAK)
    return text, finding
