"""Entities as characters."""

from oo.untrusted_text.entities import decoded, loosely_decoded


def test_entities_are_read_once() -> None:
    """By name, by number, with any number of zeros; double-encoded ones keep a layer."""
    for text, words in (
        ("Tom &amp; Ann&nbsp;&hellip;", "Tom & Ann\xa0…"),
        ("&#65;&#x42;&#X43 &#0000068;", "ABC D"),
        ("&lt;b&gt; &lt 3 &QUOT;", '<b> < 3 "'),
        ("&amp;lt;", "&lt;"),
        ("&#" + "0" * 9_000 + "65;", "A"),
        ("&#xD800;&#1114112;", "\ufffd\ufffd"),
    ):
        assert decoded(text) == words, text[:40]


def test_what_only_looks_like_an_entity_stays() -> None:
    """Abbreviations, parameters of addresses, unknown names."""
    for text in ("R&D", "AT&T;", "Q&A; x", "a&b=1&copy=2", "&nosuch;", "&#;", "&#x;", "&", "&ltx", "&notit;"):
        assert decoded(text) == text, text


def test_browsers_read_some_of_them_unclosed() -> None:
    """Also where letters follow."""
    assert loosely_decoded("&ltscript&gt &nbspx") == "<script> \xa0x"
