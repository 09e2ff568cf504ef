"""The output once all parts listen: for a person, and for a program."""

from __future__ import annotations

import json
import os
import shlex
from datetime import UTC, datetime
from typing import Any

from local import example
from local.deployment.environment import aws_variables
from local.local_stack import Assembly
from local.settings import LocalSettings


def as_text(assembly: Assembly, settings: LocalSettings) -> str:
    """The address of each part, the AWS variables to paste, and an example request."""
    model = "" if settings.litellm_url else " (a stand-in: no language model, no network)"
    exports = [f"  export {name}={text}" for name, text in aws_variables(assembly.aws_endpoint).items()]
    routes = [f"  {route.key:32} {route.function}" for route in assembly.template.routes]
    lines = [
        f"The service listens on {assembly.base_url}",
        *routes,
        f"AWS listens on {assembly.aws_endpoint}; for boto3 or the aws command:",
        *exports,
        *(f"  {queue.name:32} {queue.url}" for queue in assembly.template.queues.values()),
        *(f"  {name:32} table" for name in assembly.template.tables),
        f"The model's address is {assembly.model_url}{model}",
        f"Traces go to {settings.host.get('MLFLOW_TRACKING_URI') or 'nowhere: MLFLOW_TRACKING_URI is not set'}",
        "Logs are on standard error. Ctrl-C ends everything. To see a tip:",
        "",
        curl(assembly.base_url, datetime.now(UTC)),
        "",
    ]
    return "\n".join(lines)


def as_document(assembly: Assembly) -> dict[str, Any]:
    """The same for a program: addresses, queue URLs and table names by their names in the template."""
    return {
        "pid": os.getpid(),
        "base_url": assembly.base_url,
        "aws_endpoint": assembly.aws_endpoint,
        "model_url": assembly.model_url,
        "queues": {queue.name: queue.url for queue in assembly.template.queues.values()},
        "tables": list(assembly.template.tables),
        "problems": assembly.problems,
    }


def curl(base_url: str, now: datetime) -> str:
    """A command that requests a tip, to be pasted into a shell."""
    body = {"user_id": example.USER, "tasks": example.tasks(now), "timezone": example.TIMEZONE}
    command = ["curl", "-s", f"{base_url}/recommend", "-H", "content-type: application/json", "-d"]
    return shlex.join([*command, json.dumps(body, ensure_ascii=False)])
