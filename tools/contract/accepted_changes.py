"""The breaking changes that were accepted, each with its reason and with the work that it gives to callers."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

FILE = "tools/contract/accepted_changes.toml"
NEXT = "next"
"""The key of the changes that no release has yet."""


class AcceptedChange(NamedTuple):
    """A decision. `changes` are sentences of `make contract`; a change that no document shows has none."""

    title: str
    reason: str
    callers: str
    changes: tuple[str, ...]


def read(root: Path) -> Mapping[str, list[AcceptedChange]]:
    """The accepted changes by version, the newest version first."""
    versions = tomllib.loads((root / FILE).read_text(encoding="utf-8"))
    return {
        version: [
            AcceptedChange(each["title"], each["reason"], each["callers"], tuple(each.get("changes", ())))
            for each in listed
        ]
        for version, listed in versions.items()
    }


def accepted_since(root: Path, version: str | None) -> list[str]:
    """The accepted sentences of all versions after the one named; of the next release alone if none is named."""
    sentences: list[str] = []
    for newer, listed in read(root).items():
        if newer == version or (version is None and newer != NEXT):
            break
        sentences.extend(sentence for each in listed for sentence in each.changes)
    return sentences
