"""One deployment of the service, as `stages/NAME.toml` describes it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.deployment.environment import ROOT
from operations.aws_lookup import NotPossible
from operations.stack.template_parameters import problems, template_document, unusable_settings, with_defaults

FOLDER = ROOT / "stages"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_TAG = re.compile(r"[A-Za-z0-9 _.:/=+@-]{1,256}")
_KEYS = {"stack", "region", "bucket", "parameters", "tags"}


@dataclass(frozen=True)
class Stage:
    """A stack's name, its region, a text for each of the template's parameters, and the tags of all resources.

    `bucket` receives the built code; if it is empty, SAM creates one for the account.
    """

    name: str
    stack: str
    region: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    bucket: str = ""


def read_stage(name: str, folder: Path = FOLDER) -> Stage:
    """Read and check the stage's file. Raises NotPossible, with a sentence per problem."""
    if not _NAME.fullmatch(name):
        raise NotPossible("STAGE has to be a word such as test or prod: small letters, digits and hyphens.")
    path = folder / f"{name}.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotPossible(f"stages/{name}.toml does not exist. Copy stages/example.toml to it, and edit it.") from None
    except (OSError, ValueError) as error:
        raise NotPossible(f"stages/{name}.toml cannot be read: {error}.") from None
    found = list(_problems(name, content))
    if found:
        raise NotPossible("\n".join([f"stages/{name}.toml has to be corrected:", *found]))
    return Stage(
        name,
        content["stack"],
        content["region"],
        with_defaults(template_document(), _given(name, content)),
        content.get("tags", {}),
        content.get("bucket", ""),
    )


def _given(name: str, content: Mapping[str, Any]) -> dict[str, object]:
    """The file's parameters; `Stage` is the file's name unless it is given."""
    return {"Stage": name, **content.get("parameters", {})}


def _problems(name: str, content: Mapping[str, Any]) -> list[str]:
    found = [f"{key} is unknown here: {', '.join(sorted(_KEYS))} are known." for key in content.keys() - _KEYS]
    found += [
        f"{key} is missing: it has to be a text."
        for key in ("stack", "region")
        if not isinstance(content.get(key), str) or not content[key]
    ]
    if not isinstance(content.get("bucket", ""), str):
        found.append("bucket has to be a text.")
    tables = {key: content.get(key, {}) for key in ("parameters", "tags")}
    found += [f"{key} has to be a table: [{key}]." for key, table in tables.items() if not isinstance(table, dict)]
    if found:
        return found
    found += [
        f"The tag {key} has to be a text of letters, digits, spaces and . : / = + - _ @."
        for key, tag in tables["tags"].items()
        if not isinstance(tag, str) or not _TAG.fullmatch(tag)
    ]
    if "Release" in tables["parameters"]:
        found.append("Release is given by `make deploy`, a new one each time. Remove it.")
    wrong = [key for key, value in tables["parameters"].items() if not isinstance(value, str | int | float)]
    if wrong:
        return [*found, *(f"{key} has to be a text or a number." for key in wrong)]
    document = template_document()
    values = with_defaults(document, _given(name, content))
    # A wrong value may be of a kind that the functions' settings cannot be read from.
    return [*found, *(list(problems(document, values)) or unusable_settings(values))]
