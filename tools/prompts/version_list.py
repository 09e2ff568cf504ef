"""The source of the list of versions, changed: a version is added as an unreleased one, and released later."""

import re
from collections.abc import Sequence
from pathlib import Path

from commands.program import UnusableValue

FOLDER = Path("layers/agents/oo/prompts/versions")
REGISTER = FOLDER / "__init__.py"

_UNRELEASED = "UNRELEASED: tuple[str, ...]"
_NAME = r'"[^"\n]+"'


def with_version(source: str, tuple_name: str, name: str) -> str:
    """With the name as the last one of that tuple, and among those that are not released. Raises UnusableValue."""
    source = _with_names(source, tuple_name, [*_names(source, tuple_name), name])
    return _with_names(source, _UNRELEASED, [*_names(source, _UNRELEASED), name])


def with_release(source: str, name: str) -> str:
    """With the name among those that are not released no more. Raises UnusableValue."""
    return _with_names(source, _UNRELEASED, [each for each in _names(source, _UNRELEASED) if each != name])


def _names(source: str, variable: str) -> list[str]:
    found = _assignment(variable).findall(source)
    if len(found) != 1:
        message = f"{REGISTER} has not the form this program knows"
        raise UnusableValue(message)
    return [name.strip('"') for name in re.findall(_NAME, found[0])]


def _with_names(source: str, variable: str, names: Sequence[str]) -> str:
    # As the formatter writes it: a single name stays on the line.
    lines = "".join(f'\n    "{name}",' for name in names)
    written = lines.strip() if len(names) == 1 else lines and f"{lines}\n"
    return _assignment(variable).sub(lambda _: f"{variable} = ({written})\n", source)


def _assignment(variable: str) -> re.Pattern[str]:
    """The whole assignment; its group is the inside of the parentheses."""
    return re.compile(rf"^{re.escape(variable)} = \(((?:\s*{_NAME},)*\s*)\)\n", re.MULTILINE)
