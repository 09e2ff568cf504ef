"""Any text of a model is shown as plain words, also for a page that draws Markdown or reads entities.

`make fuzz` reads 10,000 texts, `make test` fewer.
"""

import html
import os
import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from oo.untrusted_text.reply_policy import Shown, shown
from testing.seeds import examples

_SPACED = r"""
[x [x] ]( (y) ) ! &#58; &amp; &lt; &gt &LT &lt &#x3c; &quot; &nbsp; & .
<b> </b> < > </ <!-- --> <br> <script <img a<b <s> </s> <| |> <|im_end|> [INST] [/INST] <<SYS>> <think> </think>
[THINK] ` `` ``` ~ ~~ ~~~ * ** *** _ // / : \ \\ \n \t \" \u003c @ ?q= # = === --- |
https http: javascript JavaScript: data: text/html mailto: www. evil.tk evil.tk/x EVIL.TK/x /x v2.1
10.0.0.1 :80 2130706433/x help@evil.com xn--e1a.xn--p1ai пример.рф 9.30 5
{ } " ' {"content": {'id' "x" … ... « » Send it x e é می 👩 写
"""
FRAGMENTS = (
    *_SPACED.split(),
    *("<a href=", "<img src=x", "# ", "## ", "- ", "> ", "1. ", "    ", " ", "\t", "\n", "\u2028", "\x00"),
    *(
        "<\uff5cend\uff5c>",
        "\uff1c",
        "\uff1e",
        "\uff3b",
        "\uff3d\uff08",
        "\uff1a\uff0f\uff0f",
        "\uff20",
        "\uff5b\uff02",
    ),
    *("\uff57\uff57\uff57\uff0e", "\u2024", "\u201c", "\u0456", "\u212a", "\u0301", "\u0338"),
    *("\u200b", "\u200d", "\u200c", "\u202e", "\u00ad", "\ufe0f"),
)
FORBIDDEN = re.compile(
    r"://|[\w+.-]\w:\\\\|(?:javascript|mailto):|//[\w-]+\.\w|\bwww\.|[\w-]\.[^\W\d_]{2,}/\S"
    r"|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d|/\S)"
    r"|[\w.+-]@[\w-]+\.[^\W\d_]{2}|\]\(|</?[a-z!?]|```|<[|\uff5c]|\[/?inst\]|<</?sys>>|\{\s*[\"']",
    re.IGNORECASE,
)
MARKDOWN = MarkdownIt("commonmark")
DRAWN = {"paragraph_open", "paragraph_close", "inline", "text", "em_open", "em_close", "strong_open", "strong_close"}
DRAWN |= {
    f"{kind}_{end}" for kind in ("bullet_list", "ordered_list", "list_item", "blockquote") for end in ("open", "close")
}
DRAWN |= {"code_inline", "hr"}

texts = st.lists(st.sampled_from(FRAGMENTS), max_size=10).map("".join)


def read(text: str) -> Shown:
    """A text as a user may see it, where no title is on offer."""
    return shown(text, system="", boundary="", titles=())


def readings(text: str) -> set[str]:
    """The text, and as it reads once its entities are decoded, up to three times, with and without width."""
    plain = [text]
    for _ in range(3):
        plain.append(html.unescape(plain[-1]))
    return {*plain, *(unicodedata.normalize("NFKC", each) for each in plain)}


def drawn(text: str) -> set[str]:
    """The kinds of things that a page draws of the text."""
    blocks = MARKDOWN.parse(text)
    return {token.type for block in blocks for token in (block, *(block.children or ()))}


@settings(max_examples=int(os.environ.get("FUZZ_TEXTS", examples(500))))
@given(texts)
def test_shown_text_is_plain_words(text: str) -> None:
    """Cleaned again it is the same, no reading holds a forbidden form, Markdown draws words."""
    told, finding = read(text)
    if finding:
        return

    assert read(told) == (told, None)
    assert drawn(told) <= DRAWN
    for reading in readings(told):
        assert FORBIDDEN.search(reading) is None
