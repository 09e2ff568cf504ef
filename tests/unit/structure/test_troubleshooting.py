"""docs/troubleshooting.md has a line for each status, log event and metric of the service, and for no other."""

import ast
import re
from collections.abc import Callable
from functools import cache

import pytest

from local.deployment.environment import ROOT
from oo.runtime.http_gateway import STATUS
from testing.for_each import for_each

LAYER = ROOT / "layers/agents/oo"
PAGE = (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8")
TEMPLATE = (ROOT / "template.yaml").read_text(encoding="utf-8")
LOGGING = ("debug", "info", "warning", "error", "critical", "exception", "log", "_report_no_effect")
COUNTING = ("count", "_count", "add_metric")
EVENT = re.compile(r"[a-z]+(?:_[a-z]+)+")
METRIC = re.compile(r"[A-Z]\w*[a-z]\w*")
OF_THE_GATEWAY = (401, 403, 429)


@cache
def functions() -> list[ast.FunctionDef]:
    """Each function of the layer."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in LAYER.rglob("*.py")]
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def calls(function: ast.FunctionDef, names: tuple[str, ...]) -> list[ast.Call]:
    """The calls of functions and methods with one of these names."""
    found = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return [call for call in found if getattr(call.func, "attr", getattr(call.func, "id", "")) in names]


def texts(nodes: list[ast.expr | None], pattern: re.Pattern[str]) -> set[str]:
    """The constant texts among them that match."""
    constants = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in constants if pattern.fullmatch(text)}


def logged() -> set[str]:
    """First arguments of logging calls, and the messages of lines that are written by hand."""
    found: set[str] = set()
    for function in functions():
        found |= texts([call.args[0] for call in calls(function, LOGGING) if call.args], EVENT)
        for node in ast.walk(function):
            if isinstance(node, ast.Dict):
                keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
                found |= texts([node.values[keys.index("message")]] if "message" in keys else [], EVENT)
    return found


def counted() -> set[str]:
    """The names of metrics; where a function counts by a table, the keys of the table."""
    found = set(re.findall(r"MetricName: (\w+), MetricValue", TEMPLATE))
    for function in functions():
        counting = calls(function, COUNTING)
        found |= texts([call.args[0] for call in counting if call.args], METRIC)
        names = [word.value for call in counting for word in call.keywords if word.arg == "name"]
        found |= texts([*names], METRIC)
        if any(isinstance(name, ast.Name) for name in names):
            tables = [node for node in ast.walk(function) if isinstance(node, ast.Dict)]
            found |= texts([key for table in tables for key in table.keys], METRIC)
    return found


def rows(heading: str) -> list[str]:
    """The first cells of the table below a heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `?([\w ,`]+?)`? \|", section, re.MULTILINE)[1:]


@pytest.mark.parametrize(("heading", "names"), [("By log event", logged), ("By metric", counted)])
def test_each_has_a_line_in_order(heading: str, names: Callable[[], set[str]]) -> None:
    """A name that the code no longer has is gone from the page."""
    assert sorted(names()) == rows(heading)


@for_each("status", sorted({*STATUS.values(), *OF_THE_GATEWAY}))
def test_each_status_has_a_line(status: int) -> None:
    assert re.search(rf"^\| {int(status)}\b", PAGE, re.MULTILINE)
