"""Make a release of the working tree: `make release VERSION=0.2.0`.

It writes the version, dates the changelog, moves the accepted changes under the version, and keeps the generated
documents as those of the last release. Nothing is committed.
"""

import re
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from commands.program import needed, program
from local.deployment.environment import ROOT
from oo.prompts.versions import UNRELEASED
from tools import build
from tools.contract import accepted_changes, contract_changes
from tools.contract.accepted_changes import NEXT
from tools.contract.released import DOCUMENTS, RELEASED, version

CHANGELOG = ROOT / "CHANGELOG.md"
ACCEPTED = ROOT / accepted_changes.FILE
PROJECT = ROOT / "pyproject.toml"

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)
_UNRELEASED = "## Unreleased\n"


class ReleaseRefused(Exception):
    """A sentence for the person who asked: the reason, and the next step."""


def release(wanted: str, today: date) -> None:
    """Write everything; raises ReleaseRefused before anything is written."""
    before = version(ROOT)
    _check_version(before, wanted)
    _check_documents()
    _check_prompts()
    changelog = CHANGELOG.read_text(encoding="utf-8")
    if not changelog.partition(_UNRELEASED)[2].partition("\n## ")[0].strip():
        raise ReleaseRefused("CHANGELOG.md has nothing under Unreleased. Describe the changes there first.")
    CHANGELOG.write_text(changelog.replace(_UNRELEASED, f"{_UNRELEASED}\n## {wanted} ({today})\n", 1), encoding="utf-8")
    _replace(PROJECT, f'\nversion = "{before}"\n', f'\nversion = "{wanted}"\n')
    _replace(ACCEPTED, f"[[{NEXT}]]", f'[["{wanted}"]]')
    build.write_all()
    for document in DOCUMENTS:
        shutil.copy(ROOT / document, ROOT / RELEASED)
    _report(before, wanted)


def _check_version(before: str, wanted: str) -> None:
    if not _VERSION.fullmatch(wanted):
        raise ReleaseRefused(f"A version is three numbers, as 0.2.0; {wanted[:40]!r} is none.")
    old, new = (tuple(map(int, each.split("."))) for each in (before, wanted))
    if new <= old:
        raise ReleaseRefused(f"{wanted} does not come after {before}. Choose a higher version.")
    breaks = [change for change in accepted_changes.read(ROOT).get(NEXT, []) if change.changes]
    size = 2 if old[0] == 0 else 1
    if breaks and new[:size] == old[:size]:
        least = f"0.{old[1] + 1}.0" if old[0] == 0 else f"{old[0] + 1}.0.0"
        raise ReleaseRefused(
            f"{wanted} is too small: {len(breaks)} accepted changes break callers. Choose {least} or higher."
        )


def _check_documents() -> None:
    stale = [part.DOCUMENT.name for part in build.PARTS if part.render() != part.DOCUMENT.read_text(encoding="utf-8")]
    if stale:
        raise ReleaseRefused(f"{', '.join(stale)} are not up to date. Run `make docs`, and look at the changes.")
    if contract_changes.compare_with():
        raise ReleaseRefused("The contract is broken. Mend it, or accept the changes with a reason.")


def _check_prompts() -> None:
    """Raise for an unreleased prompt version, because a stored document would make its words final."""
    if UNRELEASED:
        raise ReleaseRefused(
            f"{', '.join(UNRELEASED)} may still change. Run `make release-prompt NAME={UNRELEASED[0]}`, or delete it."
        )


def _replace(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def _report(before: str, wanted: str) -> None:
    changes = accepted_changes.read(ROOT).get(wanted, [])
    print(f"\n{wanted} follows {before}. Callers have this to do (docs/upgrading.md):")
    for change in changes:
        print(f"- {change.title}: {' '.join(change.callers.split())}")
    if not changes:
        print("- nothing")
    print(f"Next: commit the changes, then `git tag v{wanted}`.")


@program("release")
@needed("VERSION", "wanted", example="0.2.0")
def main(wanted: str) -> None:
    """Make a release of the working tree, and print what callers have to do; nothing is committed."""
    try:
        release(wanted, datetime.now(UTC).date())
    except ReleaseRefused as reason:
        print(reason)
        sys.exit(1)


if __name__ == "__main__":
    main()
