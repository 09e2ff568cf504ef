"""The quotable part of a title."""

import unicodedata

import regex  # type: ignore[import-untyped]  # its types are not in the lock
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from oo.snapshot import titles
from oo.snapshot.titles import TITLE_LIMIT, displayed, given_title, read_title, shorten
from oo.untrusted_text.cleaning import READ_CHARACTERS, URL, fold
from testing.for_each import for_each
from testing.seeds import examples

_SPACED = r"""
[x] ](y) [x](y) ![x](y) [a](b [ ]( ! ` `` ``` * ** *** *a* **b** ~~ ~~c~~ \* \[ _ __ # - 3 < > 5 <b> </b> <br> <p>
<script> </script> <!-- --> List<String> &amp; &lt; &gt; &lt &quot; &#58; &#x3c;
&nbsp; https://a.test/x?y=1 https://b@www.c.org:80/ www.d.com e.com/f //g.h javascript: mailto:i@j.kl m@n.op
git@q.rs:t/u 10.0.0.1/v « » “ ” " ' x word é می 👩 写 🇩🇪 …
"""
FRAGMENTS = (
    *_SPACED.split(),
    "<x onclick=y>",
    '<i a="b>c">',
    "<img src=x>",
    "<a href=x",
    " ",
    " ",
    "\u200d",
    "\u200c",
    "\uff1a\uff0f\uff0f",
    "\uff20",
    "\u0301",
)
joined = st.lists(st.sampled_from(FRAGMENTS), max_size=16).map("".join)
spaced = st.lists(st.sampled_from(FRAGMENTS), max_size=16).map(" ".join)
MARKDOWN = MarkdownIt("commonmark")


@for_each(
    ("title", "clean"),
    [
        ("  Pay   the\tbill ", "Pay the bill"),
        ("a\nb\r\nc\u2028d\u0085e", "a b c d e"),
        ("a\x00b\u200bc\u202ed\ufeff", "abcd"),
        ("say «yes» or “no”", 'say "yes" or "no"'),
        ("e\u0301", "é"),
        ("🏃 Run", "🏃 Run"),
        ("اتصل بالبنك", "اتصل بالبنك"),
        ("\u3164\u2800\u200b", ""),
        ("\ud800lone", "lone"),
        (None, ""),
        (7, ""),
        (["x"], ""),
    ],
)
def test_title_is_one_plain_line(title: object, clean: str) -> None:
    """Spaces collapse, unprintable characters are dropped, double quotes become plain, any other value is no title."""
    assert read_title(title) == clean


@for_each(
    ("title", "limit", "short"),
    [
        ("Pay the bill", 12, "Pay the bill"),
        ("Pay the bill now", 12, "Pay the bil…"),
        ("Pay 1500 euros", 7, "Pay…"),
        ("Pay 1,500 euros", 7, "Pay…"),
        ("Pay 1500 euros", 9, "Pay 1500…"),
        ("1234567890", 5, ""),
        ("ab\u0323\u0307cde", 4, "a…"),
    ],
)
def test_titles_are_cut_with_care(title: str, limit: int, short: str) -> None:
    """A cut never falls inside a number or between a letter and its marks."""
    assert shorten(title, limit) == short


@for_each(("length", "clean_length"), [(79, 79), (80, 80), (81, 80), (5000, 80)])
def test_titles_are_at_most_eighty_characters(length: int, clean_length: int) -> None:
    """A title keeps 80 characters, the last one an ellipsis where something is missing."""
    title = read_title("x" * length)

    assert len(title) == clean_length
    assert title.endswith("…") is (length > 80)


@settings(max_examples=examples(200))
@given(st.text(max_size=300))
def test_any_text_becomes_quotable(text: str) -> None:
    """A clean title of any text is short, on one line, without guillemets, and clean already."""
    title = read_title(text)

    assert len(title) <= TITLE_LIMIT
    assert not set(title) & set("«»“”\n\r\u2028\u2029")
    assert read_title(title) == title


@for_each(
    ("title", "words"),
    [
        ("<b>Call</b>&nbsp;Tom &amp; Ann", "Call Tom & Ann"),
        ("Send **invoice** to [Marlow](https://marlow.example/po/7)", "Send invoice to Marlow"),
        ("[**Read** `this`](https://x.test) ![and that](y.png)", "Read this and that"),
        ("&amp;lt;b&amp;gt;Call&amp;lt;/b&amp;gt; Tom", "Call Tom"),
        ("&lt;a href=&quot;https://x.test/1&quot;&gt;Text&lt;/a&gt;", "Text"),
        ("<p>One</p><p>Two</p><!-- no -->", "One Two"),
        ("Read <https://www.example.com/a>, then [x](y", "Read example.com, then [x](y"),
        ("[https://example.com/a](https://example.com/a)", "example.com"),
        ("&laquo;yes&raquo; &ldquo;no&rdquo;", '"yes" "no"'),
        ("**b** mailto:x@y.test", "b (link)"),
        ("sn&#8203;ake_case in List<String>: 3 < 5 * 2", "snake_case in List<String>: 3 < 5 * 2"),
        ("&amp;" * 3 + "lt;", "&&<"),
        ("&amp;amp;amp;amp; Ann", "&amp; Ann"),
        ("<scr" * 9 + "<script>" + "ipt>" * 9 + "x", "scrscrscrscriptiptiptiptx"),
        ("![](https://x.test/a.png)", ""),
        ("https://example.com/" + "x" * 3_000 + " and more", "example.com and more"),
        ("[docs](https://example.com/" + "x" * 3_000 + ") and more", "docs and more"),
    ],
)
def test_a_title_is_displayed_in_plain_words(title: str, words: str) -> None:
    """Markup and entities go in at most three rounds, hosts stand for addresses, the rest is the user's own."""
    assert read_title(title) == words


def test_a_title_of_plain_words_is_read_the_short_way() -> None:
    """The result is that of the long way."""
    for character in map(chr, range(0x80)):
        title = f"a {character} b{character}"
        assert read_title(title) == displayed(title), ascii(title)


def test_every_part_of_an_address_is_looked_for() -> None:
    """Any character drawn like one of the four signs counts as it."""
    for character in map(chr, range(0x110000)):
        if set(unicodedata.normalize("NFKC", character)) & set("@/.:"):
            assert regex.search(titles._IN_ADDRESSES, character), hex(ord(character))


@settings(max_examples=examples(500))
@given(joined)
def test_a_display_title_is_displayed_as_it_is(text: str) -> None:
    """Read again nothing changes, no address is left, and the title as given is known by the same words."""
    title = read_title(text)

    assert len(title) <= TITLE_LIMIT
    assert read_title(title) == title
    assert not URL.search(title)
    assert not URL.search(fold(title))
    assert len(given_title(text)) <= TITLE_LIMIT


@settings(max_examples=examples(500))
@given(spaced)
def test_a_display_title_is_drawn_as_text(text: str) -> None:
    """A page that draws Markdown finds no mark in it, and in HTML no element."""
    title = read_title(text).replace("List<String>", "List")
    (block,) = [block for block in MARKDOWN.parse(f"«{title}»") if block.type == "inline"]

    assert {token.type for token in block.children or ()} <= {"text"}, title


@settings(max_examples=examples(500))
@given(joined.map(lambda text: text * 9))
def test_a_title_is_cut_between_graphemes(text: str) -> None:
    """The cut follows Unicode's own rules at any length."""
    title, whole = read_title(text), displayed(text)
    kept = title.removesuffix("…")
    ends = {match.end() for match in regex.finditer(r"\X", whole)}

    assert not whole.startswith(kept) or len(kept) in {0, *ends} or whole[len(kept)] == " "


def test_a_hostile_title_is_read_as_far_as_it_may_be() -> None:
    """A megabyte of marks gives a short title; characters beyond the limit are not read."""
    for piece in ("<b>", "[x](y)", "**a ", "&amp;", "https://a.test ", "`", "[", "a@b.co ", "<!--", "\u200d", "🇩"):
        assert len(read_title(piece * 300_000)) <= TITLE_LIMIT, piece
    assert displayed("a " * READ_CHARACTERS + "b") == ("a " * READ_CHARACTERS)[: READ_CHARACTERS - 1]
