import ast
import re
from pathlib import Path

import pytest
import yaml

from local.deployment.intrinsics import TemplateLoader
from local.deployment.template import STACK, Function, Template, load
from oo.bootstrap.settings import Settings, TraceSettings
from oo.contract.routes import ROUTES
from testing.setting_variables import VARIABLES

ROOT = Path(__file__).parents[3]
TEMPLATE = load(ROOT / "template.yaml", aws_endpoint="http://127.0.0.1:3001")
FUNCTIONS = list(TEMPLATE.functions.values())


@pytest.fixture
def template() -> Template:
    return TEMPLATE


def entry_file(function: Function) -> Path:
    return function.folder / f"{function.handler.partition('.')[0]}.py"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_function_has_its_handler(function: Function) -> None:
    """The handler that the template names is a module-level name of the entry."""
    entry = entry_file(function)
    names = [
        target.id
        for statement in ast.parse(entry.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    ]

    assert function.handler.partition(".")[2] in names


def test_every_entry_is_deployed(template: Template) -> None:
    """No entry lies about that no function runs."""
    assert {entry_file(function) for function in template.functions.values()} == set((ROOT / "functions").rglob("*.py"))


def test_the_routes_are_the_contracts(template: Template) -> None:
    """The gateway answers from one list, API Gateway from the other."""
    deployed = {(route.method, route.path) for route in template.routes if route.key != "$default"}

    assert deployed == {(route.method, route.path) for route in ROUTES}


def test_everything_else_gets_an_answer_of_our_own(template: Template) -> None:
    """Unknown paths and verbs reach the service instead of API Gateway's own error."""
    assert [route.function for route in template.routes if route.key == "$default"] == ["HealthFunction"]


def test_each_route_leads_to_the_function_named_like_it(template: Template) -> None:
    """The path's last word is the function's folder."""
    leading = {route.path: template.functions[route.function].folder.name for route in template.routes}
    del leading["$default"]

    assert leading == {path: path.rpartition("/")[2] for path in leading}


def test_the_queues_lead_to_their_workers(template: Template) -> None:
    """Each queue has one worker, in the folder of its task."""
    assert {
        subscription.queue: template.functions[subscription.function].folder.name
        for subscription in template.subscriptions
    } == {"PrecomputeQueue": "precompute", "ComputeQueue": "compute", "FeedbackQueue": "feedback"}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_variable_is_read_by_somebody(function: Function) -> None:
    """A variable is one of the settings, one of Powertools' own, or one that boto3, pydantic or MLflow reads."""
    others = {"AWS_ENDPOINT_URL", "MLFLOW_DISABLE_TELEMETRY", "PYDANTIC_DISABLE_PLUGINS"}

    assert {name for name in function.environment if not name.startswith("POWERTOOLS_")} <= VARIABLES | others


def test_every_setting_can_be_set(template: Template) -> None:
    """A setting that no template declares could not be changed after a deployment: `sam local` passes nothing else."""
    declared = {name for function in template.functions.values() for name in function.environment}

    assert declared >= VARIABLES


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_the_templates_defaults_are_the_settings_defaults(function: Function) -> None:
    """A deployment without parameters behaves as the code does without variables."""
    wired = {name for name in Settings.model_fields if name.endswith(("_queue_url", "_outputs_table"))}

    deployed = Settings.from_environment(function.environment).model_dump(exclude=wired)

    assert deployed == Settings().model_dump(exclude=wired)
    assert TraceSettings.from_environment(function.environment) == TraceSettings(stage=STACK)


@pytest.mark.parametrize(
    ("function", "variables"),
    [
        ("HealthFunction", {"PRECOMPUTE_QUEUE_URL", "AGENT_OUTPUTS_TABLE"}),
        ("RecommendFunction", {"AGENT_OUTPUTS_TABLE", "LITELLM_URL", "LITELLM_API_KEY", "LITELLM_API_KEY_SECRET"}),
        ("RecommendFunction", {"LLM_BUDGET_S", "TIP_FALLBACK", "DEFAULT_RECOMMEND_VERSION", "EXPERIMENT"}),
        ("RecommendFunction", {"TRACE_REQUEST", "TRACE_CONTENT", "MLFLOW_TRACE_SAMPLING_RATIO"}),
        ("GenerateFunction", {"LITELLM_URL", "LITELLM_API_KEY", "LITELLM_API_KEY_SECRET", "LLM_BUDGET_S"}),
        ("GenerateFunction", {"DEFAULT_PROMPT_VERSION"}),
        ("PrecomputeFunction", {"COMPUTE_QUEUE_URL"}),
        ("ComputeWorkerFunction", {"AGENT_OUTPUTS_TABLE", "DEFAULT_TIMEZONE"}),
        ("FeedbackFunction", {"FEEDBACK_QUEUE_URL", "TRACE_CONTENT", "PSEUDONYM_KEY_SECRET"}),
        ("FeedbackWorkerFunction", {"FEEDBACK_DEAD_LETTER_QUEUE_URL", "MLFLOW_TRACKING_URI"}),
        ("FeedbackWorkerFunction", {"MLFLOW_TRACE_SAMPLING_RATIO", "PSEUDONYM_KEY_SECRET"}),
        ("PrecomputeFunction", {"DEFAULT_TIMEZONE"}),
        ("ComputeFunction", {"DEFAULT_TIMEZONE"}),
        ("InferFunction", {"DEFAULT_TIMEZONE"}),
        ("RecommendFunction", {"DEFAULT_TIMEZONE"}),
        ("GenerateFunction", {"DEFAULT_TIMEZONE"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(sorted(value)),
)
def test_a_function_is_given_what_it_reads(template: Template, function: str, variables: set[str]) -> None:
    """Each function finds its own settings declared."""
    assert variables <= set(template.functions[function].environment)


def test_the_wiring_names_the_templates_own_parts(template: Template) -> None:
    """Precompute's jobs reach the queue that compute reads, and recommend reads the table that compute writes."""
    environment = {name: function.environment for name, function in template.functions.items()}

    assert environment["PrecomputeFunction"]["COMPUTE_QUEUE_URL"] == template.queues["ComputeQueue"].url
    assert environment["HealthFunction"]["PRECOMPUTE_QUEUE_URL"] == template.queues["PrecomputeQueue"].url
    assert environment["FeedbackFunction"]["FEEDBACK_QUEUE_URL"] == template.queues["FeedbackQueue"].url
    given_up = template.queues["FeedbackQueue"].dead_letter_queue or ""
    assert environment["FeedbackWorkerFunction"]["FEEDBACK_DEAD_LETTER_QUEUE_URL"] == template.queues[given_up].url
    named = {variables.get("AGENT_OUTPUTS_TABLE") for variables in environment.values()}
    assert named == {"AgentOutputsTable", None}


def test_an_arn_of_a_secret_is_whole() -> None:
    """IAM compares whole ARNs, so one without its six last characters deploys nothing that can be read."""
    parameters = yaml.load((ROOT / "template.yaml").read_text(), TemplateLoader)["Parameters"]  # noqa: S506  # a SafeLoader
    secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:tips/litellm"  # an ARN
    given = ["", f"{secret}-AbCdEf", secret, f"{secret}-", f"{secret}-AbCdE", f"{secret}-??????", "tips/litellm-AbCdEf"]

    for name in ("LiteLLMKeySecretArn", "PseudonymKeySecretArn", "MlflowCredentialsSecretArn"):
        taken = [arn for arn in given if re.search(parameters[name]["AllowedPattern"], arn)]
        assert taken == ["", f"{secret}-AbCdEf"]


def test_the_breaker_is_off_unless_a_parameter_switches_it_on(template: Template) -> None:
    """Without it there is no table, and no reader of one."""
    assert "CircuitTable" not in template.tables
    assert template.functions["RecommendFunction"].environment["LLM_CIRCUIT_TABLE"] == ""


def test_the_breakers_parameter_gives_both_functions_one_table() -> None:
    """Keyed as Powertools' breaker keys it."""
    switched_on = load(ROOT / "template.yaml", aws_endpoint="http://x", parameters={"LLMCircuitBreaker": "on"})
    tables = {function.environment.get("LLM_CIRCUIT_TABLE") for function in switched_on.functions.values()}

    assert tables == {"CircuitTable", None}
    assert switched_on.tables["CircuitTable"].definition["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert switched_on.tables["CircuitTable"].ttl_attribute == "ttl"


def test_the_scaling_page_counts_with_the_templates_defaults() -> None:
    """Its first row is a deployment without parameters, and its sum is the one that the page gives."""
    page = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")
    [row] = re.findall(r"^\| the defaults \| (\d+) \| (\d+) \| (\d+) \| .* = \*\*(\d+)\*\* \|$", page, re.MULTILINE)
    rate, budget_s, batches, together = map(int, row)

    parameters = yaml.load((ROOT / "template.yaml").read_text(), TemplateLoader)["Parameters"]  # noqa: S506  # a SafeLoader
    names = ("ThrottleRate", "LLMBudgetSeconds", "WorkerMaximumConcurrency")
    assert [parameters[name]["Default"] for name in names] == [rate, budget_s, batches]
    assert rate * budget_s + 2 * batches == together <= 900


@pytest.mark.parametrize("name", ["LiteLLMUrl", "MlflowTrackingUri"])
def test_an_address_with_credentials_is_refused_by_the_template(name: str) -> None:
    """A parameter shows in the console, so a password has no place in it."""
    parameters = yaml.load((ROOT / "template.yaml").read_text(), TemplateLoader)["Parameters"]  # noqa: S506  # a SafeLoader
    given = ("https://svc:pw@host", "https://svc:1/2@host/x", "https://host/?token=pw", "https://host#pw")

    assert [uri for uri in given if re.search(parameters[name]["AllowedPattern"], uri)] == []
    assert re.search(parameters[name]["AllowedPattern"], "https://host:5000/base")
