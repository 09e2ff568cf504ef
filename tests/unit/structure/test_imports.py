import ast
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from testing.for_each import for_each

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "layers/agents"
MODULES = sorted((PACKAGE / "oo").rglob("*.py"))
ENTRIES = sorted((ROOT / "functions").rglob("*.py"))

# The imports between the parts of the package, exactly. `bootstrap` imports all of them and no part imports it.
IMPORTS: dict[str, set[str]] = {
    "errors": set(),
    "deadline": set(),
    "addresses": set(),
    "built": set(),
    "frozen": set(),
    "untrusted_text": set(),
    "validation": set(),
    "contract": {"errors", "validation"},
    "snapshot": {"contract", "untrusted_text"},
    "statistics": {"snapshot"},
    "snippets": {"contract", "snapshot", "untrusted_text"},
    "agent_kit": {"contract", "snapshot", "snippets", "statistics"},
    "agents": {"agent_kit", "snapshot", "snippets", "statistics"},
    "inference": {"agent_kit", "snapshot", "statistics"},
    "prompts": {"agent_kit", "contract", "snapshot", "snippets", "untrusted_text"},
    "outputs": {"contract", "errors", "validation"},
    "telemetry": set(),
    "telemetry/export": {"deadline", "telemetry"},
    "request_context": {"deadline", "telemetry"},
    "llm": {"addresses", "built", "contract", "deadline", "errors", "request_context", "telemetry"},
    "runtime": {"contract", "deadline", "errors", "request_context", "telemetry", "validation"},
    "agent_runs": {"agent_kit", "agents", "contract", "errors", "inference", "request_context", "telemetry"},
    "tips": {
        "contract",
        "errors",
        "llm",
        "prompts",
        "request_context",
        "snapshot",
        "snippets",
        "telemetry",
        "untrusted_text",
    },
    "feedback": {
        "contract",
        "deadline",
        "errors",
        "request_context",
        "runtime",
        "snapshot",
        "telemetry",
        "telemetry/export",
        "validation",
    },
    "precompute": {
        "agent_kit",
        "agent_runs",
        "contract",
        "errors",
        "request_context",
        "runtime",
        "snapshot",
        "telemetry",
        "validation",
    },
}
# A decorator that every part may use.
EVERYWHERE = {"frozen"}
# Parts that import the standard library and these packages alone.
PLAIN = {
    "untrusted_text": set[str](),
    "snapshot": set[str](),
    "statistics": set[str](),
    "snippets": set[str](),
    "agent_kit": set[str](),
    "agents": set[str](),
    "inference": set[str](),
    "prompts": set[str](),
    "contract": set[str](),
    "validation": {"pydantic", "pydantic_core", "typing_extensions"},
}
# Imports that cost a cold start dearly, and where they are at home.
HEAVY = {
    "boto3": {"bootstrap"},
    "mlflow": {"telemetry/export"},
    "aws_xray_sdk": {"telemetry/export"},
    "opentelemetry": {"telemetry/export"},
}


def part_of(path: Path) -> str:
    return part(path.relative_to(PACKAGE / "oo").with_suffix("").parts)


def part(names: Sequence[str]) -> str:
    """The part that a module belongs to, by the names below `oo`."""
    return "telemetry/export" if tuple(names[:2]) == ("telemetry", "export") else names[0]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> list[str]:
    """The absolute names of everything that a file imports, wherever in it."""
    return list(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts(path: Path) -> set[str]:
    """The parts of the package that a file imports, without its own."""
    found = {part(name.split(".")[1:]) for name in imports(path) if name.startswith("oo.")}
    return found - EVERYWHERE - {part_of(path)}


def packages(path: Path) -> set[str]:
    """The third-party packages that a file imports."""
    return {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names) - {"oo"}


def test_the_table_is_the_code() -> None:
    """The table of imports between the parts names each import that exists, and no other."""
    found: dict[str, set[str]] = {}
    for path in MODULES:
        if part_of(path) not in ("__init__", "bootstrap"):
            found.setdefault(part_of(path), set()).update(parts(path))

    assert found == IMPORTS


def test_the_table_has_no_circle() -> None:
    """No part reaches itself by its imports."""
    inward: dict[str, set[str]] = {}

    def reach(part: str, way: tuple[str, ...]) -> set[str]:
        assert part not in way, f"{part} is reached from itself"
        if part not in inward:
            inward[part] = set().union(IMPORTS[part], *(reach(next_part, (*way, part)) for next_part in IMPORTS[part]))
        return inward[part]

    assert all(part not in reach(part, ()) for part in IMPORTS)


def test_folders_are_small() -> None:
    """A folder of the layer holds at most 18 modules, its top at most 6, and no module has more than 300 lines."""
    modules = [path for path in MODULES if path.name != "__init__.py"]
    counts = Counter(path.parent for path in modules)

    assert counts.pop(PACKAGE / "oo") <= 6
    assert {str(folder): count for folder, count in counts.items() if count > 18} == {}
    assert [path.name for path in modules if len(path.read_text(encoding="utf-8").splitlines()) > 300] == []


def test_a_public_class_name_means_one_thing() -> None:
    """No two public classes of the layer and the programs beside it have the same name."""
    programs = (path for top in ("commands", "local", "tools", "operations") for path in (ROOT / top).rglob("*.py"))
    names = Counter(
        node.name
        for path in (*MODULES, *programs)
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )

    assert {name for name, count in names.items() if count > 1} == set()


def test_only_tests_import_tests() -> None:
    """Helpers that others need as well are in `testing`."""
    others = [
        path
        for top in ("layers", "functions", "commands", "local", "tools", "operations", "testing", "benchmarks", "evals")
        for path in (ROOT / top).rglob("*.py")
    ]

    assert {str(path) for path in others if any(name.split(".")[0] == "tests" for name in imports(path))} == set()


def test_the_bench_of_tips_is_outside_of_the_layer() -> None:
    """`evals` imports the service; nothing that deploys imports it, and none of it is in the layer's folder."""
    deployed = [path for top in ("layers", "functions") for path in (ROOT / top).rglob("*.py")]

    assert [str(path) for path in deployed if any(name.split(".")[0] == "evals" for name in imports(path))] == []
    assert list((ROOT / "layers").rglob("evals*")) == []


@for_each("part", PLAIN)
def test_the_inner_parts_need_no_framework(part: str) -> None:
    """Agents, inference and prompts are plain functions of their input."""
    used = {package for path in MODULES if part_of(path) == part for package in packages(path)}

    assert used <= PLAIN[part]


@for_each("package", HEAVY)
def test_heavy_packages_stay_where_they_are_needed(package: str) -> None:
    """No other part makes a cold start wait for them."""
    assert {part_of(path) for path in MODULES if package in packages(path)} <= HEAVY[package]


def test_only_bootstrap_reads_the_environment() -> None:
    """All other modules get values as arguments."""
    readers = {
        part_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
    }

    assert readers <= {"bootstrap"}


@pytest.mark.parametrize(
    "entry", sorted((ROOT / "functions").rglob("*.py")), ids=lambda entry: f"{entry.parent.name}/{entry.name}"
)
def test_an_entry_is_five_lines(entry: Path) -> None:
    """Its docstring, the module of bootstrap that composes it, and its handler."""
    docstring, composition, handler = entry.read_text(encoding="utf-8").split("\n\n")
    name = entry.parent.name if entry.name == "app.py" else f"{entry.parent.name}_worker"

    assert (docstring[:3], docstring.count("\n")) == ('"""', 0)
    assert (composition, handler) == (f"from oo.bootstrap import {name}", f"handler = {name}.handler()\n")


def test_imports_stand_at_the_top() -> None:
    """A function imports only modules that a start must not load.

    These are AWS' packages, modules for exports after a response, and the table of HTML's entities.
    """
    inside = Counter(
        part_of(path)
        for path in MODULES
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    )

    assert set(inside) == {"bootstrap", "telemetry/export", "untrusted_text"}
