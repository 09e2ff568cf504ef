"""Frozen dataclasses whose methods are shared instead of generated."""

from dataclasses import dataclass, fields
from typing import Any, TypeVar, dataclass_transform

Kind = TypeVar("Kind")


def _compared(instance: Any) -> list[Any]:  # noqa: ANN401  # any dataclass
    return [getattr(instance, field.name) for field in fields(instance) if field.compare]


def _equals(self: object, other: object) -> bool:
    return _compared(self) == _compared(other) if type(other) is type(self) else NotImplemented


def _hash(self: object) -> int:
    return hash(tuple(_compared(self)))


def _shown(self: Any) -> str:  # noqa: ANN401  # any dataclass
    shown = (f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


@dataclass_transform(frozen_default=True)
def frozen(kind: type[Kind]) -> type[Kind]:
    """A dataclass whose instances the type checker keeps from changing; equal and hashed by its fields.

    `dataclass(frozen=True)` generates and compiles the source of six methods per class at each start, and this the
    source of `__init__` alone. `docs/adr/0021-frozen-dataclasses-share-methods.md` has the figures.
    """
    made = dataclass(eq=False, repr=False)(kind)
    made.__eq__, made.__hash__, made.__repr__ = _equals, _hash, _shown  # type: ignore[method-assign]
    return made
