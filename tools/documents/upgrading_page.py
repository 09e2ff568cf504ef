"""docs/upgrading.md: the work that each release gives to callers, from the list of accepted changes."""

import re
import textwrap
from collections.abc import Sequence
from pathlib import Path

from tools.contract import accepted_changes
from tools.contract.accepted_changes import NEXT, AcceptedChange
from tools.contract.released import version

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "upgrading.md"

_HEAD = f"""# Upgrading

Written by `make docs` from `{accepted_changes.FILE}`.

The [changelog](../CHANGELOG.md) lists everything that changed. This page lists the changes that need work: by
callers, producers of messages, or operators. `make contract` compares the generated documents (endpoints, agents'
manifests, prompts, messages) with those of the last release, and fails on a breaking change that this page does not
give a reason for.
"""
_WIDTH = 125
_CODE = re.compile(r"`[^`]*`")
_GLUE = "\0"
_NOTHING = "\nNothing to do.\n"


def render() -> str:
    """The page as in the repository."""
    return _HEAD + "".join(_section(name, listed) for name, listed in accepted_changes.read(ROOT).items())


def _section(name: str, listed: Sequence[AcceptedChange]) -> str:
    title = f"After {version(ROOT)}, not released yet" if name == NEXT else name
    return f"\n## {title}\n" + ("".join(map(_change, listed)) or _NOTHING)


def _change(change: AcceptedChange) -> str:
    text = f"\n### {change.title}\n\n{_wrapped(change.reason)}\n\n{_wrapped(f'**To do:** {change.callers}')}\n"
    if change.changes:
        text += "\nReported by `make contract`:\n\n" + "".join(f"- `{sentence}`\n" for sentence in change.changes)
    return text


def _wrapped(text: str) -> str:
    """The text in lines, none of which ends inside of a command."""
    glued = _CODE.sub(lambda code: code[0].replace(" ", _GLUE), " ".join(text.split()))
    lines = textwrap.fill(glued, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return lines.replace(_GLUE, " ")
