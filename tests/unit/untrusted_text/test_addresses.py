"""Addresses in a text that a user sees."""

from oo.untrusted_text.addresses import addresses_in, holds_address, with_hosts, without_addresses


def test_addresses_are_found() -> None:
    """Schemes, hosts with a path, numbers of machines and e-mail addresses, in any script."""
    for text in (
        *(
            "https://evil.tk",
            r"https:\\evil.tk",
            r"http:/\evil.tk",
            "x-app://open",
            "javascript:alert(1)",
            "vbscript:x",
        ),
        *("mailto:a", "data:text/html,x", "//evil.tk", "//2130706433/x", "//[::1]/x", "www.evil.tk", "WWW2.evil"),
        *(
            "evil.tk/login",
            "a.b.evil.museum:8080/x",
            "пример.рф/путь",
            "evil.xn--p1ai/x",
            "evil.tk?id=1",
            "evil.com#x",
            "evil\u3002tk/x",
        ),
        *("10.0.0.1/x", "10.0.0.1/", "10.0.0.1:8080", "help@evil.com", "a.b+c@mail.evil.co.uk", "почта@пример.рф"),
    ):
        assert holds_address(text), text
        assert holds_address(f"Go to ({text}) now."), text


def test_other_names_with_dots_and_slashes_are_none() -> None:
    """Files, versions, dates, abbreviations, prices and machines without a path."""
    for text in (
        *("README.md", "ASP.NET", "v2.1/README", "9.30/10.00", "and/or", "e.g./i.e.", "z.B./d.h.", "etc./usw.", "1/2"),
        *("10.0.0.1", "v1.2.3.4/README", "@team", "3 @ 4.50", "3@4.50", "12:30//13:00", "a // b", "Awww. Nice"),
        *("Data: Inc.", "TODO: x", "C:\\new", "evil.com", "и т.д./и т.п."),
    ):
        assert not holds_address(text), text


def test_the_host_stands_for_its_address() -> None:
    """Punctuation around it and other addresses stay; an address without a host becomes a placeholder."""
    for address, host in (
        ("https://www.example.com/some/article?id=1", "example.com"),
        ("https://user@example.com:8080/x", "example.com"),
        ("example.com/a//b", "example.com"),
        ("//2130706433/x", "2130706433"),
        ("10.0.0.1:8080", "10.0.0.1"),
        ("mailto:a@b.co", "(link)"),
        ("javascript:alert", "(link)"),
        ("anna@example.com", "anna@example.com"),
    ):
        text = f"Read «{address}», ({address}). Not {address}x or x{address}"
        shown = f"Read «{host}», ({host}). Not {address}x or x{address}"
        assert with_hosts(text, addresses_in([address])) == shown, address
        assert not holds_address(without_addresses(address, addresses_in([address])))
