"""Preferences: their declaration in a manifest, and the reading of incoming values."""

from collections.abc import Mapping, Sequence
from math import exp, log
from typing import cast

from oo.agent_kit.manifest import InferredParam, Manifest
from oo.frozen import frozen
from oo.snapshot.numbers import clamp, finite_number
from oo.snapshot.rows import is_blank
from oo.statistics.shrinkage import posterior_mean

Property = Mapping[str, object]


def preferences_schema(properties: Mapping[str, Property]) -> dict[str, object]:
    """A flat JSON Schema (draft-07) of the preferences every agent has and the given ones."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "enabled": flag("Use this helper", "Turn it off to stop its tips.", default=True),
            **properties,
            "timezone": {
                "type": "string",
                "title": "Time zone",
                "description": "IANA name; empty uses the device's zone.",
                "maxLength": 64,
                "default": "",
            },
        },
    }


def flag(title: str, description: str, *, default: bool) -> Property:
    """A yes-or-no preference."""
    return {"type": "boolean", "title": title, "description": description, "default": default}


def whole_number(
    title: str, description: str, low: int, high: int, *, default: int | None = None, learned: bool = False
) -> Property:
    """An integer preference in [low, high]; without a default it may be unset."""
    return _bounded("integer", title, description, low, high, default, learned=learned)


def decimal(
    title: str,
    description: str,
    low: float,
    high: float,
    *,
    default: float | None = None,
    learned: bool = False,
) -> Property:
    """A number preference in [low, high]; without a default it may be unset."""
    return _bounded("number", title, description, low, high, default, learned=learned)


def choice(
    title: str, description: str, options: Sequence[str], *, default: str | None = None, learned: bool = False
) -> Property:
    """A preference with a few allowed words; without a default it may be unset."""
    schema = {"type": "string", "title": title, "description": description, "enum": list(options)}
    return {**schema, **({"readOnly": True} if learned else {}), **({} if default is None else {"default": default})}


def text_list(title: str, description: str, *, default: Sequence[str]) -> Property:
    """A list of distinct short texts."""
    return {
        "type": "array",
        "title": title,
        "description": description,
        "items": {"type": "string", "maxLength": 64},
        "maxItems": 50,
        "uniqueItems": True,
        "default": list(default),
    }


def whole_number_list(title: str, description: str, low: int, high: int) -> Property:
    """A list of distinct integers in [low, high], empty by default."""
    return {
        "type": "array",
        "title": title,
        "description": description,
        "items": {"type": "integer", "minimum": low, "maximum": high},
        "maxItems": high - low + 1,
        "uniqueItems": True,
        "default": [],
    }


def _bounded(
    kind: str, title: str, description: str, low: float, high: float, default: float | None, *, learned: bool
) -> Property:
    schema: dict[str, object] = {
        "type": kind,
        "title": title,
        "description": description,
        "minimum": low,
        "maximum": high,
    }
    if learned:
        schema["readOnly"] = True
    if default is not None:
        schema["default"] = default
    return schema


@frozen
class Preferences:
    """An agent's preferences after reading: every declared key, None if unset.

    `sources` has `user` or `inferred` for the keys for which the caller sent it; it changes wording only. `unreadable`
    are the keys of values that could not be read and have their defaults. `given` are the keys of values that were
    read, which may equal their defaults.
    """

    values: Mapping[str, object]
    sources: Mapping[str, str]
    unreadable: tuple[str, ...] = ()
    given: frozenset[str] = frozenset()

    def number(self, key: str) -> float:
        """A numeric preference that has a default."""
        return cast("float", self.values[key])

    def optional_number(self, key: str) -> float | None:
        """A numeric preference that may be unset."""
        return cast("float | None", self.values[key])

    def flag(self, key: str) -> bool:
        """A boolean preference."""
        return cast("bool", self.values[key])

    def text(self, key: str) -> str:
        """A text that has a default."""
        return cast("str", self.values[key])

    def optional_text(self, key: str) -> str | None:
        """A text that may be unset."""
        return cast("str | None", self.values[key])

    def texts(self, key: str) -> Sequence[str]:
        """A list of texts."""
        return cast("Sequence[str]", self.values[key])

    def whole_numbers(self, key: str) -> Sequence[int]:
        """A list of integers."""
        return cast("Sequence[int]", self.values[key])


def read_preferences(manifest: Manifest, given: object) -> Preferences:
    """The declared preferences: numbers clamped into range; null or a wrong type gives the default. Never raises."""
    raw = given if isinstance(given, Mapping) else {}
    unreadable, given_keys = [], set()
    values = {}
    for key, schema in manifest.preferences.items():
        value = raw.get(key)
        read = None if value is None else _read(schema, value)
        values[key] = schema.get("default") if read is None else read
        if read is not None:
            given_keys.add(key)
        elif not is_blank(value):
            unreadable.append(key)
    named = raw.get("_sources")
    sources = named if isinstance(named, Mapping) else {}
    told = {k: s for k, s in sources.items() if k in values and s in ("user", "inferred")}
    return Preferences(values, told, tuple(unreadable), frozenset(given_keys))


def accepts(schema: Property, value: object) -> bool:
    """Whether the value is valid for one declared property without clamping."""
    if value is None:
        return False
    read = _read(schema, value)
    return read == value and isinstance(read, bool) == isinstance(value, bool)


def _read(schema: Property, value: object) -> object:
    """The value of a declared property, None for an unusable one."""
    reader = _READERS[cast("str", schema["type"])]
    read = reader(schema, value)
    if read is None or ("enum" in schema and read not in cast("Sequence[object]", schema["enum"])):
        return None
    return read


def _read_flag(_schema: Property, value: object) -> object:
    return value if isinstance(value, bool) else None


def _read_number(schema: Property, value: object) -> object:
    number = finite_number(value)
    if number is None:
        return None
    low, high = (cast("float", schema.get(bound, number)) for bound in ("minimum", "maximum"))
    return clamp(number, low, high)


def _read_whole_number(schema: Property, value: object) -> object:
    number = cast("float | None", _read_number(schema, value))
    return int(number) if number is not None and number == int(number) else None


def _read_text(schema: Property, value: object) -> object:
    longest = cast("int", schema.get("maxLength", 256))
    return value if isinstance(value, str) and len(value) <= longest else None


def _read_list(schema: Property, value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) > cast("int", schema.get("maxItems", 100)):
        return None
    item_schema = cast("Property", schema["items"])
    items = [item for item in value if accepts(item_schema, item)]
    return list(dict.fromkeys(items)) if len(items) == len(value) else None


_READERS = {
    "boolean": _read_flag,
    "number": _read_number,
    "integer": _read_whole_number,
    "string": _read_text,
    "array": _read_list,
}


def is_supported(param: InferredParam, n: int, n_eff: float) -> bool:
    """Whether `n` observations with an effective number of `n_eff` pass the parameter's gate."""
    return n >= param.min_n and n_eff >= param.min_n_eff


def shrink(param: InferredParam, raw: float, n_eff: float) -> float:
    """The raw estimate shrunk toward the parameter's prior, clamped and rounded.

    With `scale` "log" the logarithms are shrunk: for positive quantities that vary by factors.
    """
    own_size = cast("float | None", param.args.get("shrink_k"))
    value = float(raw)
    if own_size is not None and param.prior is not None:
        if param.args.get("scale") == "log":
            value = exp(posterior_mean(log(value), n_eff, log(param.prior), own_size))
        else:
            value = posterior_mean(value, n_eff, param.prior, own_size)
    if param.clamp:
        value = clamp(value, *param.clamp)
    if param.round:
        # The sum turns a negative zero into zero.
        value = round(round(value / param.round) * param.round, 6) + 0.0
    modulo = cast("float | None", param.args.get("modulo"))
    return value % modulo if modulo else value
