import gzip
import json
import zlib
from functools import partial

import pytest

from oo.llm.codings import Undecodable, plain
from testing.for_each import for_each

BODY = json.dumps({"choices": [1] * 50}).encode()
BARE = zlib.compressobj(wbits=-15)
DEFLATED = BARE.compress(BODY) + BARE.flush()
LIMIT = 1_000
gzipped = partial(gzip.compress, mtime=0)
"""Without the time, so that each worker of a run has the same names of tests."""


@for_each("label", ["", " ", "identity", "Identity", "utf-8", "none", "gzip", "GZIP", "br", "gzip, br"])
def test_json_is_read_whatever_its_label_says(label: str) -> None:
    """Gateways that unpack an answer leave the label on."""
    assert plain(BODY, label, LIMIT) == BODY


@for_each(
    ("body", "label"),
    [
        (gzipped(BODY), "gzip"),
        (gzipped(BODY), "X-GZip"),
        (gzipped(BODY), "identity, gzip"),
        (gzipped(BODY), "gzip, gzip"),
        (zlib.compress(BODY), "deflate"),
        (DEFLATED, "Deflate"),
        (gzipped(zlib.compress(BODY)), "deflate, gzip"),
    ],
)
def test_a_coding_of_the_standard_library_is_undone(body: bytes, label: str) -> None:
    """In reverse order, until JSON is there."""
    assert plain(body, label, LIMIT) == BODY


@for_each(
    ("body", "label", "coding"),
    [
        (b"(\xb5/\xfd", "zstd", "zstd"),
        (b"\x8b\x03\x80", "BR", "br"),
        (gzipped(BODY)[:-9], "gzip", "gzip"),
        (b"no gzip", "gzip", "gzip"),
        (gzipped(b"(\xb5/\xfd"), "zstd, gzip", "zstd"),
    ],
)
def test_any_other_coding_is_named(body: bytes, label: str, coding: str) -> None:
    with pytest.raises(Undecodable) as caught:
        plain(body, label, LIMIT)

    assert caught.value.coding == coding


def test_a_body_without_bytes_has_no_coding() -> None:
    """Some servers label every answer, also an empty one."""
    assert plain(b"", "gzip, br", LIMIT) == b""


def test_a_coded_body_unfolds_to_no_more_than_the_limit() -> None:
    """A kilobyte may hold a megabyte of zeros, and that again."""
    bomb = gzipped(bytes(1_000_000))

    assert len(plain(bomb, "gzip", LIMIT)) == LIMIT + 1
    with pytest.raises(Undecodable):
        plain(gzipped(bomb), ", ".join(["gzip"] * 5_000), LIMIT)
