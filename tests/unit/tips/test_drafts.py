"""No words that the model rejected become a tip."""

import json
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oo.errors import LLMBadOutput
from oo.tips.shapes import first_object, several_objects
from testing.seeds import examples
from tests.unit.tips.fixtures import Scene, replied

REJECTED = "DRAFT quit your job now."
DRAFT = f'{{"content": "{REJECTED}"}}'
CHOSEN = "Send the invoice before lunch."
GOOD = f'{{"content": "{CHOSEN}"}}'
BROKEN = f'{{id: "t1", content: "Send it.", rejected: {DRAFT}}}'

REPLIES = (
    # the reply, how it ended, calls
    (f"Draft 1: {DRAFT} - too personal, rejected.\nFinal: {GOOD}", "stop", 2),
    (f"Okay. Draft: {DRAFT} Better:\n</think>{GOOD}", "stop", 1),
    (f"<think>Maybe {DRAFT}? No, that would be", "length", 2),
    (f"<think>Maybe {DRAFT}? No, that would be", "stop", 2),
    (f"Maybe {DRAFT}? No, that would be", "length", 2),
    (f"[THINK]Maybe {DRAFT}?[/THINK]{GOOD}", "stop", 1),
    (f"<think>Maybe {DRAFT}?</think>{GOOD}", "length", 1),
    (f"<think>Maybe {DRAFT}?</think>So: {GOOD}", "length", 2),
    (f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{GOOD}", "stop", 1),
    (f"<|channel|>analysis<|message|>{DRAFT} is too", "stop", 2),
    (BROKEN, "stop", 2),
    (f"{BROKEN} {GOOD}", "stop", 1),
    (f"{DRAFT} no: {BROKEN}", "stop", 2),
    (f'{DRAFT} no: {{"content": "Send the inv', "stop", 2),
    (f'{DRAFT} no: {{"tip": "Send the invoice."}}', "stop", 2),
    (f"```json\n{DRAFT}\n```\nBetter:\n```json\n{GOOD}\n```", "stop", 2),
    (f"```json\n{DRAFT}\n```\nBetter: {GOOD}", "stop", 2),
    ('The format is {"content":"…","rationale":"…"}. Answer:\n' + GOOD, "stop", 1),
    (f'Of {{"ref": "T1", "title": "Send it"}}: {GOOD} {{"confidence": 0.9}}', "stop", 1),
    (f"Here you are: {GOOD} Enjoy.", "stop", 1),
    (f"```json\n{GOOD}\n```", "stop", 1),
    (f"```json\n{GOOD}\n```", "length", 1),
    (f"Sure.\n````json\r\n{GOOD}\r\n````\nEnjoy.", "stop", 1),
    (f"[{DRAFT.replace(REJECTED, CHOSEN)}, {DRAFT}]", "stop", 1),
)


def test_a_rejected_draft_is_never_the_tip() -> None:
    """One answer is taken in one call; where several may be meant, the model is asked again."""
    for text, finish_reason, calls in REPLIES:
        scene = Scene(replied(text, finish_reason), replied(GOOD))

        assert scene.recommend().tip.content == CHOSEN, text
        assert len(scene.requests) == calls, text


def test_a_rejected_draft_is_never_a_candidate() -> None:
    """Lists of candidates in prose are chosen from as tips are."""
    draft, good = f'{{"candidates": [{DRAFT}]}}', f'{{"candidates": [{GOOD}]}}'
    for text, calls in (
        (f"{draft} - rejected. Final: {good}", 2),
        (f"<think>{draft}</think>{good}", 1),
        (f"[{DRAFT}] - rejected. Final: {good}", 2),
        (f"{draft} - rejected. Final: {GOOD}", 2),
        (f"{DRAFT} - rejected. Final: {good}", 1),
        ('The format is {"candidates": [{"content": "…"}]}. Answer: ' + good, 1),
        (f"{{candidates: [{DRAFT}]}}", 2),
    ):
        scene = Scene(replied(text), replied(good))

        assert [candidate.content for candidate in scene.generate(n=1).candidates] == [CHOSEN], text
        assert len(scene.requests) == calls, text


MARKS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
)
words = st.text("abc «».,:'\n\u200b", max_size=12)
rejected = st.sampled_from([f"DRAFT {number} quit." for number in range(3)])
forms = st.sampled_from(
    [
        json.dumps,
        lambda tip: json.dumps({"response": tip}),
        lambda tip: json.dumps({"candidates": [tip]}),
        lambda tip: json.dumps([tip]),
        lambda tip: f"```json\n{json.dumps(tip, indent=1)}\n```",
    ]
)
drafts = st.builds(lambda form, text: form({"content": text, "rationale": text}), forms, rejected)
finals = st.builds(lambda form: form({"content": CHOSEN}), forms)


@st.composite
def thought_replies(draw: st.DrawFn) -> str:
    """Drafts inside of thoughts, whose first mark may be missing, then perhaps an answer."""
    opening, closing = draw(st.sampled_from(MARKS))
    thoughts = draw(words) + "".join(draw(drafts) + draw(words) for _ in range(draw(st.integers(1, 3))))
    begin = draw(st.sampled_from([opening, f"{draw(words)}{opening}", opening if "|" in opening else ""]))
    end = draw(st.sampled_from([closing, closing, ""])) if begin.endswith(opening) else closing
    return begin + thoughts + end + draw(st.sampled_from(["", "No."]) | finals if end else words)


def broken(draft: str) -> str:
    """An object that is no JSON, around a draft."""
    return f'{{id: "t1", "content": "Send it.", rejected: {draft}}}'


draft_replies = thought_replies() | st.one_of(
    st.builds(lambda draft, between, final: f"{draft}{between}{final}", drafts, words, finals),
    st.builds(lambda before, draft, behind: f"{before}{broken(draft)}{behind}", words, drafts, words),
    st.builds(lambda draft, between, final: f"{draft}{between}{final[:-4]}", drafts, words, finals),
    st.builds(lambda draft, between, final: f"{draft}{between}{broken(final)}", drafts, words, finals),
)


@settings(max_examples=examples(400))
@given(draft_replies, st.booleans())
def test_no_reader_finds_a_rejected_draft(text: str, is_cut: bool) -> None:  # noqa: FBT001  # Hypothesis passes it
    """Wherever the draft stands, in whichever shape, cut off or not."""
    readers: tuple[Any, ...] = (first_object, several_objects)
    for read in readers:
        with suppress(LLMBadOutput):
            assert "DRAFT" not in str(read(text, is_cut=is_cut))


@settings(max_examples=examples(200))
@given(st.sampled_from(MARKS), words, drafts, words, finals)
def test_an_answer_after_thoughts_is_read(
    mark: tuple[str, str], before: str, draft: str, between: str, final: str
) -> None:
    """Also where the reply was cut off behind it."""
    opening, closing = mark

    assert first_object(f"{opening}{before}{draft}{between}{closing}{final}", is_cut=True) == {"content": CHOSEN}
