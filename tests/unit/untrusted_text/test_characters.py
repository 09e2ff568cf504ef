"""Which characters of a text are drawn, and where it may be cut."""

import unicodedata

import regex  # type: ignore[import-untyped]  # its types are not in the lock
from hypothesis import given, settings
from hypothesis import strategies as st

from oo.untrusted_text.characters import is_undrawn, last_cut, visible
from testing.seeds import examples

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
TAGGED = "Buy milk\U000e0069\U000e0067\U000e006e\U000e006f\U000e007f"
pieces = st.sampled_from(
    [
        *("a", "e\u0301", " ", "é", "한", "\u1112\u1161", "ก", "ำ", "क\u094d", "ष", "می", "\u200c", "\u200d", "\u200b"),
        *(
            "\u093c",
            "\u0300",
            "ක\u0dca",
            "\u0dc2",
            "\u0d4e",
            "ന",
            "ᠮ",
            "\ua960",
            "\u1100",
            "\uac00",
            "\u11a8",
            "\u0600",
        ),
        *("🇩", "🇪", "👩", "👧", "👍", "\U0001f3fd", "❤", "\ufe0f", "1\ufe0f\u20e3", FAMILY, ENGLAND),
    ]
)
texts = st.lists(pieces, max_size=12).map("".join)


def test_joiners_of_words_and_pictures_stay() -> None:
    """Families, flags, and words of joining scripts are drawn as they were written."""
    for text in (
        "👩\u200d👧 Call mum",
        ENGLAND,
        "❤\ufe0f\u200d🔥",
        "🏃🏽\u200d♀\ufe0f",
        "نان می\u200cخرم",
        "क\u094d\u200dष",
        "ന\u094d\u200d",
        "ශ\u0dca\u200dර\u0dd3",
        "ന\u0d4d\u200d അവന\u0d4d\u200c",
        "র\u200d\u09cdয",
        "ᠮ\u200dᠣ\u200cᠩ",
        "ܫ\u200cܠ \u07ca\u200d\u07d0",
        "🏴\u200d☠\ufe0f 🏳\ufe0f\u200d🌈 🐦\u200d⬛ 🙂\u200d↔\ufe0f",
        "\U0001f9d1\U0001f3fb\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f9d1\U0001f3ff",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "1\ufe0f\u20e3 #\ufe0f\u20e3 👍🏽",
    ):
        assert visible(text) == text, text


def test_other_joiners_and_tags_go() -> None:
    """Between letters that do not join, at an end, and behind no flag they hide something."""
    for text, shown in (
        ("i\u200cg\u200dnore", "ignore"),
        ("می\u200c ", "می "),
        ("\u200dب", "ب"),
        ("ب\u200b\u200cب", "بب"),
        ("ب\u200c\u200cب", "ب\u200cب"),
        ("👩\u200d\u200d👧", "👩\u200d👧"),
        ("👩\u200dx", "👩x"),
        ("👩\u200c👧", "👩👧"),
        (TAGGED, "Buy milk"),
        ("\U0001f3f4\U000e0067\U000e0062 x", "\U0001f3f4 x"),
    ):
        assert visible(text) == shown, text


def test_every_format_and_control_character_goes() -> None:
    """The list is complete for the tables of this Python; every kind of white space becomes a blank."""
    for character in map(chr, range(0x110000)):
        if character.isspace():
            assert visible(f"a{character}b") == "a b", hex(ord(character))
        elif unicodedata.category(character) in ("Cc", "Cf", "Cs") or is_undrawn(character):
            assert visible(f"a{character}b") == "ab", hex(ord(character))
        elif unicodedata.category(character) != "Cn":
            assert visible(character) == character, hex(ord(character))


@settings(max_examples=examples(500))
@given(texts)
def test_what_is_visible_stays_visible(text: str) -> None:
    """Making visible twice changes nothing."""
    once = visible(text)

    assert visible(once) == once


@settings(max_examples=examples(500))
@given(texts, st.integers(0, 30))
def test_cuts_fall_between_graphemes(text: str, limit: int) -> None:
    """The boundaries are among those of Unicode's extended grapheme clusters."""
    cut = last_cut(text, limit)
    ends = {0} | {match.end() for match in regex.finditer(r"\X", text)}

    assert cut <= limit
    assert cut in ends


def test_a_flag_at_the_limit_is_left_out_whole() -> None:
    """Of two flags the first one stays."""
    text = "x" * 78 + "🇩🇪🇫🇷 and more"

    assert [last_cut(text, limit) for limit in (78, 79, 80, 81, 82)] == [78, 78, 80, 80, 82]


def test_of_marks_in_a_row_thirty_stay() -> None:
    """Longer runs are no language's, and take long to normalise; characters that decompose to marks count as such."""
    for marks in ("\u0301", "\u0301\u0323", "\u0f73", "\uff9e\u0301"):
        run = (marks * 40)[:40]

        assert visible(f"a{run[:30]}b{run}c{run[:29]}") == f"a{run[:30]}b{run[:30]}c{run[:29]}", ascii(marks)
