"""Report changes that break callers of the last tag: `make contract TAG=…`.

The generated documents are compared with those of the last tag, or of the given one. The exit code is 1 if a request, a
response, a manifest or a released prompt changed so that callers have to change as well.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from commands.program import program, variable
from local.deployment.environment import ROOT
from tools.contract import openapi_changes, prompt_changes, registry_changes
from tools.documents import openapi, prompts_document, registry_document

Compare = Callable[[Any, Any], Iterator[str]]
CHANGELOG = "CHANGELOG.md"


def comparisons(root: Path) -> Mapping[str, Compare]:
    """The comparison for each document, by its path in the repository."""
    compare_registries = partial(registry_changes.breaches, changelog=(root / CHANGELOG).read_text(encoding="utf-8"))
    return {
        _path(openapi.DOCUMENT): openapi_changes.breaches,
        _path(registry_document.DOCUMENT): compare_registries,
        _path(prompts_document.DOCUMENT): prompt_changes.breaches,
    }


@program("contract")
@variable("TAG", help="the tag to compare with; absent: the last one")
def main(tag: str) -> None:
    """List changes that break callers of a tag; exit code 1 if there are any."""
    sys.exit(compare_with(tag))


def compare_with(tag: str = "", root: Path = ROOT) -> int:
    """Compare, and print the findings; the exit code."""
    tag = tag or (_git(root, "describe", "--tags", "--abbrev=0") or "").strip()
    if not tag:
        print("Contract: NOT COMPARED, because there is no tag yet. The changes were not checked.")
        return 0
    if _git(root, "rev-parse", "--verify", f"{tag}^{{commit}}") is None:
        print(f"Contract: not compared, there is no tag {tag}.")
        return 1
    return 1 if sum(_count(tag, root, path, compare) for path, compare in comparisons(root).items()) else 0


def _count(tag: str, root: Path, path: str, compare: Compare) -> int:
    """The number of breaking changes of a document; each is printed."""
    before = _git(root, "show", f"{tag}:{path}")
    if before is None:
        print(f"{path}: not compared, {tag} has none.")
        return 0
    found = list(compare(json.loads(before), json.loads((root / path).read_text(encoding="utf-8"))))
    for breach in found:
        print(f"{path}: {breach}")
    changes = "1 breaking change" if len(found) == 1 else f"{len(found) or 'no'} breaking changes"
    print(f"{path}: {changes} since {tag}.")
    return len(found)


def _path(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


def _git(root: Path, *arguments: str) -> str | None:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)  # noqa: S607  # any git on the path
    return done.stdout if done.returncode == 0 else None


if __name__ == "__main__":
    main()
