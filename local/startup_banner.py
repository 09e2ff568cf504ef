"""The output once all parts listen: for a person, and for a program."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from local.deployment.environment import aws_variables
from local.example import curl
from local.local_stack import Assembly
from local.settings import LocalSettings
from local.terminal import shown_address, shown_path


def as_text(assembly: Assembly, settings: LocalSettings) -> str:
    """The address of each part, the AWS variables to paste, and an example request."""
    model = "" if settings.litellm_url else " (a stand-in: no language model, no network)"
    traces = settings.host.get("MLFLOW_TRACKING_URI")
    exports = [f"{name}={text}" for name, text in aws_variables(assembly.aws_endpoint).items()]
    lines = [
        f"The API listens on {assembly.base_url}",
        f"API docs: {assembly.base_url}/docs",
        f"AWS listens on {assembly.aws_endpoint}; for boto3 or the aws command:",
        f"  export {' '.join(exports)}",
        *(f"  {queue.name:26} {queue.url}" for queue in assembly.template.queues.values()),
        *(f"  {name:26} table" for name in assembly.template.tables),
        f"The model's address is {shown_address(assembly.model_url)}{model}",
        f"Traces go to {shown_address(traces)}" if traces else "No traces are sent: MLFLOW_TRACKING_URI is not set",
        f"Log lines go to {_place(assembly.log_file)}",
        *(["A changed source file restarts the functions that use it."] if settings.for_a_person else []),
        "Ctrl-C ends everything. To see a tip:",
        "",
        curl(assembly.base_url),
        "",
    ]
    return "\n".join(lines)


def _place(log_file: Path | None) -> str:
    return f"{shown_path(log_file)} (LOGS=json: to the terminal)" if log_file else "standard error"


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
