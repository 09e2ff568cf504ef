"""Release a prompt version: from then on no character of its messages changes.

`make release-prompt NAME=orchestrator-3` writes the hash of its messages into the release entries.
"""

from __future__ import annotations

import sys
from pathlib import Path

from commands.program import UnusableValue, needed, program
from oo.prompts.versions import RECOMMEND_VERSIONS, UNRELEASED, VERSIONS
from tools.prompts.new_prompt import ROOT, run
from tools.prompts.release_hashes import write_entry
from tools.prompts.version_list import REGISTER, with_release

_NEXT = """\
{name} is released: its messages stay as they are, and a further change is a new version. Next:
  1. Show it to a part of the users: docs/experiments.md
  2. Make it the default of {path}: {constant} in {register}, and the default of
     {parameter} in template.yaml; then run: make docs"""


def release(name: str, root: Path = ROOT) -> list[Path]:
    """Write the version's entry and take its name off the unreleased ones; the written paths. Raises UnusableValue."""
    if name not in UNRELEASED:
        known = "is released already" if name in (*RECOMMEND_VERSIONS, *VERSIONS) else "is no prompt version"
        message = f"'{name}' {known}; unreleased are: {', '.join(UNRELEASED) or 'none'}."
        raise UnusableValue(message)
    register = root / REGISTER
    released = with_release(register.read_text(encoding="utf-8"), name)
    entries = write_entry(name, root)
    register.write_text(released, encoding="utf-8")
    return [entries, REGISTER]


@program("release-prompt")
@needed("NAME", example="orchestrator-3", help="an unreleased version")
def main(name: str) -> None:
    """Release a prompt version, and print the next steps."""
    written = release(name)
    for path in written:
        print(f"wrote {path}")
    sys.stdout.flush()
    # A process of its own, because this one knows the version as an unreleased one.
    status = run("tools.build")
    is_tip = name in RECOMMEND_VERSIONS
    print(
        _NEXT.format(
            name=name,
            path="/recommend" if is_tip else "/generate",
            constant="DEFAULT_RECOMMEND_VERSION" if is_tip else "DEFAULT_VERSION",
            parameter="DefaultRecommendVersion" if is_tip else "DefaultPromptVersion",
            register=REGISTER,
        )
    )
    sys.exit(status)


if __name__ == "__main__":
    main()
