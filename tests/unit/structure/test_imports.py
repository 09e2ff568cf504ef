import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "layers/agents"
MODULES = sorted((PACKAGE / "oo").rglob("*.py"))
ENTRIES = sorted((ROOT / "functions").rglob("*.py"))

TYPES = {"contract", "errors"}
# What each part of the package may import from the others; nothing imports `bootstrap`.
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "deadline": set(),
    "deferred": set(),
    "telemetry": {"deadline", "agents"},
    "contract": set(),
    "settings": {"errors"},
    "secret_text": {"errors"},
    "secret": {"secret_text", "errors"},
    "pseudonym": {"secret", "secret_text", "settings", "errors"},
    "tracing": {"settings", "errors", "telemetry", "pseudonym"},
    "payload": TYPES,
    "call": {"deadline", "telemetry"},
    "agents": {"contract"},
    "inference": {"agents", "contract"},
    "prompts": {"agents", "inference", "contract"},
    "aws_clients": set(),
    "outputs": {"agents"} | TYPES,
    "llm": {"deadline", "errors", "pseudonym", "secret_text"},
    "agent_runs": {"agents", "inference", "telemetry", "call"} | TYPES,
    "tips": {"prompts", "llm", "outputs", "inference", "agents", "agent_runs", "telemetry", "call", "deadline"} | TYPES,
    "precompute": {"outputs", "inference", "agents", "agent_runs", "telemetry", "call", "deadline", "payload"}
    | {"pseudonym"}
    | TYPES,
    "gateway": {"telemetry", "call", "deadline", "payload"} | TYPES,
}
# Parts that stand on the standard library and these alone.
PLAIN = {
    "agents": {"pydantic"},
    "inference": {"pydantic"},
    "prompts": {"pydantic"},
    "contract": {"pydantic", "pydantic_core"},
}
# Imports that cost a cold start dearly, and where they are at home.
HEAVY = {
    "boto3": {"aws_clients"},
    "mlflow": {"telemetry"},
    "aws_xray_sdk": {"telemetry"},
    "opentelemetry": {"telemetry"},
}


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE / "oo").with_suffix("").parts[0]


def imports(path: Path) -> Iterator[str]:
    """The absolute names of everything that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts(path: Path) -> set[str]:
    """The parts of the package that a file imports, without its own."""
    return {name.split(".")[1] for name in imports(path) if name.startswith("oo.")} - {part_of(path)}


def packages(path: Path) -> set[str]:
    """The third-party packages that a file imports."""
    return {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names) - {"oo"}


@pytest.mark.parametrize(
    "path", [path for path in MODULES if part_of(path) not in ("__init__", "bootstrap")], ids=lambda path: path.stem
)
def test_imports_point_inward(path: Path) -> None:
    """A part of the package knows only the parts that lie further in."""
    assert parts(path) <= ALLOWED[part_of(path)]


def test_every_part_has_its_place() -> None:
    """A part that is in no row of the table has no place yet, and a row without a part is a leftover."""
    assert {part_of(path) for path in MODULES} - {"__init__", "bootstrap"} == set(ALLOWED)


def test_the_table_has_no_circle() -> None:
    """Inward means that no way leads back."""
    inward: dict[str, set[str]] = {}

    def reach(part: str, way: tuple[str, ...]) -> set[str]:
        assert part not in way, f"{part} is reached from itself"
        if part not in inward:
            inward[part] = set().union(ALLOWED[part], *(reach(next_part, (*way, part)) for next_part in ALLOWED[part]))
        return inward[part]

    assert all(part not in reach(part, ()) for part in ALLOWED)


@pytest.mark.parametrize("part", PLAIN)
def test_the_inner_parts_need_no_framework(part: str) -> None:
    """Agents, inference and prompts are plain functions of their input."""
    used = {package for path in MODULES if part_of(path) == part for package in packages(path)}

    assert used <= PLAIN[part]


@pytest.mark.parametrize("package", HEAVY)
def test_heavy_packages_stay_where_they_are_needed(package: str) -> None:
    """Nobody else makes a cold start wait for them."""
    assert {part_of(path) for path in MODULES if package in packages(path)} <= HEAVY[package]


def test_only_bootstrap_reads_the_environment() -> None:
    """Everything else is told."""
    readers = {
        part_of(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
    }

    assert readers <= {"bootstrap"}


@pytest.mark.parametrize(
    "entry", sorted((ROOT / "functions").rglob("*.py")), ids=lambda entry: f"{entry.parent.name}/{entry.name}"
)
def test_an_entry_parses_calls_and_answers(entry: Path) -> None:
    """An entry knows bootstrap and the contract, and is short."""
    assert parts_of_entry(entry) <= {"bootstrap", "contract"}
    assert packages(entry) == set()
    assert len(entry.read_text(encoding="utf-8").splitlines()) <= 40


def parts_of_entry(entry: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(entry) if name.startswith("oo.")}
