"""The schemas that pydantic makes of all models, for the built layer: `oo.validation.compiled` reads them.

No document for readers: a JSON text per line, whose objects `$object` and `$new` name classes, functions and members
by their places, so that a schema holds no code.
"""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from enum import Enum
from typing import Any

from pydantic import BaseModel

from oo import bootstrap
from tools.documents.openapi import ROOT

DOCUMENT = ROOT / "layers" / "agents" / "compiled_models.txt"

_NOT_READ = frozenset({"metadata", "post_init", "ref"})
"""Keys of a schema that validation does without: of JSON schemas, of private attributes, of an id in this process."""


def render() -> str:
    """One line per model of the layer, in the order of their places."""
    for module in pkgutil.iter_modules(bootstrap.__path__):
        importlib.import_module(f"oo.bootstrap.{module.name}")
    models = {_place(model): model for model in _models(BaseModel) if model.__module__.startswith("oo.")}
    return "".join(
        f"{place}\t{json.dumps(plain(model.__pydantic_core_schema__), ensure_ascii=False)}\n"
        for place, model in sorted(models.items())
    )


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for one in model.__subclasses__():
        yield one
        yield from _models(one)


def plain(part: object) -> object:
    """A part of a schema as JSON."""
    if isinstance(part, dict):
        return {key: plain(value) for key, value in part.items() if key not in _NOT_READ}
    if isinstance(part, list):
        return [plain(value) for value in part]
    if isinstance(part, BaseModel):
        return {"$new": _default(part)}
    return {"$object": _named(part)} if isinstance(part, Enum) or callable(part) else part


def _default(model: BaseModel) -> str:
    """The place of a model whose default is one without any value."""
    if model.model_fields_set:
        raise ValueError(f"{model!r} is a default with values, which no compiled schema can hold")
    return _place(type(model))


def _named(part: Any) -> str:  # noqa: ANN401  # a member, a method, a class or a function
    if isinstance(part, Enum):
        return f"{_place(type(part))}.{part.name}"
    owner = getattr(part, "__self__", None)
    return _place(part) if owner is None else f"{_place(owner)}.{part.__name__}"


def _place(thing: Any) -> str:  # noqa: ANN401  # as above
    return f"{thing.__module__}:{thing.__qualname__}"
