"""The whole service's OpenAPI document, merged from what each function's own resolver says of its route."""

import importlib.util
import json
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler.openapi import OpenAPIMerge

from oo.contract.limits import MAX_BODY_BYTES, MAX_DEPTH
from oo.gateway import Gateway

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "openapi.json"
TITLE = "oO tip service"
VERSION = "1.0.0"
DESCRIPTION = (
    "One tip at a time: the right task at the right moment. Bodies are JSON objects of at most "
    f"{MAX_BODY_BYTES:,} bytes, nested at most {MAX_DEPTH} levels deep, with finite numbers and valid Unicode; unknown "
    "fields are ignored. Every answer carries the header `x-trace-id`, which follows the caller's `traceparent` where "
    "it sent one."
)


def render() -> str:
    """The document as it stands in the repository."""
    merge = OpenAPIMerge(title=TITLE, version=VERSION, description=DESCRIPTION, on_conflict="error")
    for entry in sorted(ROOT.glob("functions/*/app.py")):
        merge.add_schema(json.loads(load_gateway(entry).resolver.get_openapi_json_schema(title=TITLE, version=VERSION)))
    return json.dumps(_without_stock_errors(merge.get_openapi_schema()), indent=2, ensure_ascii=False) + "\n"


def load_gateway(entry: Path) -> Gateway:
    """The gateway of one function's entry module."""
    spec = importlib.util.spec_from_file_location(f"{entry.parent.name}_app", entry)
    if spec is None or spec.loader is None:
        raise ImportError(str(entry))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    gateway = module.gateway
    if not isinstance(gateway, Gateway):
        raise TypeError(f"{entry} names no gateway")
    return gateway


def _without_stock_errors(document: dict[str, Any]) -> dict[str, Any]:
    """Powertools describes errors of its own shape, also for routes without a body; the gateway answers with none."""
    for operations in document["paths"].values():
        for operation in operations.values():
            if "HTTPValidationError" in json.dumps(operation["responses"].get("422")):
                del operation["responses"]["422"]
            operation["responses"] = dict(sorted(operation["responses"].items()))
    for name in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    return document
