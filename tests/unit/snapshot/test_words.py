from oo.snapshot.words import LONGEST_WORD, word_key
from testing.for_each import for_each


@for_each(
    ("spellings", "key"),
    [
        (
            ("remind me later", "Remind Me Later", "REMIND_ME_LATER", "remind-me-later", "remindMeLater"),
            "remindmelater",
        ),
        (
            ("inProgress", "InProgress", "IN-PROGRESS", "in progress", " in\u00a0progress\n", "in\t progress"),
            "inprogress",
        ),
        (("won't do", "Won\u2019t Do", "wont do", "WON`T_DO", "wontDo", "\ufeffwon't do"), "wontdo"),
        (("to-do", "to\u2011do", "to\u2013do", "toDo", "TODO", "__todo__"), "todo"),
        (("👍", "👍\ufe0f", "👍🏽", " 👍🏿\ufe0f "), "👍"),
        (("", "   ", "\u00a0", "-", "\n" * 1000), ""),
    ],
)
def test_spellings_of_one_word_are_equal(spellings: tuple[str, ...], key: str) -> None:
    """Case, blanks, hyphens, underscores, apostrophes and the looks of an emoji do not count."""
    for spelling in spellings:
        assert word_key(spelling) == key, spelling


def test_other_words_stay_different() -> None:
    """Nothing but separators is left out: neither digits nor other marks, nor the ending of a word."""
    words = ("done", "done!", "done2", "not done", "undone", "doné", "👍👎", "👎", "👍", ":thumbsup:")

    assert len({word_key(word) for word in words}) == len(words)


@for_each("value", [None, 0, 1.5, True, ["done"], {"name": "done"}, b"done"])
def test_only_texts_are_words(value: object) -> None:
    """A number, a flag, a list or an object is no word."""
    assert word_key(value) is None


def test_a_sentence_is_no_word() -> None:
    """Blanks around a word do not make it too long; more characters than any word has do."""
    assert word_key("x" * LONGEST_WORD) == "x" * LONGEST_WORD
    assert word_key(" " * 500 + "done") == "done"
    assert word_key("x" * (LONGEST_WORD + 1)) is None
