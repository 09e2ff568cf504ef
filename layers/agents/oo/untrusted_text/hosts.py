"""Addresses in a user's own words, replaced by their hosts."""

import re
import unicodedata

from oo.untrusted_text.cleaning import LINK, URL, hide_links, holds_address

E_MAIL = "(e-mail)"
_ROUNDS = 3
_MOST, _MOST_MAILS = 40, 12
"""Addresses that are replaced, more than a title has room for; others become "(link)", mail addresses stay."""

# Texts, not compiled: most titles hold no address, and compiling takes its time of every cold start.
_MAIL = r"""(?x)
    (?<![\w.+@-]) [\w.+-]++ @ (?P<host>(?:[\w-]{1,63}\.){1,8}(?:[^\W\d_]{2,63}|xn--[\w-]{1,59})) (?![\w-])
    (?P<path>[:/](?![^\s@]*@)[\w~][^\s«»"<>]*)?
"""
_HOST = r"""(?xi)
    (?:(?:[a-z][a-z0-9+.-]*:)?[/\\]{2})?+ (?:[^/?\#\\]*@)?+ (?:www\d?\.(?=[\w-]+\.))*+
    (?P<host>\[[0-9a-f:.]+\] | \w[\w.\u3002-]*+) (?=[/?\#\\:,;!'…*)\]}(|&] | \Z)
"""
_NO_HOST = r"(?i)(?:javascript|vbscript|mailto|data):"
_IN_A_ROW = r"(?i)(?<=[,;|])(?=https?://)"
_AROUND = ".,;:!?'…*)]}"


def show_hosts(text: str) -> str:
    """The text with each address replaced by its host, "(e-mail)" for a mail address, "(link)" for any other.

    Text whose full-width or styled letters spell an address is shown unstyled. One host may complete another address
    ("//https://…"), so this is repeated; a text that is still an address after three rounds has no host.
    """
    for _ in range(_ROUNDS):
        plain = text
        if not _is_address_in(text):
            plain = unicodedata.normalize("NFKC", text)
            if plain == text or not _is_address_in(plain):
                return text
        text, links, mails = plain, 0, 0
        if holds_address(text):
            text, links = URL.subn(_host_and_punctuation, re.sub(_IN_A_ROW, " ", text), count=_MOST)
        if "@" in text:
            text, mails = re.subn(_MAIL, _instead_of_mail, text, count=_MOST_MAILS)
        if links == _MOST or mails == _MOST_MAILS:
            break
    return hide_links(text)


def host_of(address: str) -> str:
    """The host of an address without user, port and `www.`; "(link)" if it has none."""
    found = None if re.match(_NO_HOST, address) else re.match(_HOST, address)
    host = found["host"].rstrip(".-") if found else ""
    return LINK if not host or "www." in f"{host}.".lower() else host


def _is_address_in(text: str) -> bool:
    return holds_address(text) or ("@" in text and re.search(_MAIL, text) is not None)


def _host_and_punctuation(match: re.Match[str]) -> str:
    """The host, and the punctuation after the address that ends a sentence or a bracket around it."""
    address = match[0]
    inside = address.rstrip(_AROUND)
    behind = address[len(inside) :]
    for opening, closing in ("()", "[]", "{}") if behind else ():
        behind = behind.replace(closing, "", max(0, inside.count(opening) - inside.count(closing)))
    return f"{host_of(address)}{behind}"


def _instead_of_mail(match: re.Match[str]) -> str:
    """The replacement of an e-mail address; a path after it, as in `git@host:path`, means a user and a host."""
    return host_of(match["host"]) if match["path"] else E_MAIL
