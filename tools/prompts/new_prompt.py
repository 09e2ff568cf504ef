"""Write a new prompt version from an existing one: module, list of versions, release entry, documents.

`make new-prompt NAME=orchestrator-3 FROM=orchestrator-2`. The new version has the other one's words. Requests may name
it, and its words may change until `make release-prompt NAME=orchestrator-3`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from commands.program import UnusableValue, needed, program
from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS
from tools.new_agent import check_name
from tools.prompts.version_list import FOLDER, REGISTER, with_version

ROOT = Path(__file__).parents[2]

_OTHER_MEANING = re.compile(r"template|slider-\d+")
"""Names that evaluations give to template tips, and experiments to settings of the slider."""
_DOCSTRING = re.compile(r'\A""".*?"""', re.DOTALL)

_NEXT = """\
{name} has the words of {source}, and requests to {path} may name it. Next:
  1. Change its words and its docstring in {module}, then run: make docs
  2. See the words that differ: make prompt-diff A={source} B={name}
  3. See a tip of it: make tip VERSION={name}
  4. Prove that it is better: make compare A={source} B={name}
  5. Release it: make release-prompt NAME={name}
docs/prompts.md explains each step."""


def write_prompt(name: str, source: str, root: Path = ROOT) -> list[Path]:
    """Write and register the version; the paths that were written, relative to `root`. Raises UnusableValue."""
    tuple_name = _tuple_of(source)
    module = FOLDER / f"{name.replace('-', '_')}.py"
    check_name(name, "orchestrator-3", root, module)
    if _OTHER_MEANING.fullmatch(name):
        message = f"'{name}' is used by evaluations or experiments: choose another name, such as 'orchestrator-3'."
        raise UnusableValue(message)
    text = (root / FOLDER / f"{source.replace('-', '_')}.py").read_text(encoding="utf-8")
    register = root / REGISTER
    registered = with_version(register.read_text(encoding="utf-8"), tuple_name, name)
    (root / module).write_text(renamed(text, source, name), encoding="utf-8")
    register.write_text(registered, encoding="utf-8")
    return [module, REGISTER]


def renamed(text: str, source: str, name: str) -> str:
    """The source of a version's module under the new name."""
    if text.count(f'version="{source}"') != 1 or not _DOCSTRING.match(text):
        message = f"The module of {source} has not the form this program knows"
        raise UnusableValue(message)
    text = text.replace(f'version="{source}"', f'version="{name}"')
    return _DOCSTRING.sub(f'"""Like {source}; describe here the words that differ, and the reason."""', text)


def _tuple_of(source: str) -> str:
    if source in RECOMMEND_VERSIONS:
        return "RECOMMEND_VERSIONS"
    if source in VERSIONS:
        return "VERSIONS"
    message = f"'{source}' is no prompt version; there are {', '.join((*RECOMMEND_VERSIONS, *VERSIONS))}."
    raise UnusableValue(message)


@program("new-prompt")
@needed("NAME", example="orchestrator-3", help="a kebab-case name")
@needed("FROM", "source", example="orchestrator-2", help="the version to copy")
def main(name: str, source: str) -> None:
    """Write a new prompt version from an existing one, register it, and print the next steps."""
    written = write_prompt(name, source)
    for path in written:
        print(f"wrote {path}")
    sys.stdout.flush()
    # Processes of their own, because this one knows the versions without the new one.
    status = run("tools.prompts.release_hashes", name) or run("tools.build")
    endpoint = "/recommend" if source in RECOMMEND_VERSIONS else "/generate"
    print(_NEXT.format(name=name, source=source, path=endpoint, module=written[0]))
    sys.exit(status)


def run(*module: str) -> int:
    """The exit code of a module of the repository."""
    return subprocess.run([sys.executable, "-m", "commands", *module], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    main()
