"""Writes a new agent: module, test, a line in the registry and among the versions (`make new-agent NAME=kebab-case`).

What it writes is a working agent with the anatomy of the others; its decision is what is left to be thought about.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
AGENTS = Path("layers/agents/oo/agents")
TESTS = Path("tests/unit/agents")
REGISTRY = AGENTS / "registry.py"
VERSIONS = AGENTS / "versions.py"

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_NAME = 40
_IMPORTS = re.compile(r"^from oo\.agents import (?P<names>\([^)]*\)|[^\n(]*)$", re.MULTILINE)
_LIST_END = "\n)\n_BY_ID"
_TABLE_END = "\n}\n"

_MODULE = '''"""Says that there is something open, for as long as nothing better is written here."""

from oo.agents.choice import Scored, choose
from oo.agents.line import Line
from oo.agents.manifest import (
    Eligibility,
    Evidence,
    Manifest,
    Privacy,
    Requires,
    Signal,
    Ttl,
    snapshot_signals,
)
from oo.agents.preferences import preferences_schema
from oo.agents.rule_agent import RuleAgent
from oo.agents.scene import Scene
from oo.agents.statement import Silence, Statement

MANIFEST = Manifest(
    agent_id="$agent_id",
    title="$title",
    description="Names an open task.",
    kinds=("start",),
    requires=Requires(tasks=("id", "title", "status", "due_at", "created_at", "completed_at", "priority")),
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
    evidence=(Evidence("What is named gets started.", "name the source here"),),
    status="beta",
)


def decide(scene: Scene) -> Statement | Silence:
    """An open task, or that there is none."""
    named = [task for task in scene.tasks.open if task.title]
    signals: dict[str, object] = {"open_n": len(named)}
    if not named:
        return Silence("nothing_open", signals)
    scored = [Scored(task, task.importance) for task in named]
    top = choose(scored, scene.user_id, MANIFEST.agent_id, scene.clock.today)
    line = Line(kind="start", strength=1, fact="{0} is open.", move="take the first step now.", titles=[top.title])
    return Statement(line, signals | {"top_task_id": top.id})


AGENT = RuleAgent(MANIFEST, decide)
'''

_TEST = '''"""$agent_id names an open task."""

from tests.unit.agents.snapshots import ask, snapshot


def test_names_an_open_task() -> None:
    """An open task is named with a first step."""
    output = ask("$agent_id", snapshot({"id": "a", "title": "Call the plumber"}))

    assert output.prompt_text == "[start|1] Fact: «Call the plumber» is open. Move: take the first step now."
    assert output.signals_snapshot["top_task_id"] == "a"


def test_without_open_tasks_it_is_silent() -> None:
    """Nothing open is the reason to be silent."""
    assert ask("$agent_id", snapshot()).signals_snapshot["reason"] == "nothing_open"
'''


class Refused(Exception):
    """The name can not be used; the message is one sentence that says why."""


def write_agent(name: str, root: Path = ROOT) -> list[Path]:
    """Write and register the agent; the paths that were written, relative to `root`. Raises Refused."""
    module_name = name.replace("-", "_")
    module, test = AGENTS / f"{module_name}.py", TESTS / f"test_{module_name}.py"
    _check(name, root, module, test)
    title = name.replace("-", " ").capitalize()
    for path, template in ((module, _MODULE), (test, _TEST)):
        text = template.replace("$agent_id", name).replace("$title", title)
        (root / path).write_text(text, encoding="utf-8")
    registry = root / REGISTRY
    registry.write_text(registered(registry.read_text(encoding="utf-8"), module_name), encoding="utf-8")
    versions = root / VERSIONS
    versions.write_text(versioned(versions.read_text(encoding="utf-8"), name), encoding="utf-8")
    return [module, test, REGISTRY, VERSIONS]


def registered(registry: str, module_name: str) -> str:
    """The registry's source with the module imported and its agent listed last."""
    imported = _IMPORTS.search(registry)
    if imported is None or registry.count(_LIST_END) != 1:
        message = f"{REGISTRY} has not the form this program knows"
        raise Refused(message)
    names = sorted({*re.findall(r"\w+", imported["names"]), module_name})
    lines = "".join(f"    {each},\n" for each in names)
    registry = registry.replace(imported[0], f"from oo.agents import (\n{lines})")
    return registry.replace(_LIST_END, f"\n    {module_name}.AGENT,{_LIST_END}")


def versioned(versions: str, name: str) -> str:
    """The source of the versions with the agent listed last, at its first."""
    if not versions.endswith(_TABLE_END):
        message = f"{VERSIONS} has not the form this program knows"
        raise Refused(message)
    return f'{versions.removesuffix(_TABLE_END)}\n    "{name}": "1.0.0",{_TABLE_END}'


def _check(name: str, root: Path, *paths: Path) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        message = f"'{name}' is not a kebab-case name of at most {_LONGEST_NAME} characters, such as 'deep-work'."
        raise Refused(message)
    for path in paths:
        if (root / path).exists():
            message = f"'{name}' is taken: {path} exists."
            raise Refused(message)


def main(arguments: list[str]) -> int:
    """Write the agent that the one argument names, and say where."""
    if len(arguments) != 1:
        print("Name the agent: make new-agent NAME=deep-work", file=sys.stderr)
        return 2
    try:
        written = write_agent(arguments[0])
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    for path in written:
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
