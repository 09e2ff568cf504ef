"""CloudFormation's intrinsic functions, evaluated for this machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import yaml

# Any value of a YAML document.
Node: TypeAlias = Any
NO_VALUE = object()
_PLACEHOLDER = re.compile(r"\$\{(!?)([^}]+)\}")


class TemplateError(ValueError):
    """The template contains something without a counterpart on this machine."""


class TemplateLoader(yaml.CSafeLoader):
    """Reads the short forms (`!Ref name`) as the long ones (`{"Ref": "name"}`)."""


def _short_form(loader: TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Node]:
    value: Node
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


TemplateLoader.add_multi_constructor("!", _short_form)


class Resolver:
    """Replaces intrinsic functions by values.

    `references` gives the value of a `Ref`, `attributes` that of a `GetAtt` by `Resource.Attribute`. Unknown names and
    functions raise TemplateError.
    """

    def __init__(
        self,
        references: Mapping[str, Node],
        attributes: Mapping[str, str],
        conditions: Mapping[str, Node] | None = None,
        mappings: Mapping[str, Node] | None = None,
    ) -> None:
        self._references = references
        self._attributes = attributes
        self._conditions = conditions or {}
        self._mappings = mappings or {}
        self._functions: dict[str, Callable[[Node], Node]] = {
            "Ref": self._ref,
            "Condition": self._condition,
            "Fn::GetAtt": lambda pair: self._attribute(".".join(pair)),
            "Fn::Sub": self._sub,
            "Fn::If": lambda triple: self.resolve(triple[1 if self._condition(triple[0]) else 2]),
            "Fn::Join": lambda pair: str(pair[0]).join(str(part) for part in self.resolve(pair[1])),
            "Fn::Select": lambda pair: self.resolve(pair[1])[int(self.resolve(pair[0]))],
            "Fn::Split": lambda pair: str(self.resolve(pair[1])).split(pair[0]),
            "Fn::FindInMap": self._find_in_map,
            "Fn::Equals": lambda pair: text_of(self.resolve(pair[0])) == text_of(self.resolve(pair[1])),
            "Fn::Not": lambda single: not self.resolve(single[0]),
            "Fn::And": lambda parts: all(self.resolve(part) for part in parts),
            "Fn::Or": lambda parts: any(self.resolve(part) for part in parts),
        }

    def resolve(self, value: Node) -> Node:
        """`value` without intrinsic functions; entries that resolve to `AWS::NoValue` are left out."""
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(name, argument)] = value.items()
            if name in self._functions:
                return self._functions[name](argument)
            if isinstance(name, str) and name.startswith("Fn::"):
                raise TemplateError(f"{name} is not known here")
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not NO_VALUE}

    def _ref(self, name: str) -> Node:
        if name not in self._references:
            raise TemplateError(f"!Ref {name}: no parameter or resource of that name")
        return self._references[name]

    def _attribute(self, name: str) -> str:
        if name not in self._attributes:
            raise TemplateError(f"!GetAtt {name}: no such attribute here")
        return self._attributes[name]

    def _condition(self, name: str) -> bool:
        if name not in self._conditions:
            raise TemplateError(f"no condition is called {name}")
        return bool(self.resolve(self._conditions[name]))

    def _find_in_map(self, path: list[Node]) -> Node:
        found: Node = self._mappings
        for step in self.resolve(path):
            found = found[step]
        return found

    def _sub(self, argument: str | list[Node]) -> str:
        text, given = (argument, {}) if isinstance(argument, str) else argument
        extra = self.resolve(given)

        def replace(match: re.Match[str]) -> str:
            literal, name = match[1], match[2].strip()
            if literal:
                return "${" + name + "}"
            if name in extra:
                return text_of(extra[name])
            return text_of(self._attribute(name) if "." in name else self._ref(name))

        return _PLACEHOLDER.sub(replace, str(text))


def parameter_value(declared: Mapping[str, Node], text: str) -> Node:
    """The value of a parameter as `Ref` returns it: a list of texts for the list type, else the text."""
    return text.split(",") if declared.get("Type") == "CommaDelimitedList" else text


def text_of(value: Node) -> str:
    """A value as text; CloudFormation compares and prints booleans in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)
