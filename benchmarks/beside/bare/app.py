"""A handler that does nothing: what Lambda's runtime takes by itself."""

from typing import Any


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer at once."""
    return {"statusCode": 200, "body": "{}"}
