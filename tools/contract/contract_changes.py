"""Report changes that break callers of the last release: `make contract TAG=…`.

The generated documents are compared with those of the last version, by its git tag or by `docs/released`, or with those
of the tag that is named. The exit code is 1 if a change breaks callers and `accepted_changes.toml` does not list it, or
if that file lists a change that the documents do not show.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from commands.program import program, variable
from local.deployment.environment import ROOT
from tools.contract import message_changes, openapi_changes, prompt_changes, registry_changes
from tools.contract.accepted_changes import FILE, accepted_since
from tools.contract.released import DOCUMENTS, RELEASED, version

Compare = Callable[[Any, Any], Iterator[str]]
CHANGELOG = "CHANGELOG.md"


class Baseline(NamedTuple):
    """A released version: its name, and `read`, which gives a document of it by its path, None if it has none."""

    name: str
    read: Callable[[str], str | None]


def comparisons(root: Path) -> Mapping[str, Compare]:
    """The comparison for each document, by its path in the repository."""
    compare_registries = partial(registry_changes.breaches, changelog=(root / CHANGELOG).read_text(encoding="utf-8"))
    compares = (openapi_changes.breaches, compare_registries, prompt_changes.breaches, message_changes.breaches)
    return dict(zip(DOCUMENTS, compares, strict=True))


@program("contract")
@variable("TAG", help="the tag to compare with; absent: the last version")
def main(tag: str) -> None:
    """List changes that break callers of the last release; exit code 1 if there are any without a reason."""
    sys.exit(compare_with(tag))


def compare_with(tag: str = "", root: Path = ROOT) -> int:
    """Compare, and print the findings; the exit code."""
    if tag and _git(root, "rev-parse", "--verify", f"{tag}^{{commit}}") is None:
        print(f"Contract: not compared, there is no tag {tag}.")
        return 1
    baseline = _baseline(root, tag)
    accepted = accepted_since(root, tag.removeprefix("v") or None)
    found = [breach for path, compare in comparisons(root).items() for breach in _report(baseline, root, path, compare)]
    broken = [breach for breach in found if breach not in accepted]
    for breach in broken:
        print(f"BREAKS CALLERS: {breach}")
    if broken:
        print(f"{len(broken)} of these changes are not accepted. Take them back, or list them in {FILE} with a reason.")
    stale = [] if tag else [change for change in accepted if change not in found]
    for change in stale:
        print(f"NOT FOUND: {change}\n{FILE} accepts this change, which the documents do not show. Remove it there.")
    if found and not broken:
        print(f"Each of these changes is accepted: {FILE} has the reasons.")
    return 1 if broken or stale else 0


def _baseline(root: Path, tag: str) -> Baseline:
    """The tag that is named, else the last version: by its tag, or by `docs/released` as long as it has none."""
    last = version(root)
    if not tag and (_git(root, "describe", "--tags", "--abbrev=0") or "").strip() == f"v{last}":
        tag = f"v{last}"
    if tag:
        return Baseline(tag, lambda path: _git(root, "show", f"{tag}:{path}"))
    return Baseline(last, lambda path: _text(root / RELEASED / Path(path).name))


def _report(baseline: Baseline, root: Path, path: str, compare: Compare) -> list[str]:
    """The breaches of one document, each with its path; their number is printed."""
    before = baseline.read(path)
    if before is None:
        print(f"{path}: not compared, {baseline.name} has none.")
        return []
    found = list(compare(json.loads(before), json.loads((root / path).read_text(encoding="utf-8"))))
    changes = "1 breaking change" if len(found) == 1 else f"{len(found) or 'no'} breaking changes"
    print(f"{path}: {changes} since {baseline.name}.")
    return [f"{path}: {breach}" for breach in found]


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def _git(root: Path, *arguments: str) -> str | None:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)  # noqa: S607  # any git on the path
    return done.stdout if done.returncode == 0 else None


if __name__ == "__main__":
    main()
