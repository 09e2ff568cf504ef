"""The template's alarms and metric filters with their conditions on; a resource's name stands for the resource."""

from fnmatch import fnmatchcase
from typing import Any

import yaml

from local.deployment.environment import ROOT
from local.deployment.intrinsics import NO_VALUE, Resolver, TemplateLoader, parameter_value
from local.deployment.template import STACK
from tests.unit.alarms.cloudwatch import Metric
from tests.unit.structure.template_rules import of_type

DOCUMENT: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(), TemplateLoader)  # noqa: S506  # a SafeLoader


class _Names(dict[str, Any]):
    """Answers the name of a resource, or of its attribute, with the name itself."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return name


_DEFAULTS = {name: parameter_value(one, str(one.get("Default", ""))) for name, one in DOCUMENT["Parameters"].items()}
_KNOWN = {"LLMCircuitBreaker": "on", "AWS::NoValue": NO_VALUE, "AWS::StackName": STACK}
_RESOLVER = Resolver(_Names(_DEFAULTS | _KNOWN), _Names(), DOCUMENT["Conditions"])

ALARMS: dict[str, dict[str, Any]] = {
    name: _RESOLVER.resolve(alarm) for name, alarm in of_type(DOCUMENT, "AWS::CloudWatch::Alarm").items()
}
FUNCTIONS = tuple(of_type(DOCUMENT, "AWS::Serverless::Function"))


def filtered(status: int) -> dict[Metric, float]:
    """The access log's metrics for a line of that status."""
    counted: dict[Metric, float] = {}
    for one in map(_RESOLVER.resolve, of_type(DOCUMENT, "AWS::Logs::MetricFilter").values()):
        wanted = one["FilterPattern"].strip("{} ").removeprefix("$.status = ").strip('"')
        for made in one["MetricTransformations"]:
            figure = made["MetricValue"] if fnmatchcase(str(status), wanted) else made["DefaultValue"]
            counted[Metric(made["MetricNamespace"], made["MetricName"])] = float(figure)
    return counted


def kinds_of(alarm: str) -> set[str]:
    """The kinds of failure that an alarm counts by name."""
    metrics = (one["MetricStat"]["Metric"] for one in ALARMS[alarm].get("Metrics", []) if "MetricStat" in one)
    dimensions = (dimension for metric in metrics for dimension in metric.get("Dimensions", []))
    return {dimension["Value"] for dimension in dimensions if dimension["Name"] == "kind"}
