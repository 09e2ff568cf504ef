"""The template's parameters: every value of a deployment, checked as CloudFormation checks it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from local.deployment.environment import ROOT
from local.deployment.intrinsics import Resolver, TemplateLoader, text_of

Document = Mapping[str, Any]


def template_document() -> Document:
    """The template, with its short forms written out."""
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")
    document: Document = yaml.load(text, TemplateLoader)  # noqa: S506  # a SafeLoader
    return document


def with_defaults(document: Document, given: Mapping[str, object]) -> dict[str, str]:
    """A text for every parameter: a deployment that leaves one out keeps the stack's former value of it."""
    defaults = {name: text_of(one.get("Default", "")) for name, one in document["Parameters"].items()}
    return defaults | {name: text_of(value) for name, value in given.items()}


def problems(document: Document, values: Mapping[str, str]) -> Iterator[str]:
    """One sentence per value that CloudFormation would refuse. No value is repeated: it may be a misplaced secret."""
    declared = document["Parameters"]
    for name, value in values.items():
        if name not in declared:
            yield f"{name} is no parameter of template.yaml. Correct the name; docs/configuration.md lists all."
        elif not _is_allowed(declared[name], value):
            yield f"{name} has a value that is not allowed. {declared[name]['Description']}"
    yield from _broken_rules(document, values)


def _is_allowed(parameter: Mapping[str, Any], value: str) -> bool:
    choices = [text_of(choice) for choice in parameter.get("AllowedValues", [])]
    if choices and value not in choices:
        return False
    if parameter["Type"] == "Number" and not _is_in_range(parameter, value):
        return False
    return re.fullmatch(parameter.get("AllowedPattern", "(?s).*"), value) is not None


def _is_in_range(parameter: Mapping[str, Any], value: str) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return bool(parameter.get("MinValue", number) <= number <= parameter.get("MaxValue", number))


def _broken_rules(document: Document, values: Mapping[str, str]) -> Iterator[str]:
    resolver = Resolver(values, {})
    for rule in document["Rules"].values():
        if resolver.resolve(rule.get("RuleCondition", True)):
            yield from (one["AssertDescription"] for one in rule["Assertions"] if not resolver.resolve(one["Assert"]))
