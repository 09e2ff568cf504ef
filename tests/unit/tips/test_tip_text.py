import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oo.contract.kinds import Kind
from oo.errors import LLMBadOutput, LLMPromptLeak, LLMReplyError
from oo.tips.shapes import first_object
from oo.tips.tip_text import (
    LONGEST_CONTENT,
    LONGEST_RATIONALE,
    ReplyPolicy,
    TipText,
    read_json,
    read_tip_text,
    with_stored_title,
)
from testing.for_each import for_each
from testing.tip_prompts import build

LINKED = "Read https://docs.test/a before Monday"
PROMPT = build(
    agent_outputs=[], tasks=[{"id": "a", "title": "Write <b>proposal</b>", "priority": 4}, {"id": "b", "title": LINKED}]
)
GUARD = ReplyPolicy(PROMPT)
LEAK = PROMPT.system[40:100]


def words(content: object = "Write one line.", **fields: object) -> TipText:
    return read_tip_text({"content": content} | fields, GUARD)


@for_each(
    ("content", "kept"),
    [
        ("  Write one line. ", "Write one line."),
        ("Write\none\tline.", "Write one line."),
        ("Write \u202eone\u202c line\u200b.\x00", "Write one line."),
        ("Write <b>one</b> line.", "Write one line."),
        ("Write <script>one</script> line.", "Write one line."),
        ("Write <scr<script>ipt>one line.", "Write one line."),
        ("Send it &amp; rest, it&#39;s late.", "Send it & rest, it's late."),
        ("**Write** `one` line.\\nRest.<|im_end|>", "Write one line. Rest."),
        ('<think>Maybe {"content": "x"}?</think>Write it.', "Write it."),
        ("👩\u200d👧 نان می\u200cخرم", "👩\u200d👧 نان می\u200cخرم"),
        ("2 < 3, and I <3 lines", "2 < 3, and I <3 lines"),
        ("x" * LONGEST_CONTENT, "x" * LONGEST_CONTENT),
    ],
)
def test_content_becomes_plain_text(content: str, kept: str) -> None:
    """No page draws it as anything but text."""
    assert words(content).content == kept


@for_each(
    "content",
    [
        None,
        7,
        ["Write"],
        {"text": "Write"},
        "",
        " \u200b\n",
        "<b></b>",
        "x" * (LONGEST_CONTENT + 1),
        "<b></b>" * 2_000 + "Write",
        "See https://evil.test/?q=1",
        "See ![x](http://evil.test/?q=1)",
        "See [this](javascript:alert(1))",
        "See data:text/html,x",
        "See htt<b></b>ps://evil.test",
        "See \uff48\uff54\uff54\uff50\uff53://evil.test",
        "Run ```rm``` now",
        f"END {PROMPT.boundary}",
    ],
)
def test_content_that_cannot_be_shown_is_sent_back(content: object) -> None:
    """Each for a reason that the model can act on."""
    with pytest.raises(LLMBadOutput) as caught:
        words(content)

    assert caught.value.reason


def test_the_reason_names_what_is_wrong_with_the_content() -> None:
    """A key that is missing, a value that is no text, a text that says nothing."""
    for fields, reason in (
        ({"advice": "Send it."}, 'it had no "content"'),
        ({"content": None}, 'its "content" was no text'),
        ({"content": " "}, 'its "content" was blank'),
    ):
        with pytest.raises(LLMBadOutput) as caught:
            read_tip_text(fields, GUARD)

        assert caught.value.reason == reason


def test_a_content_that_says_nothing_else_is_sent_back() -> None:
    """Each reason names the finding in the content."""
    for content, reason in (
        ("Log in at evil.tk/login", "a link or an address"),
        ("Mail your code to help@evil.com", "a link or an address"),
        ("[Open it](javascript&#58;alert(1))", "a link or an address"),
        ("[Open]<b>(//2130706433/x)", "a link or an address"),
        ("Send it.<|im_end|>user: no", "a special token of a model"),
        ('Answer: {"id": 1, "content": "Send it."}', "JSON instead of plain words"),
        ("Send <think>or not", "markup instead of plain words"),
        ("&" + "amp;" * 20, "markup within markup"),
        ("…", "a placeholder"),
        ("...", "a placeholder"),
        ("content", "a placeholder"),
    ):
        with pytest.raises(LLMBadOutput) as caught:
            words(content)

        assert caught.value.reason.endswith(reason), content


def test_a_content_that_is_a_tip_in_json_is_that_tip() -> None:
    """Once: a tip in a tip in a tip is no text."""
    inner = {"id": "t-9", "content": "Write one line.", "rationale": "It waits.", "kind": "start", "task_ref": "T1"}
    wrapped = json.dumps(inner)

    for content in (wrapped, f" {wrapped} ", json.dumps({"tip": inner})):
        assert words(content, rationale="no") == TipText("Write one line.", "It waits.", Kind.START, "t-9", "T1")
    with pytest.raises(LLMBadOutput):
        words(json.dumps({"content": wrapped}))


def test_many_long_texts_are_read_in_turn() -> None:
    """Each is bounded for any repeated piece; a hang would end the suite."""
    for piece in (
        "<a",
        ">",
        "&amp;",
        "[x](",
        "`",
        "**a",
        "\\n",
        "//",
        "@a.",
        "<|a|>",
        '{"',
        "\ufdfa",
        "</think>",
        "a<b",
    ):
        for content in (piece * (8_000 // len(piece)), piece * 9_000, "<a" * 2_600 + ">" * 2_600):
            with pytest.raises(LLMReplyError):
                words(content)
            assert words(rationale=content).content == "Write one line."


@pytest.mark.parametrize("field", ["content", "rationale"])
def test_sixty_characters_of_the_rules_are_a_leak(field: str) -> None:
    """Fifty-nine are a coincidence; line breaks and case hide nothing."""
    with pytest.raises(LLMPromptLeak):
        words(**{field: f"Write: {LEAK.upper()}"})
    with pytest.raises(LLMPromptLeak):
        words(**{field: LEAK + "x" * LONGEST_CONTENT})

    assert words(LEAK[1:]).content


def test_a_reply_that_is_nothing_but_the_rules_is_a_leak() -> None:
    """It need not be JSON for that; other text without JSON is only useless, and thoughts may hold the rules."""
    with pytest.raises(LLMPromptLeak):
        read_json(PROMPT.system, first_object, GUARD)
    with pytest.raises(LLMBadOutput):
        read_json("Call your mother.", first_object, GUARD)
    with pytest.raises(LLMBadOutput):
        read_json(f"<think>{PROMPT.system}</think>Call your mother.", first_object, GUARD)


def test_an_offered_title_may_be_named_whatever_it_holds() -> None:
    """It is the user's own text; an address in it is there as its host."""
    assert words(f"Begin: {LINKED}").content == "Begin: Read docs.test before Monday"
    assert words("Open https://docs.test/a, then rest.").content == "Open docs.test, then rest."


@for_each(
    ("rationale", "kept"),
    [
        ("It has waited.", "It has waited."),
        ("It <i>has</i> waited.", "It has waited."),
        ("x" * LONGEST_RATIONALE, "x" * LONGEST_RATIONALE),
        ("x" * (LONGEST_RATIONALE + 1), "x" * (LONGEST_RATIONALE - 1) + "…"),
        (None, None),
        (["It has waited."], None),
        (" ", None),
        ("See https://evil.test", None),
        ("```", None),
        ("…", None),
        ("Log in at evil.tk/login", None),
        ('{"content": "x"}', None),
        ("It has waited &amp; grown.<|im_end|>", "It has waited & grown."),
    ],
)
def test_a_rationale_is_shown_or_left_out(rationale: object, kept: str | None) -> None:
    """No tip is sent back for it."""
    assert words(rationale=rationale).rationale == kept


@for_each(
    ("kind", "known"), [("rest", Kind.REST), ("REST", Kind.ADVICE), ("system", Kind.ADVICE), (["rest"], Kind.ADVICE)]
)
def test_a_kind_is_one_of_ours(kind: object, known: Kind) -> None:
    """Any other is advice."""
    assert words(kind=kind).kind is known


@for_each(
    ("tip_id", "kept"),
    [
        ("t", "t"),
        ("a-B_9" * 12 + "abcd", "a-B_9" * 12 + "abcd"),
        ("a-B_9" * 13, None),
        ("", None),
        ("a b", None),
        ("a\n", None),
        ("ä", None),
        (7, None),
        (None, None),
    ],
)
def test_an_id_is_kept_only_where_it_is_one(tip_id: object, kept: str | None) -> None:
    """One to 64 letters, digits, hyphens and underscores."""
    assert words(id=tip_id).tip_id == kept


@for_each(
    ("content", "ref", "shown"),
    [
        ("Open «Write prop», then rest.", "T1", "Open «Write proposal», then rest."),
        ("Open «Read (link) before Monday».", "T2", "Open «Read docs.test before Monday»."),
        ("Open «Write prop».", "T9", "Open «Write prop»."),
        ("Open «Write prop».", None, "Open «Write prop»."),
        ("Open «this» and «that».", "T1", "Open «this» and «that»."),
        ("Open it.", "T1", "Open it."),
    ],
)
def test_the_quoted_title_is_the_users_own(content: str, ref: str | None, shown: str) -> None:
    """As far as it is plain text, and only where there is no doubt which one is meant."""
    assert with_stored_title(words(content)._replace(task_ref=ref), PROMPT).content == shown


def test_a_title_that_makes_a_tip_too_long_is_left_as_the_model_wrote_it() -> None:
    """The limit applies to the shown text."""
    content = f"Open «Write prop». {'x' * (LONGEST_CONTENT - 19)}"

    assert with_stored_title(words(content, task_ref="T1"), PROMPT).content == content


texts = st.text(max_size=80) | st.just(PROMPT.system) | st.just(PROMPT.user)
values = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.lists(texts, max_size=2)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("id", "content", "rationale", "kind", "task_ref"), values)))
def test_any_object_is_words_or_an_error_of_ours(fields: dict[str, Any]) -> None:
    """Accepted words can be encoded and are short enough."""
    try:
        read = with_stored_title(read_tip_text(fields, GUARD), PROMPT)
    except LLMReplyError:
        return

    assert read.content.encode()
    assert len(read.rationale or "") <= LONGEST_RATIONALE
