"""Parse a user message by the rules that the prompt gives to a model."""

import json
import re
from typing import Any

BLOCK = re.compile(r"^DATA ([0-9a-f]{12})\n((?:.*\n)*?)END \1$", re.MULTILINE)


def data_rows(user: str) -> list[dict[str, Any]]:
    """The objects of the one data block; fails where there is none, another one, or a line that is no object."""
    blocks = list(BLOCK.finditer(user))
    assert len(blocks) == 1
    rows = [json.loads(line) for line in blocks[0][2].split("\n")[:-1]]
    assert all(isinstance(row, dict) for row in rows)
    return rows


def rows_with(user: str, key: str) -> list[dict[str, Any]]:
    """The block's objects that have a key."""
    return [row for row in data_rows(user) if key in row]
