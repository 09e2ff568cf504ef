"""A function's environment: the template's variables, with the addresses of this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.deployment.template import REGION, Function

ROOT = Path(__file__).resolve().parents[2]
LAYER = ROOT / "layers" / "agents"
LOGS = ROOT / "build" / "logs"
# Needed by any program; nothing in them configures the service.
_HOST_VARIABLES = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")
# Variables that a person at the terminal may set for the functions that declare them.
PASSED_VARIABLES = (
    "ALLOW_PLAIN_HTTP",
    "DEFAULT_PROMPT_VERSION",
    "DEFAULT_RECOMMEND_VERSION",
    "DEFAULT_TIMEZONE",
    "EXPERIMENT",
    "JWT_USER_CLAIM",
    "LITELLM_API_KEY",
    "LITELLM_API_KEY_SECRET",
    "LITELLM_CA_BUNDLE",
    "LITELLM_URL",
    "LLM_BUDGET_S",
    "LLM_MAX_TOKENS",
    "LLM_RESPONSE_FORMAT",
    "LLM_TEMPERATURE",
    "MLFLOW_CA_BUNDLE",
    "MLFLOW_CREDENTIALS_SECRET",
    "MLFLOW_EXPERIMENT_NAME",
    "MLFLOW_TRACE_PROTOCOL",
    "MLFLOW_TRACE_SAMPLING_RATIO",
    "MLFLOW_TRACKING_PASSWORD",
    "MLFLOW_TRACKING_TOKEN",
    "MLFLOW_TRACKING_URI",
    "MLFLOW_TRACKING_USERNAME",
    "POWERTOOLS_LOG_LEVEL",
    "TIP_FALLBACK",
    "TRACE_CONTENT",
    "TRACE_REQUEST",
)
AWS_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_SESSION_TOKEN": "local",
}


@dataclass(frozen=True)
class Surroundings:
    """The settings that differ between machines.

    `host` is this program's own environment; `litellm_url` and `litellm_key` are those of the proxy, or of the stand-in
    for the model.
    """

    host: Mapping[str, str]
    aws_endpoint: str
    litellm_url: str
    litellm_key: str

    def environment(self, function: Function) -> dict[str, str]:
        """All variables in the environment of `function`, without those that Lambda itself sets."""
        declared = function.environment
        given = {name: self.host[name] for name in PASSED_VARIABLES if self.host.get(name)}
        if not given.get("LITELLM_API_KEY_SECRET"):
            given |= {"LITELLM_API_KEY": self.litellm_key, "LITELLM_API_KEY_SECRET": ""}
        given["LITELLM_URL"] = self.litellm_url
        return {
            **host_basics(self.host),
            **declared,
            **{name: text for name, text in given.items() if name in declared},
            **aws_variables(self.aws_endpoint),
            "PYTHONPATH": os.pathsep.join(filter(None, [self.host.get("FUNCTION_PYTHONPATH"), str(LAYER)])),
        }


def host_basics(host: Mapping[str, str]) -> dict[str, str]:
    """The few variables of the host that every program needs."""
    return {name: host[name] for name in _HOST_VARIABLES if name in host} | {
        "PATH": host.get("PATH", str(Path(sys.executable).parent))
    }


def aws_variables(endpoint: str) -> dict[str, str]:
    """The variables that point an AWS client at this machine."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        **AWS_CREDENTIALS,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }
