"""Decode the content coding of a response's body, up to a size, if the standard library can.

The service requests none (`accept-encoding: identity`), and the header is not reliable: gateways label plain JSON as
`gzip`, and some write a character set or nothing instead of a coding.
"""

import json
import zlib

_WINDOWS = {
    "gzip": (31,),
    "x-gzip": (31,),
    # RFC 9110 8.4.1.2: zlib's format; some servers send the bare one.
    "deflate": (15, -15),
}
_OTHER_CODINGS = frozenset({"aes128gcm", "br", "compress", "dcb", "dcz", "exi", "pack200-gzip", "x-compress", "zstd"})
"""The other names of IANA's registry of content codings."""

_MOST_LAYERS = 4


class Undecodable(Exception):
    """The body is encoded and cannot be decoded; `coding` is the registered name."""

    def __init__(self, coding: str) -> None:
        super().__init__(coding)
        self.coding = coding


def plain(body: bytes, label: str, most_bytes: int) -> bytes:
    """The decoded body, at most one byte longer than `most_bytes`. Raises Undecodable.

    A body that is JSON already is used as it is, with any label. Names that are not codings are ignored.
    """
    names = [name for part in label.lower().split(",") if (name := part.strip()) in _WINDOWS.keys() | _OTHER_CODINGS]
    for name in reversed(names[-_MOST_LAYERS:]):
        if not body or _is_json(body):
            break
        unpacked = _unpacked(body, name, most_bytes)
        if unpacked is None:
            raise Undecodable(name)
        body = unpacked
    return body


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _unpacked(body: bytes, name: str, most_bytes: int) -> bytes | None:
    for window in _WINDOWS.get(name, ()):
        packed = zlib.decompressobj(window)
        try:
            unpacked = packed.decompress(body, most_bytes + 1)
        except zlib.error:
            continue
        if packed.eof or len(unpacked) > most_bytes:
            return unpacked
    return None
