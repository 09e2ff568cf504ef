"""Alarms and the dashboard compared with the code's metrics and with docs/operations.md."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from local.deployment.intrinsics import TemplateLoader
from testing.for_each import for_each
from tests.unit.structure.template_rules import description, of_type

ROOT = Path(__file__).parents[3]
NAMESPACE = "oO/TipService"
DOCUMENT = yaml.load((ROOT / "template.yaml").read_text(), TemplateLoader)  # noqa: S506  # a SafeLoader
ALARMS = of_type(DOCUMENT, "AWS::CloudWatch::Alarm")
Metric = tuple[str, frozenset[str]]
COUNTERS = {"count", "_count", "add", "add_metric"}
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]


def named_parameters(text: str) -> set[str]:
    """The template's parameters that a text names."""
    return set(re.findall(r"\b\w+\b", text)) & set(DOCUMENT["Parameters"]) - {"Architecture", "Experiment", "Stage"}


@cache
def emitted() -> set[Metric]:
    """Name and dimensions of every metric that the code counts; `service` is on each."""
    trees = (ast.parse(path.read_text()) for path in (ROOT / "layers/agents/oo").rglob("*.py"))
    return {metric for tree in trees for metric in counted(tree)}


def counted(tree: ast.AST) -> Iterator[Metric]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = call.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name not in COUNTERS:
            continue
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        dimensions = frozenset(key for key in named if key and name == "count" and key != "number") | {"service"}
        for text in texts(named.get("name") or next(iter(call.args), None)):
            yield text, dimensions


def texts(node: ast.AST | None) -> Iterator[str]:
    """The texts that an expression may be: it stands there, or is one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def alarmed(alarm: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every metric of an alarm."""
    if "MetricName" in alarm:
        yield alarm
    yield from (one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one)


def dashboard() -> list[list[Any]]:
    """Every row of metrics on the dashboard."""
    [board] = of_type(DOCUMENT, "AWS::CloudWatch::Dashboard").values()
    widgets = json.loads(board["DashboardBody"]["Fn::Sub"])["widgets"]
    return [row for widget in widgets for row in widget["properties"]["metrics"]]


@for_each("name", ALARMS)
def test_an_alarm_watches_what_is_counted(name: str) -> None:
    """A metric without an emitter would never go off; the same is true for a wrong name or wrong dimensions."""
    for metric in alarmed(ALARMS[name]):
        if metric["Namespace"] == NAMESPACE:
            assert (metric["MetricName"], frozenset(one["Name"] for one in metric["Dimensions"])) in emitted()


def test_the_dashboard_shows_what_is_counted() -> None:
    rows = [row for row in dashboard() if row[0] == NAMESPACE]
    shown = {(row[1], frozenset(part for part in row[2::2] if isinstance(part, str))) for row in rows}

    assert shown
    assert shown <= emitted()


@for_each("name", ALARMS)
def test_an_alarm_watches_its_own_stack(name: str) -> None:
    """Two stacks of one account share no metric: the namespace or the service's name is the stack's."""
    for metric in alarmed(ALARMS[name]):
        if str(metric["Namespace"]).find(NAMESPACE) >= 0 and "AWS::StackName" not in str(metric["Namespace"]):
            assert {"Name": "service", "Value": {"Ref": "AWS::StackName"}} in metric["Dimensions"]


def test_the_dashboard_shows_its_own_stack() -> None:
    """Searches too, which would find the metrics of each stack otherwise."""
    for row in dashboard():
        if row[0] == NAMESPACE:
            assert row[row.index("service") + 1] == "${AWS::StackName}"
        elif isinstance(row[0], dict):
            assert 'service="${AWS::StackName}"' in row[0]["expression"]


@for_each("name", [name for name in ALARMS if named_parameters(description(ALARMS[name]))])
def test_an_alarm_that_names_a_parameter_names_the_command_that_changes_it(name: str) -> None:
    assert "make deploy" in description(ALARMS[name])


@for_each("page", [page for page in PAGES if named_parameters(page.read_text())])
def test_a_page_that_names_a_parameter_names_the_command_that_changes_it(page: Path) -> None:
    """Without it, a reader would deploy in a way that leaves the alias on the old settings."""
    assert "make deploy" in page.read_text()


@for_each("name", ALARMS)
def test_an_alarms_expression_uses_each_of_its_metrics(name: str) -> None:
    metrics = {one["Id"]: one for one in ALARMS[name].get("Metrics", [])}
    if metrics:
        used = set(re.findall(r"[a-z]+\d*", metrics["result"]["Expression"]))
        assert set(metrics) - {"result"} <= used
        assert len(metrics) - 1 <= 10, "CloudWatch takes ten at most, beside the expression"


def test_the_errors_that_alarm_are_the_services_own() -> None:
    """Each kind of failure is the code of an error."""
    kinds = {
        dimension["Value"]
        for alarm in ALARMS.values()
        for metric in alarmed(alarm)
        for dimension in metric.get("Dimensions", [])
        if dimension["Name"] == "kind"
    }

    codes = set(re.findall(r'code = "(\w+)"', (ROOT / "layers/agents/oo/errors/model.py").read_text()))
    assert kinds
    assert kinds <= codes


@for_each("name", ALARMS)
def test_an_alarm_names_a_section_that_exists(name: str) -> None:
    """The operator on call finds its meaning and its remedy there."""
    (anchor,) = re.findall(r"docs/operations\.md#(\S+)\.$", description(ALARMS[name]))

    assert anchor in anchors(ROOT / "docs/operations.md")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
