"""Models of data from outside: pydantic's own in the sources, compiled ones in the built layer."""

from pathlib import Path

COMPILED = Path(__file__).with_name("compiled_models.txt")
"""One line per model: its place as `oo.contract.tips:Tip`, a tab, its schema as JSON. Only the built layer has it."""
