"""`make prompt-diff A=orchestrator-1 B=orchestrator-2`: the words that differ between two versions, on one event."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from commands.program import program, variable
from tools.prompts.dry_run import DryRun, dry_run
from tools.prompts.prompt_preview import sections, sizes
from tools.prompts.request_file import Unusable, event_for, path_of, read_request, versions_of

_WHOLE = 1_000_000
"""Lines of context: more than a prompt has, so that git shows all of it."""

_GIT_HEADER_LINES = 5


@program("prompt-diff")
@variable("EVENT", help="a body or an API Gateway event; absent: the example of the versions' endpoint")
@variable("A", help="a prompt version")
@variable("B", help="another one")
def main(event: str, a: str, b: str) -> None:
    """Print two versions' difference by words, with colors on a terminal; on failure one sentence and exit code 1."""
    try:
        print(compared(*both(Path(event) if event else event_for(a), a, b), colored=sys.stdout.isatty()))
    except Unusable as problem:
        sys.exit(str(problem))


def both(event: Path, one: str, other: str) -> tuple[DryRun, DryRun]:
    """The event's prompt in two versions. Raises Unusable."""
    request = read_request(event)
    if not one or not other:
        first, *_, last = versions_of(request)
        known = ", ".join(versions_of(request))
        raise Unusable(f"Name two versions, such as A={first} B={last}; {path_of(request)} has {known}.")
    return dry_run(request, one), dry_run(request, other)


def compared(one: DryRun, other: DryRun, *, colored: bool) -> str:
    """Both sizes, then messages and omissions once, with words of only one as [-one-] and {+other+}, or colored.

    Raises Unusable without git.
    """
    marks = ["--word-diff=color"] if colored else ["--word-diff=plain", "--no-color"]
    with TemporaryDirectory() as folder:
        for name, run in (("a", one), ("b", other)):
            Path(folder, name).write_text(sections(run) + "\n", encoding="utf-8")
        command = ["git", "diff", "--no-index", f"--unified={_WHOLE}", *marks, "a", "b"]
        # The person's own settings, such as another program for differences, are not read.
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1"}
        try:
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
        except FileNotFoundError:
            raise Unusable("prompt-diff needs git: install it, then run the command again.") from None
    if done.returncode not in (0, 1):
        raise Unusable(f"git could not compare the prompts: {done.stderr.decode(errors='replace').strip()}")
    difference = done.stdout.decode().split("\n", _GIT_HEADER_LINES)[-1].rstrip("\n")
    heads = (f"{mark} {run.prompt.version}: {sizes(run)}" for mark, run in (("-", one), ("+", other)))
    return "\n".join([*heads, "", difference or "No word differs."])


if __name__ == "__main__":
    main()
