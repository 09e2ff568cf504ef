"""The template's parameters: every value of a deployment, checked as CloudFormation checks it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.deployment.environment import ROOT
from local.deployment.intrinsics import Resolver, parameter_value, text_of
from local.deployment.template import load, read_document
from oo.addresses import goes_in_the_clear
from oo.bootstrap.settings import Config
from oo.errors import ConfigError
from oo.prompts.versions import RECOMMEND_VERSIONS
from oo.tips.experiment import TipExperiment

Document = Mapping[str, Any]


def template_document() -> Document:
    """The template, with its short forms written out."""
    return read_document(ROOT / "template.yaml")


def with_defaults(document: Document, given: Mapping[str, object]) -> dict[str, str]:
    """A text for every parameter, because a deployment without one keeps the stack's former value of it."""
    defaults = {name: text_of(one.get("Default", "")) for name, one in document["Parameters"].items()}
    return defaults | {name: text_of(value) for name, value in given.items()}


def problems(document: Document, values: Mapping[str, str]) -> Iterator[str]:
    """One sentence per value that CloudFormation would refuse. No value is repeated: it may be a misplaced secret."""
    declared = document["Parameters"]
    for name, value in values.items():
        if name not in declared:
            yield f"{name} is no parameter of template.yaml. Correct the name; docs/configuration.md lists all."
        elif not _is_allowed(declared[name], value):
            yield f"{name} has a value that is not allowed{_allowed(declared[name])}. {declared[name]['Description']}"
    yield from _broken_rules(document, values)


def unusable_settings(values: Mapping[str, str]) -> list[str]:
    """One sentence per setting that the functions would refuse at their start, each named once."""
    template = load(ROOT / "template.yaml", aws_endpoint="https://sqs.invalid", parameters=dict(values))
    found = [str(problem) for function in template.functions.values() for problem in _refused(function.environment)]
    return [f"{problem}." for problem in dict.fromkeys(found)]


def _refused(environment: Mapping[str, str]) -> Iterator[ConfigError]:
    config = Config.read(environment)
    yield from filter(None, (config.problem, config.trace_problem, config.zone_problem))
    if config.settings.allow_plain_http == "false" and goes_in_the_clear(config.settings.litellm_url):
        yield ConfigError("LITELLM_URL has to be https unless AllowPlainHttp is true")
    try:
        if config.settings.experiment:
            TipExperiment.read(config.settings.experiment, RECOMMEND_VERSIONS)
    except ConfigError as problem:
        yield problem


def _is_allowed(parameter: Mapping[str, Any], value: str) -> bool:
    choices = [text_of(choice) for choice in parameter.get("AllowedValues", [])]
    if choices and value not in choices:
        return False
    if parameter["Type"] == "Number" and not _is_in_range(parameter, value):
        return False
    values = parameter_value(parameter, value)
    elements = values if isinstance(values, list) else [values]
    return all(re.fullmatch(parameter.get("AllowedPattern", "(?s).*"), element) for element in elements)


def _allowed(parameter: Mapping[str, Any]) -> str:
    """The choices or the bounds; a pattern is in the description's words."""
    choices = [text_of(choice) or "an empty text" for choice in parameter.get("AllowedValues", [])]
    if choices:
        return f": it is one of {', '.join(choices)}"
    if parameter["Type"] != "Number":
        return ""
    words = {"MinValue": "from", "MaxValue": "to"}
    bounds = [f"{word} {parameter[key]}" for key, word in words.items() if key in parameter]
    return " ".join([": it is a number", *bounds])


def _is_in_range(parameter: Mapping[str, Any], value: str) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return bool(parameter.get("MinValue", number) <= number <= parameter.get("MaxValue", number))


def _broken_rules(document: Document, values: Mapping[str, str]) -> Iterator[str]:
    declared = document["Parameters"]
    texts = with_defaults(document, values)
    resolver = Resolver({name: parameter_value(declared.get(name, {}), text) for name, text in texts.items()}, {})
    for rule in document["Rules"].values():
        if resolver.resolve(rule.get("RuleCondition", True)):
            yield from (one["AssertDescription"] for one in rule["Assertions"] if not resolver.resolve(one["Assert"]))
