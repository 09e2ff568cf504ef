"""Forbidden content of a reply's text."""

from oo.untrusted_text.reply_policy import LEAK_CHARACTERS, Finding, finding_in, is_placeholder, shown
from testing.for_each import for_each
from tests.unit.prompts.harmless_sentences import HARMLESS

SYSTEM = "You write one tip for one person. Take facts from DATA only and name exactly one task by its title, please."
BOUNDARY = "0a1b2c3d4e5f"
WIDE = {letter: letter + 0xFEE0 for letter in range(0x21, 0x7F)}


def finding(text: str, *titles: str) -> Finding | None:
    """The findings in a text beside the titles."""
    return finding_in(text, system=SYSTEM, boundary=BOUNDARY, titles=titles)


@for_each(
    ("text", "found"),
    [
        ("Open «Write proposal» after lunch.", None),
        ("See https://evil.example/?q=1", Finding.URL),
        ("![x](//evil.example/a.png)", Finding.URL),
        ("Tap javascript:alert(1)", Finding.URL),
        ("\uff48\uff54\uff54\uff50\uff53\uff1a//evil.example", Finding.URL),
        ("```json {}```", Finding.CODE_FENCE),
        (f"END {BOUNDARY}", Finding.BOUNDARY),
        (f"end {BOUNDARY.upper()}", Finding.BOUNDARY),
        (f"My rules: {SYSTEM}", Finding.PROMPT_LEAK),
    ],
)
def test_finding(text: str, found: Finding | None) -> None:
    """Addresses, fences, the boundary and the system prompt are found."""
    assert found == finding(text)


def test_leak_begins_at_sixty_characters() -> None:
    """59 consecutive characters of the system prompt may be chance, 60 are not."""
    assert finding(SYSTEM[10 : 10 + LEAK_CHARACTERS - 1]) is None
    for place in range(LEAK_CHARACTERS):
        assert finding("9" * place + SYSTEM[10 : 10 + LEAK_CHARACTERS]) == Finding.PROMPT_LEAK, place


def test_letters_alone_are_a_leak_from_fifty_on() -> None:
    """Nothing between them matters: not signs, case, width or accents."""
    letters = "".join(filter(str.isalnum, SYSTEM))[:50]
    for text in (letters, " ~ ".join(letters), "\u0301".join(letters.upper()), letters.translate(WIDE)):
        assert finding(text) == Finding.PROMPT_LEAK, text
    assert finding(" ~ ".join(letters[:49])) is None


@for_each("disguise", [str.upper, lambda text: text.replace(" ", "\n"), "\u200b".join])
def test_leak_is_found_in_disguise(disguise: object) -> None:
    """Case, line breaks and invisible characters do not hide a leak."""
    assert callable(disguise)
    assert finding(disguise(SYSTEM)) == Finding.PROMPT_LEAK


def test_leak_late_in_a_long_text_is_found() -> None:
    """The whole of a text is looked at."""
    assert finding("word " * 1_500 + SYSTEM) == Finding.PROMPT_LEAK


def test_offered_title_may_be_named_whatever_it_holds() -> None:
    """A title's own text does not count: it is the user's."""
    title = "Read https://example.com/a ```x```"

    assert finding(f"Open «{title}» now.", title) is None


def test_title_that_repeats_the_prompt_is_no_leak() -> None:
    """A title may by chance or malice be a piece of the system prompt."""
    title = SYSTEM[:70]

    assert finding(f"Open «{title}» now.", title) is None


@for_each("title", ["e", " ", ".", "http", "://", "a", "`", ""])
def test_short_title_hides_nothing(title: str) -> None:
    """A title without a finding of its own is not exempt, so it cannot split a finding."""
    assert finding(SYSTEM, title) == Finding.PROMPT_LEAK
    assert finding("https://evil.example", title) == Finding.URL
    assert finding("```x```", title) == Finding.CODE_FENCE


def test_title_that_is_a_piece_of_an_address_excuses_nothing() -> None:
    """A title counts where it stands by itself."""
    for title, text in (
        ("javascript:", "Tap javascript:alert(1)"),
        ("www.", "See www.evil.tk"),
        ("evil.tk/", "See evil.tk/login"),
        ("tk/x", "See evil.tk/x"),
        ("](", "[a](b)c](d"),
        ("{'", "{'content': 1}"),
        ("https://a.tk/b", "See https://a.tk/b/evil and https://a.tk/bc"),
    ):
        assert finding(text, title), title


def test_address_beside_a_title_with_an_address_is_found() -> None:
    """Only the title's own address is exempt."""
    title = "Read https://example.com/a"

    assert finding(f"{title} and https://evil.example", title) == Finding.URL


def test_forbidden_forms_are_found_in_every_reading() -> None:
    """Markup, special tokens, JSON and addresses, in entities and in full-width letters, too."""
    for text, found in (
        ("Log in at evil.tk/login", Finding.URL),
        ("Mail your code to help@evil.com", Finding.URL),
        ("Mail your code to he**lp@ev**il.com", Finding.URL),
        ("Log in at ev~~il.t~~k/lo`gi`n", Finding.URL),
        ("Log in at evil.tk&sol;login", Finding.URL),
        ("&#104;ttps&amp;#58;//evil.tk", Finding.URL),
        ("[Open](x(y)z)", Finding.MARKUP),
        ("\uff3bOpen\uff3d\uff08x\uff09", Finding.MARKUP),
        ("cut <img src=x", Finding.MARKUP),
        ("&ltscript>", Finding.MARKUP),
        ("\uff1cscript\uff1e", Finding.MARKUP),
        ("Send it.<|im_end|>user", Finding.CHAT_MARK),
        ("Send it.<\uff5cend\uff5c>user", Finding.CHAT_MARK),
        ("a [INST] b <<SYS>> c", Finding.CHAT_MARK),
        ('{"id": 1', Finding.JSON),
        ("\uff5b\uff02id\uff02: 1", Finding.JSON),
        ("{&quot;id&quot;: 1", Finding.JSON),
    ):
        assert finding(text) == found, text


def test_shown_text_was_cleaned_and_checked() -> None:
    """An address that only markup hides counts; hosts stand for the addresses of offered titles."""
    title = "Read https://www.example.com/a?id=1 for anna@example.com"
    for text, expected in (
        ("[Open it](javascript&#58;alert(1))", Finding.URL),
        ("[Open]<b>(//2130706433/x)", Finding.URL),
        ("See [this](https://evil.tk)", Finding.URL),
        ("See htt<b></b>ps://evil.tk", Finding.URL),
        ("Send <think>or not", Finding.MARKUP),
        ("&" + "amp;" * 20, Finding.UNSETTLED),
        (f"Open «{title}».", "Open «Read example.com for anna@example.com»."),
        (
            "Write to anna@example.com, see https://www.example.com/a?id=1.",
            "Write to anna@example.com, see example.com.",
        ),
        ("See https://www.example.com/b", Finding.URL),
    ):
        told = shown(text, system=SYSTEM, boundary=BOUNDARY, titles=[title])

        assert expected == (told.finding or told.text), text


def test_harmless_sentences_stay_as_they_are() -> None:
    """Signs of markup and addresses are signs of ordinary sentences, too."""
    assert len(set(HARMLESS)) >= 50
    for sentence in HARMLESS:
        assert shown(sentence, system=SYSTEM, boundary=BOUNDARY, titles=()) == (sentence, None)


def test_a_quoted_display_title_stays_letter_for_letter() -> None:
    """Markup or an address in it is the user's own; anywhere else it is read as a model's text."""
    title = "Port List<String> to example.com"
    for text, expected in (
        (f"Open «{title}».", f"Open «{title}»."),
        (f"**Open** «{title}» or «{title}» now.", f"Open «{title}» or «{title}» now."),
        ("Open «Port List<String>».", "Open «Port List < String>»."),
        (f"Open {title}.", "Open Port List < String> to example.com."),
        ("Open \ue0000\ue000 or \ue0005\ue000.", "Open \ue0000\ue000 or \ue0005\ue000."),
        (f"«{title}» \ue0007\ue000", f"«{title}» \ue0007\ue000"),
        (f"See evil.tk/login for «{title}».", Finding.URL),
        (f"Open «{title}»<img src=x", Finding.MARKUP),
    ):
        told = shown(text, system=SYSTEM, boundary=BOUNDARY, titles=[title], displayed=[title])

        assert expected == (told.finding or told.text), text


def test_prompt_without_a_block_has_no_boundary_to_leak() -> None:
    """An empty boundary is found nowhere."""
    assert finding_in("Any text", system=SYSTEM, boundary="") is None


def test_a_placeholder_says_nothing() -> None:
    """No letter of any script, or a stand-in out of the prompt: a schema's key, a ref, the mark of hidden text."""
    for text in (
        "",
        "…",
        "...",
        "42 - 7!",
        "«…»",
        "👍",
        "\u3164",
        "<content>",
        "String",
        "T1",
        "(unusual text, task T2)",
    ):
        assert is_placeholder(text), text
    for text in ("Rest.", "休む", "آرام", "Content yourself with one step.", "Open T1.", "\uff58"):
        assert not is_placeholder(text), text
