"""The modules that a function's process loads at its start, which is most of a cold start."""

from collections.abc import Iterable

from local.deployment.template import Function

NEVER = frozenset(
    {
        "aws_lambda_powertools.event_handler",
        "aws_xray_sdk",
        "fastapi",
        "google.protobuf",
        "mlflow",
        "opentelemetry",
        "requests",
    }
)
"""No request needs them; exports may, after the answer."""

AWS = frozenset({"boto3", "botocore.session"})
AGENTS = frozenset({"oo.agents.deadline_pressure.agent", "oo.agents.tip_receptivity"})
RULES = frozenset({"datalogic_py"})
MODEL = frozenset({"httpx"})
EXPERIMENT = frozenset({"oo.tips.experiment"})
BREAKER = frozenset({"aws_lambda_powertools.utilities.circuit_breaker"})

LOADS = {
    "HealthFunction": frozenset[str](),
    "RegistryFunction": AGENTS,
    "ComputeFunction": AGENTS,
    "ComputeWorkerFunction": AGENTS | RULES | AWS,
    "InferFunction": AGENTS,
    "RecommendFunction": MODEL,
    "GenerateFunction": MODEL,
    "PrecomputeFunction": AGENTS | RULES | AWS,
    "FeedbackFunction": AWS,
    "FeedbackWorkerFunction": AWS,
}
"""The expensive modules that each loads without AWS: no table of outputs, no secret, no circuit is set."""

WITHOUT_AWS = {"AGENT_OUTPUTS_TABLE": "", "LITELLM_API_KEY_SECRET": "", "LLM_CIRCUIT_TABLE": ""}
"""Settings for functions that can do without."""


def dear(modules: Iterable[str]) -> frozenset[str]:
    """Which of the modules are among those that only some functions may load, or none."""
    return (NEVER | AWS | AGENTS | RULES | MODEL | EXPERIMENT | BREAKER) & frozenset(modules)


def settings(function: Function) -> dict[str, str]:
    """The settings with which a function loads the fewest modules."""
    return {} if LOADS[function.name] >= AWS else WITHOUT_AWS
