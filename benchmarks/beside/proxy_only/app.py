"""A handler that only calls the proxy, over a reused connection: the time of the proxy and of the runtime."""

import http.client
import json
import os
from typing import Any

BODY = json.dumps({"model": "tip-generator", "messages": [{"role": "user", "content": "x" * 5_000}]})

proxy = http.client.HTTPConnection(os.environ["LITELLM_URL"].removeprefix("http://"))


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the proxy's response."""
    proxy.request("POST", "/chat/completions", BODY, {"content-type": "application/json"})
    return {"statusCode": 200, "body": proxy.getresponse().read().decode()}
