"""A handler that does nothing: the time of Lambda's runtime alone."""

from typing import Any


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer at once."""
    return {"statusCode": 200, "body": "{}"}
