"""Kinds of values, each with its range in words."""

import re
from typing import Any

import click

_LONGEST_SHOWN = 60
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)


class Number(click.ParamType[float]):
    """A number within a range, whole unless the range is given in fractions."""

    name = "number"

    def __init__(self, least: float, most: float) -> None:
        self._least, self._most = least, most
        self._kind = type(least)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401  # click's own type
        """The number; fails with a sentence that names the variable and its range."""
        if not isinstance(value, str):
            return self._kind(value)
        number = float(value) if _NUMBER.fullmatch(value) else float("nan")
        if not self._least <= number <= self._most or self._kind(number) != number:
            whole = "whole number" if self._kind is int else "number"
            refuse(param, ctx, value, f"a {whole} from {self._least:,.12g} to {self._most:,.12g}")
        return self._kind(number)


class Pattern(click.ParamType[str]):
    """A text that matches a regular expression as a whole; `described` is the expression in words."""

    name = "text"

    def __init__(self, pattern: str, described: str) -> None:
        self._pattern = re.compile(pattern, re.ASCII)
        self._described = described

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401  # click's own type
        """The text; fails with a sentence that names the variable and the texts that it may be."""
        if value and not self._pattern.fullmatch(value):
            refuse(param, ctx, value, self._described)
        return str(value)


def refuse(param: click.Parameter | None, ctx: click.Context | None, value: str, described: str) -> None:
    """End the reading of values with one sentence."""
    name = param.envvar if param else "A value"
    shown = value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…"
    raise click.BadParameter(f"{name} is {shown!r}: it has to be {described}", ctx, param)
