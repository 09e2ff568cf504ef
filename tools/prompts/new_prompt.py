"""Write a new prompt version from an existing one: module, its name among the versions, the documents.

`make new-prompt NAME=orchestrator-3 FROM=orchestrator-2`. The new version is a draft with the other one's words:
requests may name it, and its wording may change until it is released.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from commands.program import UNUSABLE, needed, program
from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS
from tools.new_agent import Refused

ROOT = Path(__file__).parents[2]
FOLDER = Path("layers/agents/oo/prompts/versions")
REGISTER = FOLDER / "__init__.py"

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_NAME = 40
_DOCSTRING = re.compile(r'\A""".*?"""', re.DOTALL)

_NEXT = """\
{name} is a draft of {path} that says what {source} says. Next:
  1. Change its words and its docstring in {module}.
  2. See the words that differ: make prompt-diff A={source} B={name}
  3. Ask for it: "prompt_version": "{name}" in a request to {path} of make run.
  4. Release it: add its line to tests/unit/prompts/released_prompts.json, which a failing test there spells out once
     it is the default. From then on no character of it changes; make it the default where {setting} stands."""


def write_prompt(name: str, source: str, root: Path = ROOT) -> list[Path]:
    """Write and register the version; the paths that were written, relative to `root`. Raises Refused."""
    tuple_name = _tuple_of(source)
    module = FOLDER / f"{name.replace('-', '_')}.py"
    _check(name, root, module)
    text = (root / FOLDER / f"{source.replace('-', '_')}.py").read_text(encoding="utf-8")
    register = root / REGISTER
    registered = listed(register.read_text(encoding="utf-8"), tuple_name, name)
    (root / module).write_text(renamed(text, source, name), encoding="utf-8")
    register.write_text(registered, encoding="utf-8")
    return [module, REGISTER]


def renamed(text: str, source: str, name: str) -> str:
    """The source of a version's module under the new name."""
    if text.count(f'version="{source}"') != 1 or not _DOCSTRING.match(text):
        message = f"The module of {source} has not the form this program knows"
        raise Refused(message)
    text = text.replace(f'version="{source}"', f'version="{name}"')
    return _DOCSTRING.sub(
        f'"""Like {source}; say here in one sentence what this version asks otherwise, and why."""', text
    )


def listed(register: str, tuple_name: str, name: str) -> str:
    """The source of the list of versions with the name as the last one of that tuple."""
    end = re.compile(rf"^({tuple_name} = \(\n(?:    \"[^\"\n]+\",\n)+)(?=\)\n)", re.MULTILINE)
    if len(end.findall(register)) != 1:
        message = f"{REGISTER} has not the form this program knows"
        raise Refused(message)
    return end.sub(rf'\g<1>    "{name}",\n', register)


def _tuple_of(source: str) -> str:
    if source in RECOMMEND_VERSIONS:
        return "RECOMMEND_VERSIONS"
    if source in VERSIONS:
        return "VERSIONS"
    message = f"'{source}' is no prompt version; there are {', '.join((*RECOMMEND_VERSIONS, *VERSIONS))}."
    raise Refused(message)


def _check(name: str, root: Path, module: Path) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        message = f"'{name}' is not a kebab-case name of at most {_LONGEST_NAME} characters, such as 'orchestrator-3'."
        raise Refused(message)
    if (root / module).exists():
        message = f"'{name}' is taken: {module} exists."
        raise Refused(message)


@program("new-prompt")
@needed("NAME", example="orchestrator-3", help="a kebab-case name")
@needed("FROM", "source", example="orchestrator-2", help="the version to copy")
def main(name: str, source: str) -> None:
    """Write a new prompt version from an existing one, register it, and print the next steps."""
    try:
        written = write_prompt(name, source)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(UNUSABLE)
    for path in written:
        print(f"wrote {path}")
    sys.stdout.flush()
    # A process of its own, because this one knows the versions without the new one.
    status = subprocess.run([sys.executable, "-m", "commands", "tools.build"], cwd=ROOT, check=False).returncode
    is_tip = source in RECOMMEND_VERSIONS
    endpoint, setting = ("/recommend", "DefaultRecommendVersion") if is_tip else ("/generate", "DefaultPromptVersion")
    print(_NEXT.format(name=name, source=source, path=endpoint, setting=setting, module=written[0]))
    sys.exit(status)


if __name__ == "__main__":
    main()
