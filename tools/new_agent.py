"""Write a new agent: module, test, its lines in registry and statements, the documents (`make new-agent NAME=…`).

The new agent works and has the anatomy of the others. Its decision is a placeholder to replace.
"""

import builtins
import keyword
import re
import subprocess
import sys
from pathlib import Path

from commands.program import UnusableValue, needed, program

ROOT = Path(__file__).parents[1]
AGENTS = Path("layers/agents/oo/agents")
TESTS = Path("tests/unit/agents")
REGISTRY = AGENTS / "registry.py"
STATEMENTS = Path("layers/agents/oo/snippets/statements.py")

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_NAME = 40
_IMPORTS = re.compile(r"^from oo\.agents import (?P<names>\([^)]*\)|[^\n(]*)$", re.MULTILINE)
_LIST_END = "\n)\n_BY_ID"
_STATEMENTS = re.compile(r"^STATEMENTS = \(\n.*?(?=^\)$)", re.MULTILINE | re.DOTALL)

_MODULE = '''"""Says that there is something open, for as long as nothing better is written here."""

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.manifest import (
    Citation,
    Eligibility,
    Manifest,
    Privacy,
    Requires,
    Signal,
    Ttl,
    snapshot_signals,
)
from oo.agent_kit.preferences import preferences_schema
from oo.agent_kit.rotation import Scored, choose
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.snippets.grammar import SnippetDraft

MANIFEST = Manifest(
    agent_id="$agent_id",
    title="$title",
    description="Names an open task.",
    kinds=("start",),
    requires=Requires(tasks=("id", "title", "status", "due_at", "created_at", "completed_at", "priority", "tags")),
    eligibility=Eligibility(
        rule={">=": [{"var": ["task_open_n", 0]}, 1]},
        facts=("task_open_n",),
        reason="Needs an open task.",
    ),
    prefs_schema=preferences_schema({}),
    ui={"ui:order": ["enabled", "timezone"]},
    signals_schema=snapshot_signals(
        ("nothing_open",),
        open_n=Signal("integer", "tasks", "Open tasks with a title.", nullable=False),
        top_task_id=Signal("string", "id", "The named task."),
    ),
    ttl=Ttl(max_s=6 * 3600),
    privacy=Privacy(reads=("tasks",)),
    evidence=(Citation("What is named gets started.", "name the source here"),),
    status="beta",
)


def decide(view: UserView) -> Say | Silent:
    """An open task, or that there is none."""
    named = [task for task in view.tasks.open if task.title]
    signals: dict[str, object] = {"open_n": len(named)}
    if not named:
        return Silent("nothing_open", signals)
    scored = [Scored(task, task.importance) for task in named]
    top = choose(scored, view.snapshot.user_id, MANIFEST.agent_id, view.clock.today)
    draft = SnippetDraft("start", 1, "{0} is a case for $words.", "take the first step now.", titles=[top.title])
    return Say(draft, signals | {"top_task_id": top.id})


AGENT = RuleAgent(MANIFEST, decide)
'''

_TEST = '''"""$agent_id names an open task."""

from testing.agent_snapshots import ask, snapshot


def test_names_an_open_task() -> None:
    """An open task is named with a first step."""
    output = ask("$agent_id", snapshot({"id": "a", "title": "Call the plumber"}))

    assert output.prompt_text == (
        "[start|1] Fact: «Call the plumber» is a case for $words. Move: take the first step now."
    )
    assert output.signals_snapshot["top_task_id"] == "a"


def test_without_open_tasks_it_is_silent() -> None:
    """Nothing open is the reason to be silent."""
    assert ask("$agent_id", snapshot()).signals_snapshot["reason"] == "nothing_open"
'''


def write_agent(name: str, root: Path = ROOT) -> list[Path]:
    """Write and register the agent; the paths that were written, relative to `root`. Raises UnusableValue."""
    module_name = name.replace("-", "_")
    module, test = AGENTS / f"{module_name}.py", TESTS / f"test_{module_name}.py"
    check_name(name, "deep-work", root, module, test)
    words = name.replace("-", " ")
    for path, template in ((module, _MODULE), (test, _TEST)):
        text = template.replace("$agent_id", name).replace("$title", words.capitalize()).replace("$words", words)
        (root / path).write_text(text, encoding="utf-8")
    registry = root / REGISTRY
    registry.write_text(registered(registry.read_text(encoding="utf-8"), module_name), encoding="utf-8")
    statements = root / STATEMENTS
    statements.write_text(stated(statements.read_text(encoding="utf-8"), name), encoding="utf-8")
    return [module, test, REGISTRY, STATEMENTS]


def registered(registry: str, module_name: str) -> str:
    """The registry's source with the module imported and its agent listed last."""
    imported = _IMPORTS.search(registry)
    if imported is None or registry.count(_LIST_END) != 1:
        message = f"{REGISTRY} has not the form this program knows"
        raise UnusableValue(message)
    names = sorted({*re.findall(r"\w+", imported["names"]), module_name})
    lines = "".join(f"    {each},\n" for each in names)
    registry = registry.replace(imported[0], f"from oo.agents import (\n{lines})")
    return registry.replace(_LIST_END, f"\n    {module_name}.AGENT,{_LIST_END}")


def stated(statements: str, name: str) -> str:
    """The source of the statements with the agent's own listed last."""
    listed = _STATEMENTS.search(statements)
    if listed is None:
        message = f"{STATEMENTS} has not the form this program knows"
        raise UnusableValue(message)
    phrase = f"is a case for {name.replace('-', ' ')}"
    line = f'    _statement("{name.replace("-", "_")}", Family.CHOSEN, 0.5, r"{phrase}"),'
    return f"{statements[: listed.end()]}{line}\n{statements[listed.end() :]}"


def check_name(name: str, example: str, root: Path, *written: Path) -> None:
    """Raise UnusableValue unless the name is kebab-case, means nothing in Python, and has none of these files yet."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        message = f"'{name}' is not a kebab-case name of at most {_LONGEST_NAME} characters, such as '{example}'."
        raise UnusableValue(message)
    # The name becomes a module's: Python cannot import a keyword, and the linter refuses the name of a builtin.
    if keyword.iskeyword(name) or hasattr(builtins, name):
        message = f"'{name}' is a word of Python: choose another name, such as '{example}'."
        raise UnusableValue(message)
    for path in written:
        if (root / path).exists():
            message = f"'{name}' is taken: {path} exists."
            raise UnusableValue(message)


@program("new-agent")
@needed("NAME", example="deep-work", help="a kebab-case name")
def main(name: str) -> None:
    """Write a new agent's module and test, and register it."""
    written = write_agent(name)
    for path in written:
        print(f"wrote {path}")
    sys.stdout.flush()
    # A process of its own, because the registry of this one does not have the agent.
    sys.exit(subprocess.run([sys.executable, "-m", "commands", "tools.build"], cwd=ROOT, check=False).returncode)


if __name__ == "__main__":
    main()
