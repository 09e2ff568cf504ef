from oo.llm.thoughts import without_thoughts

PAIRS = (
    ("<think>", "</think>"),
    ("<THINK>", "</Think>"),
    ("< think >", "< / think >"),
    ('<thinking time="3">', "</thinking>"),
    ("<thought>", "</thought>"),
    ("<thoughts>", "</thoughts>"),
    ("<reasoning>", "</reasoning>"),
    ("<ns:think>", "</ns:think>"),
    ("&lt;think&gt;", "&lt;/think&gt;"),
    ("\uff1cthink\uff1e", "\uff1c/think\uff1e"),
    ("[THINK]", "[/THINK]"),
    ("\u25c1think\u25b7", "\u25c1/think\u25b7"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<\uff5cbegin\u2581of\u2581thought\uff5c>", "<\uff5cend\u2581of\u2581thought\uff5c>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|think|>", "<|/think|>"),
    ("<|channel>thought\n", "<channel|>"),
)


def test_everything_up_to_the_last_closing_mark_is_thought() -> None:
    """The opening mark may be missing, come late, or come twice."""
    for opening, closing in PAIRS:
        for text in (
            f"{opening}a{closing}b",
            f"a{closing}b",
            f"a {opening}a{closing}b",
            f"{opening}a{closing} c {opening}a{closing}b",
            f"{opening}a {opening}a{closing} a{closing}b",
        ):
            assert without_thoughts(text) == ("b", False), text


def test_thoughts_that_are_not_closed_have_no_answer_behind_them() -> None:
    """Text in front of them is all that was said."""
    for opening, closing in PAIRS:
        assert without_thoughts(f"{opening}a") == ("", True), opening
        assert without_thoughts(f"a{closing}b{opening}c") == ("b", True), opening


def test_only_the_final_channel_is_said() -> None:
    """With any content of the others, and whether or not the server left the first tokens out."""
    final = "<|channel|>final<|message|>b"
    for text, said in (
        (f"<|channel|>analysis<|message|>a<|end|><|start|>assistant{final}<|return|>", ("b", False)),
        (f"<|start|>assistant{final}", ("b", False)),
        (f"{final}<|end|><|start|>assistant<|channel|>analysis<|message|>a", ("b", False)),
        ("<|channel|>final <|constrain|>json<|message|>b<|return|>", ("b", False)),
        ("analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b", ("b", False)),
        ("final<|message|>b", ("b", False)),
        ("analysisWe think a.assistantfinalb", ("b", False)),
        ("<|channel|>analysis<|message|>a", ("", True)),
        ("<|channel|>commentary to=functions.x<|message|>a<|call|>", ("", True)),
        ("<|channel|>finally<|message|>a", ("", True)),
        ("<|channel|>final", ("", True)),
        ("<|channel|>analysis<|message|>a</think>c", ("", True)),
        ("analysisWe think a.", ("", True)),
    ):
        assert without_thoughts(text) == said, text


def test_words_about_thinking_are_no_marks() -> None:
    """Text without marks is said as it is."""
    for text in ("", "Think <b>first</b> [thought out] of thinking.", "Analysis of 3 < 5 thoughts > 2.", "<thinker>"):
        assert without_thoughts(text) == (text, False), text
