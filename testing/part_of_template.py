"""The project's template with fewer functions or other parameters, for a system of a test's own."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from local.deployment.environment import ROOT
from local.deployment.intrinsics import TemplateLoader


def part_of_template(
    folder: Path, *, functions: Collection[str] = (), parameters: Mapping[str, str] | None = None
) -> Path:
    """Write it into the folder: with these functions alone, or with all, and with these defaults of parameters.

    A system starts a process for each function, which takes half a second of processor time.
    """
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, TemplateLoader)  # noqa: S506  # a SafeLoader
    resources = document["Resources"]
    document["Resources"] = {
        name: resource
        for name, resource in resources.items()
        if not functions or resource["Type"] != "AWS::Serverless::Function" or name in functions
    }
    missing = set(functions) - document["Resources"].keys()
    assert not missing, missing
    for name, value in (parameters or {}).items():
        document["Parameters"][name]["Default"] = value
    (folder / "functions").symlink_to(ROOT / "functions")
    path = folder / "template.yaml"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
