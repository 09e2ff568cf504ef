"""The documents of the last release in the repository."""

import tomllib
from pathlib import Path

RELEASED = "docs/released"
DOCUMENTS = ("docs/openapi.json", "docs/registry.json", "docs/prompts.json", "docs/messages.json")
"""The generated documents that callers and producers depend on, by their paths in the repository."""


def version(root: Path) -> str:
    """The version of the last release, as `pyproject.toml` has it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found: str = project["project"]["version"]
    return found
