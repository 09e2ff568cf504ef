"""What a reply's text must not hold."""

import pytest

from oo.prompts.reply_checks import LEAK_CHARACTERS, Finding, finding_in, is_placeholder, plain_text, repeats_prompt

SYSTEM = "You write one tip for one person. Take facts from DATA only and name exactly one task by its title, please."
BOUNDARY = "0a1b2c3d4e5f"


def finding(text: str, *titles: str) -> Finding | None:
    """What is found in a text beside the titles."""
    return finding_in(text, system=SYSTEM, boundary=BOUNDARY, titles=titles)


@pytest.mark.parametrize(
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
    assert not repeats_prompt(SYSTEM[10 : 10 + LEAK_CHARACTERS - 1], SYSTEM)
    assert repeats_prompt(SYSTEM[10 : 10 + LEAK_CHARACTERS], SYSTEM)


@pytest.mark.parametrize("disguise", [str.upper, lambda text: text.replace(" ", "\n"), "\u200b".join])
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


@pytest.mark.parametrize("title", ["e", " ", ".", "http", "://", "a", "`", ""])
def test_short_title_hides_nothing(title: str) -> None:
    """A title without a finding of its own is not passed over, so it cannot cut a finding into pieces."""
    assert finding(SYSTEM, title) == Finding.PROMPT_LEAK
    assert finding("https://evil.example", title) == Finding.URL
    assert finding("```x```", title) == Finding.CODE_FENCE


def test_address_beside_a_title_with_an_address_is_found() -> None:
    """Only the title's own address is passed over."""
    title = "Read https://example.com/a"

    assert finding(f"{title} and https://evil.example", title) == Finding.URL


def test_prompt_without_a_block_has_no_boundary_to_leak() -> None:
    """An empty boundary is found nowhere."""
    assert finding_in("Any text", system=SYSTEM, boundary="") is None


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("<script>alert(1)</script>Go", "alert(1)Go"),
        ("<scr<b>ipt>x", "x"),
        ("![x](y) and [this](that)", "x and this"),
        ("cut <img src=x onerror=1", "cut img src=x onerror=1"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("line\nbreak\u202e\x00", "line break"),
    ],
)
def test_plain_text_is_drawn_as_text(reply: str, text: str) -> None:
    """Tags, images, links and control characters are gone, comparisons stay."""
    assert text == plain_text(reply)


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
