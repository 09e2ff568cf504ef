"""Prints SAM templates as plain CloudFormation: `.venv-sam/bin/python tests/template/expand.py TEMPLATE LAYER < SETS`.

SETS is a JSON list of objects of parameters, and the output a JSON list of templates. It runs in the environment of the
SAM CLI, whose samtranslator is the transform that AWS itself runs. Parameters have their defaults where none is given.
LAYER is where the layer's content lies, which is another place after each change of it. No account is asked.
"""

import copy
import json
import sys
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse  # type: ignore[import-not-found]  # in the SAM CLI's environment only
from samtranslator.parser.parser import Parser  # type: ignore[import-not-found]  # as above
from samtranslator.translator.translator import Translator  # type: ignore[import-not-found]  # as above


class _Session:
    """The transform's question to boto3: for which region, and so for which partition, it works."""

    region_name = "us-east-1"

    def get_partition_for_region(self, _: str) -> str:
        """The partition of the region above."""
        return "aws"


def expand(template: dict[str, Any], given: dict[str, str], layer: str) -> dict[str, Any]:
    """The template after the transform; raises InvalidDocumentException for a template that SAM rejects."""
    declared = template.get("Parameters", {})
    values = {name: one["Default"] for name, one in declared.items() if "Default" in one} | given
    for resource in template["Resources"].values():
        _say_where_code_is(resource, layer)
    expanded: dict[str, Any] = Translator({}, Parser(), boto_session=_Session()).translate(template, values)
    return expanded


def _say_where_code_is(resource: dict[str, Any], layer: str) -> None:
    """`sam deploy` uploads code and puts its place in; the transform takes nothing but such a place."""
    for name, key in {"CodeUri": "function", "ContentUri": layer}.items():
        if name in resource.get("Properties", {}):
            resource["Properties"][name] = f"s3://bucket/{key}"


if __name__ == "__main__":
    document = yaml_parse(Path(sys.argv[1]).read_text(encoding="utf-8"))
    json.dump([expand(copy.deepcopy(document), given, sys.argv[2]) for given in json.load(sys.stdin)], sys.stdout)
