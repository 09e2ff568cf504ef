"""The file of a stage: every value is checked before anything is built or sent."""

from pathlib import Path

import pytest

from operations.aws_lookup import NotPossible
from operations.stack.stage import FOLDER, read_stage
from operations.stack.template_parameters import template_document

FILE = """
stack = "tips-test"
region = "eu-central-1"
[parameters]
Architecture = "arm64"
LLMBudgetSeconds = 20
"""


def read(folder: Path, text: str, name: str = "test") -> str:
    """The sentences about a stage's file, empty where it is right."""
    (folder / f"{name}.toml").write_text(text)
    try:
        read_stage(name, folder)
    except NotPossible as problem:
        return str(problem)
    return ""


def test_a_stage_has_a_text_for_every_parameter(tmp_path: Path) -> None:
    """A deployment that leaves a parameter out keeps the stack's former value of it."""
    (tmp_path / "test.toml").write_text(FILE)

    stage = read_stage("test", tmp_path)

    assert (stage.stack, stage.region, stage.tags) == ("tips-test", "eu-central-1", {})
    assert stage.parameters.keys() == template_document()["Parameters"].keys()
    assert [stage.parameters[name] for name in ("Architecture", "LLMBudgetSeconds", "MemorySize", "Stage")] == [
        "arm64",
        "20",
        "1024",
        "test",
    ]


def test_the_example_needs_no_correction() -> None:
    """A copy of it deploys once the addresses are those of the reader."""
    assert read_stage("example", FOLDER).parameters["Deployment"] == "Canary10Percent5Minutes"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('Architectur = "arm64"', "Architectur is no parameter"),
        ('Architecture = "arm"', "Architecture has a value that is not allowed: it is one of x86_64, arm64."),
        ("LLMBudgetSeconds = 28", "LLMBudgetSeconds has a value that is not allowed: it is a number from 1 to 27."),
        ('MemorySize = "large"', "MemorySize has a value"),
        ('LiteLLMKeySecretArn = "sk-a-key-by-mistake"', "LiteLLMKeySecretArn has a value"),
        ('JwtIssuer = "https://issuer.example"', "JwtIssuer requires JwtAudience."),
        ("CorsOrigins = []", "CorsOrigins has to be a text or a number."),
        ('VpcSubnetIds = "subnet-01234567"', "VpcSubnetIds requires VpcSecurityGroupIds."),
        ('DefaultTimezone = "Europe/Atlantis"', "DEFAULT_TIMEZONE ("),
        ('MlflowTrackingUri = "http://mlflow.internal:5000"', "MLFLOW_TRACKING_URI (it has to be https"),
        ('LiteLLMUrl = "http://proxy.internal:4000"', "LITELLM_URL has to be https"),
        ("LLMMaxTokens = 400.5", "Unusable setting: LLM_MAX_TOKENS"),
        ('Experiment = "e-1:orchestrator-1=50,orchestrator-2=49"', "EXPERIMENT"),
        ('Release = "1795761957"', "Release is given by `make deploy`"),
    ],
)
def test_a_wrong_parameter_is_named_before_anything_is_sent(tmp_path: Path, line: str, said: str) -> None:
    told = read(tmp_path, f'stack = "s"\nregion = "r"\n[parameters]\n{line}\n')

    assert said in told
    assert "sk-a-key" not in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "stack is missing"),
        ('stack = "s"\nregion = 1', "region is missing"),
        ('stack = "s"\nregion = "r"\nparameters = 1', "parameters has to be a table"),
        ('stack = "s"\nregion = "r"\nnames = 1', "names is unknown here"),
        ('stack = "s"\nregion = "r"\n[tags]\nteam = 1', "The tag team has to be a text"),
        ("stack =", "cannot be read"),
    ],
)
def test_a_wrong_file_is_told_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    assert said in read(tmp_path, text)


@pytest.mark.parametrize("name", ["", "../secrets", "Prod", "a b"])
def test_a_name_that_is_no_word_reads_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotPossible, match="STAGE has to be a word"):
        read_stage(name, tmp_path)


def test_a_stage_without_a_file_says_which_one_to_copy(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match=r"Copy stages/example\.toml"):
        read_stage("prod", tmp_path)
