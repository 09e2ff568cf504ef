"""docs/configuration.md: the template's parameters and the functions' variables, generated from both sources."""

from typing import Any, get_args

import yaml
from pydantic.fields import FieldInfo

from local.deployment.environment import ROOT
from local.deployment.intrinsics import TemplateLoader
from oo.bootstrap.settings import KINDS

DOCUMENT = ROOT / "docs" / "configuration.md"
HEAD = """# Configuration

Written by `make build` from `template.yaml` and `layers/agents/oo/bootstrap/settings.py`.

## Parameters of the template

Set them in `stages/STAGE.toml`, under `[parameters]`; `make deploy STAGE=…` brings a changed value into effect
([deploy.md](deploy.md)).

| parameter | default | allowed | meaning |
| --- | --- | --- | --- |
"""
VARIABLES_HEAD = """
## Variables of the functions

The template sets them from its parameters; `make run` passes on those that are set in the terminal.
An empty variable is an unset one. An unusable one does not end a function: its calls answer 503 `config_error`, or
where it is about traces (`MLFLOW_…`, `TRACE_…`) they answer as ever, without traces.

| variable | default | allowed | meaning |
| --- | --- | --- | --- |
"""


def render() -> str:
    """The page as in the repository."""
    text = (ROOT / "template.yaml").read_text()
    parameters = yaml.load(text, TemplateLoader)["Parameters"]  # noqa: S506  # a SafeLoader
    return (
        HEAD
        + "".join(_parameter_row(name, parameter) for name, parameter in parameters.items())
        + VARIABLES_HEAD
        + "".join(_setting_row(name, field) for kind in KINDS for name, field in kind.model_fields.items())
    )


def _parameter_row(name: str, parameter: dict[str, Any]) -> str:
    allowed = ", ".join(map(_value, parameter.get("AllowedValues", [])))
    words = {"MinValue": "from", "MaxValue": "to"}
    bounds = " ".join(f"{word} {parameter[bound]}" for bound, word in words.items() if bound in parameter)
    return _row(name, parameter.get("Default", ""), allowed or bounds, parameter["Description"])


def _setting_row(name: str, field: FieldInfo) -> str:
    allowed = ", ".join(f"`{choice}`" for choice in get_args(field.annotation) if isinstance(choice, str))
    words = {"gt": "over", "ge": "from", "lt": "under", "le": "to"}
    bounds = " ".join(
        f"{word} {getattr(bound, kind):g}"
        for kind, word in words.items()
        for bound in field.metadata
        if hasattr(bound, kind)
    )
    return _row(name.upper(), field.default, allowed or bounds, field.description or "")


def _row(name: str, default: object, allowed: str, meaning: str) -> str:
    return f"| `{name}` | {_value(default)} | {allowed} | {' '.join(meaning.split()).replace('|', chr(92) + '|')} |\n"


def _value(value: object) -> str:
    return "(empty)" if value in ("", None) else f"`{value}`"
