"""Addresses in text that a user sees, which a reader may follow or a program may turn into links.

Wider than `cleaning.URL`, by which titles show hosts: a title such as "Compare Node.js/Deno" keeps its words, while a
reply has no reason for a dotted name with a path that no title has.
"""

import re
from collections.abc import Callable, Iterable

from oo.untrusted_text.hosts import host_of

_LOCAL_PART = r"[\w.!\#$%&'*+/=?^`{|}~\"-]"
_COMMON_DOMAINS = "ai|app|biz|cn|co|com|de|dev|gg|info|io|link|ly|me|net|org|ru|site|top|uk|us|xyz"

ADDRESS = re.compile(
    rf"""
    (?=[:/.@wjvmd\d\u3002]) (?:  # each alternative begins with one of these: all other places are passed at once
    ://  | (?<=[\w+.-]\w):[/\\]{{2}}                   # a scheme
    | (?:javascript|vbscript|mailto):  | \bdata:[\w.+-]+/
    | //[\w-]++(?:\.\w|(?::\d+)?/\S)  | //\[[\da-f:]                 # a host without a scheme
    | www\d?\.(?=[\w-])  | (?<![aw])www\.
    | (?<=[\w-])\.(?:[^\W\d_]{{2,}}+|xn--[\w-]+)
      (?:(?::\d+)?/\S  | \?[\w.-]+=)                          # a name that ends in letters, and its path or query
    | (?<=[a-z0-9-])\u3002[a-z]{{2,}}+/\S                      # browsers read an ideographic full stop as a dot
    | (?<=[\w-])\.(?:{_COMMON_DOMAINS})(?::\d+)?[?\#]\w
    | (?<!\w)\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?::\d|/)        # an IPv4 address
    | (?<={_LOCAL_PART})@(?:[\w-]++\.)+(?:[^\W\d_]{{2}}|xn--) # an e-mail address
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""One part that each address has."""

_PART = re.compile(r"[^\s«»\"<>]+")
_AROUND = ".,;:!?'()[]{}*`…"


def holds_address(text: str) -> bool:
    """Whether the text contains an address, without any decoding."""
    return ADDRESS.search(text) is not None


def addresses_in(texts: Iterable[str]) -> frozenset[str]:
    """The addresses of the texts, without the punctuation around them."""
    parts = (part.strip(_AROUND) for text in texts if holds_address(text) for part in _PART.findall(text))
    return frozenset(part for part in parts if holds_address(part))


def with_hosts(text: str, addresses: frozenset[str]) -> str:
    """The text with each of the addresses replaced by its host; an e-mail address is unchanged."""
    return _replaced(text, addresses, _host)


def without_addresses(text: str, addresses: frozenset[str]) -> str:
    """The text without those addresses."""
    return _replaced(text, addresses, lambda _: "\N{BULLET}")


def _replaced(text: str, addresses: frozenset[str], instead: Callable[[str], str]) -> str:
    def part_of(match: re.Match[str]) -> str:
        address = match[0].strip(_AROUND)
        return match[0].replace(address, instead(address)) if address in addresses else match[0]

    return _PART.sub(part_of, text) if addresses else text


def _host(address: str) -> str:
    return address if "@" in address and not re.search(r"[/\\:]", address) else host_of(address)
