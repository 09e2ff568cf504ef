"""A handler that only asks the proxy, over a connection that it keeps: the proxy's own time, and the runtime's."""

import http.client
import json
import os
from typing import Any

BODY = json.dumps({"model": "tip-generator", "messages": [{"role": "user", "content": "x" * 5_000}]})

proxy = http.client.HTTPConnection(os.environ["LITELLM_URL"].removeprefix("http://"))


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Pass the proxy's answer on."""
    proxy.request("POST", "/chat/completions", BODY, {"content-type": "application/json"})
    return {"statusCode": 200, "body": proxy.getresponse().read().decode()}
