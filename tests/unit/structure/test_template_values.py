"""Values that cannot work are refused by the template itself, before a function meets them."""

from operations.stack.template_parameters import problems, template_document
from testing.for_each import for_each
from tools.documents import template_versions
from tools.prompts.released_versions import FOR_CANDIDATES, FOR_TIPS

DOCUMENT = template_document()
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:tips/litellm"

REFUSED: dict[str, tuple[str, ...]] = {
    "LiteLLMUrl": (
        *("http://localhost:4000", "https://localhost", "http://LOCALHOST:4000/v1", "http://127.0.0.1:4000"),
        *("http://127.1:4000", "http://[::1]:4000", "http://0.0.0.0:4000", "http://localhost./", "https://x.localhost"),
        *("proxy.internal:4000", "localhost:4000", "proxy", "ftp://proxy.internal", "https://", "https:///v1"),
        *("https://proxy.internal/v1/chat/completions", "https://proxy.internal/chat/completions/"),
        *("https://user:pw@proxy.internal", "https://proxy.internal?key=pw", "https://proxy.internal#x", "https://a b"),
    ),
    "MlflowTrackingUri": (
        *("localhost:5000", "http://localhost:5000", "http://127.0.0.1:5000", "http://[::1]:5000", "mlflow.internal"),
        *("databricks", "file:///mlruns", "sqlite:///mlflow.db", "https://svc:pw@mlflow", "https://mlflow/?token=pw"),
    ),
    "DefaultPromptVersion": ("v9", "", "orchestrator-2", "v2-grounded "),
    "DefaultRecommendVersion": ("orchestrator-9", "", "v2-grounded"),
    "Experiment": (
        *("tone:orchestrator-1=50,orchestrator-9=50", "tone:slider-101=50,slider-1=50", "tone:v2-grounded=50,v1=50"),
        *("tone:orchestrator-1=100", "orchestrator-1=50,orchestrator-2=50", "tone:orchestrator-1=200,orchestrator-2=1"),
    ),
    **dict.fromkeys(
        ("LiteLLMKeySecretArn", "PseudonymKeySecretArn", "MlflowCredentialsSecretArn"),
        (SECRET, f"{SECRET}-", f"{SECRET}-AbCdE", f"{SECRET}-??????", "tips/litellm-AbCdEf", "sk-1234"),
    ),
    **dict.fromkeys(
        ("LiteLLMCaBundle", "MlflowCaBundle"),
        (SECRET, "ca.pem", "/etc/ssl/ca.pem", "https://x/ca.pem", "-----BEGIN CERTIFICATE-----"),
    ),
    "AllowPlainHttp": ("", "yes", "True"),
    "PermissionsBoundaryArn": ("boundary", "arn:aws:iam::123456789012:role/boundary"),
    "VpcSubnetIds": ("sg-01234567", "subnet-01234567;subnet-01234568", "subnet-xyz"),
    "VpcSecurityGroupIds": ("subnet-01234567", "default"),
    "DomainName": ("https://tips.example.com", "tips", "tips.example.com/", "Tips.Example.com"),
    "CertificateArn": ("arn:aws:iam::123456789012:server-certificate/x", "tips.example.com"),
    "OkTopicArn": ("alarms", "arn:aws:sns:eu-central-1:123456789012:alarms.fifo"),
    "LiteLLMKeySecretKmsKeyArn": ("alias/tips", "arn:aws:kms:eu-central-1:123456789012:alias/tips"),
    "DeletionProtection": ("off", "true"),
    "RunbookUrl": ("docs/operations.md", "https://wiki.example/tips#alarms"),
    "Stage": ("a stage", "ü"),
    "Release": ("1", "179576195", "1795761957 x"),
}

TAKEN: dict[str, tuple[str, ...]] = {
    "LiteLLMUrl": (
        *("", "https://proxy.internal", "https://proxy.internal:4000/v1", "http://proxy.internal:4000"),
        *("https://localhost.example.com", "https://10.0.0.7", "https://[fd00::7]:4000", "https://completions.example"),
    ),
    "MlflowTrackingUri": ("", "https://mlflow.example:5000/base", "http://mlflow.internal:5000"),
    "DefaultPromptVersion": FOR_CANDIDATES,
    "DefaultRecommendVersion": FOR_TIPS,
    "Experiment": ("", "tone-2:orchestrator-1=50,orchestrator-2=50", "s:slider-0=0,slider-100=100,slider-25=0"),
    "LiteLLMKeySecretArn": ("", f"{SECRET}-AbCdEf"),
    "LiteLLMCaBundle": ("", "/opt/ca/company.pem", f"{SECRET}-AbCdEf"),
    "VpcSubnetIds": ("", "subnet-01234567", "subnet-01234567,subnet-0123456789abcdef0"),
    "PermissionsBoundaryArn": (
        "",
        "arn:aws:iam::123456789012:policy/team/boundary",
        "arn:aws:iam::aws:policy/Boundary",
    ),
    "DomainName": ("", "tips.example.com"),
    "Release": ("", "1795761957", "1795761957-3359fc0-dirty"),
}


def is_taken(parameter: str, value: str) -> bool:
    """Whether the parameter itself takes the value; rules look at several parameters."""
    return not any(problem.startswith(f"{parameter} has a value") for problem in problems(DOCUMENT, {parameter: value}))


@for_each("parameter", REFUSED)
def test_a_value_that_cannot_work_is_refused(parameter: str) -> None:
    assert [value for value in REFUSED[parameter] if is_taken(parameter, value)] == []


@for_each("parameter", TAKEN)
def test_a_value_that_works_is_taken(parameter: str) -> None:
    assert [value for value in TAKEN[parameter] if not is_taken(parameter, value)] == []


def test_prompt_versions_are_those_of_the_code() -> None:
    """The lists are generated: a new version needs no change by hand."""
    assert template_versions.render() == template_versions.DOCUMENT.read_text()
