"""Addresses in a user's own words."""

import unicodedata

from oo.untrusted_text.cleaning import holds_address
from oo.untrusted_text.hosts import show_hosts


def test_a_host_stands_for_its_address() -> None:
    """Without user, port, `www.` and path; punctuation of the sentence stays."""
    for text, shown in (
        ("https://example.com/some/article?id=1", "example.com"),
        ("HTTP://WWW.Example.COM", "Example.COM"),
        ("https://user:pw@www.example.com:8080/a?b#c", "example.com"),
        ("https://good.test@evil.test/ https://evil.test\\@good.test", "evil.test evil.test"),
        ("Read https://example.com/a. Now!", "Read example.com. Now!"),
        ("(see https://example.com/a), or [www.b.test]", "(see example.com), or [b.test]"),
        ("Read https://en.wikipedia.org/wiki/A_(b).", "Read en.wikipedia.org."),
        ("«https://example.com/a» https://example.com…", "«example.com» example.com…"),
        ("https://a.test/x,https://b.test/y", "a.test, b.test"),
        ("https://[2001:db8::1]:8080/x (http://[::1])", "[2001:db8::1] ([::1])"),
        ("http://10.0.0.1:8080/x http://localhost:3000", "10.0.0.1 localhost"),
        ("https://пример.рф/путь http://xn--e1afmkfd.xn--p1ai/", "пример.рф xn--e1afmkfd.xn--p1ai"),
        ("//example.com/x example.com/x youtu.be/x b.co.uk:80/?q", "example.com example.com youtu.be b.co.uk"),
        ("//https://example.com/x", "example.com"),
        ("git@github.com:team/repo.git", "github.com"),
        ("\uff48\uff54\uff54\uff50\uff53\uff1a\uff0f\uff0fexample.com/a", "example.com"),
    ):
        assert show_hosts(text) == shown, text
        assert show_hosts(shown) == shown, text


def test_what_has_no_host_is_named() -> None:
    """A mail address has no host to show: it says nothing about the task."""
    for text, shown in (
        ("javascript:alert(1), data:text/html,x", "(link), (link)"),
        ("mailto:a@b.test file:///etc/passwd message://%3Ca@b.test%3E", "(link) (link) (link)"),
        ("https:// https://%41.test https://www.com www.", "(link) (link) (link) (link)."),
        ("Write to anna.b+c@mail.example.co.uk.", "Write to (e-mail)."),
        ("anna@example.com, почта@пример.рф", "(e-mail), (e-mail)"),
    ):
        assert show_hosts(text) == shown, text


def test_other_names_stay() -> None:
    """Files, machines, names of people, hosts alone."""
    for text in (
        *("Compare Node.js/Deno", "README.md/CHANGES", "10.0.0.0/24", "ASP.NET 4.8/4.9", "and/or", "12:30"),
        *("example.com", "@team", "@anna@mastodon.test", "3 @ 4.50", "user@localhost", "TODO: x", "Data: Inc."),
    ):
        assert show_hosts(text) == text, text


def test_beyond_forty_addresses_none_is_shown() -> None:
    """A title has room for fewer."""
    shown = show_hosts("www.a.test " * 200)

    assert shown.count("a.test") == 40
    assert not holds_address(shown)
    assert unicodedata.is_normalized("NFC", shown)
