"""The steps of docs/deploy.md against AWS as this machine serves it: the key, the stack's address, a tip.

Its gateway does not check signatures, so that the test reads them from the request.
"""

import io
import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.deployment.environment import aws_variables
from local.system import LocalSystem
from operations.stack import secret, smoke
from operations.stack.stage import read_stage
from testing.raw_server import Connection, serving

REGION = "us-east-1"
KEY = "sk-planted-key-7f2c"
FILE = f"""
stack = "tips-test"
region = "{REGION}"
[parameters]
LiteLLMUrl = "https://litellm.example.com"
LiteLLMKeySecretArn = ""
"""


@pytest.fixture
def folder(system: LocalSystem, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of stages, in a terminal with the local AWS' variables."""
    for name, value in aws_variables(system.aws_endpoint).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "test.toml").write_text(FILE)
    return tmp_path


def run(program: Any, monkeypatch: pytest.MonkeyPatch, *, stdin: str = "", **seams: Any) -> None:
    """Run a program with a text at its standard input."""
    variables = {name: seams.pop(name) for name in [*seams] if name.isupper()}
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    program.main([], {"STAGE": "test", **variables}, **seams)


def stored(secret_id: str) -> str:
    return str(boto3.client("secretsmanager", region_name=REGION).get_secret_value(SecretId=secret_id)["SecretString"])


def test_a_key_is_stored_and_the_file_names_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """White space and the word Bearer are taken off; the key is printed nowhere."""
    run(secret, monkeypatch, stdin=f"Bearer {KEY}\n", folder=folder)

    arn = read_stage("test", folder).parameters["LiteLLMKeySecretArn"]
    assert (stored(arn), stored("tips-test/proxy")) == (KEY, KEY)
    said = capsys.readouterr()
    assert arn in said.out
    assert KEY not in said.out + said.err


def test_a_second_key_is_a_new_version_of_the_same_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a rotation needs no deployment."""
    run(secret, monkeypatch, stdin=KEY, folder=folder)
    before = (folder / "test.toml").read_text()
    run(secret, monkeypatch, stdin="sk-rotated-key-99", folder=folder)

    assert (folder / "test.toml").read_text() == before
    assert stored("tips-test/proxy") == "sk-rotated-key-99"


@pytest.mark.parametrize(
    ("kind", "text", "parameter"),
    [
        ("mlflow", '{"username": "me", "password": "p"}', "MlflowCredentialsSecretArn"),
        ("pseudonyms", "a key of pseudonyms", "PseudonymKeySecretArn"),
    ],
)
def test_other_secrets_have_their_own_parameter(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str, text: str, parameter: str
) -> None:
    """The file had no line for it."""
    run(secret, monkeypatch, stdin=text, KIND=kind, folder=folder)

    assert stored(read_stage("test", folder).parameters[parameter]) == text


@pytest.mark.parametrize(
    ("kind", "text"), [("proxy", ""), ("proxy", "two words"), ("mlflow", "canary"), ("mlflow", "{}"), ("other", "x")]
)
def test_a_text_that_is_no_key_is_not_stored(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str, text: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(secret, monkeypatch, stdin=text, KIND=kind, folder=folder)

    assert "canary" not in f"{ended.value}{capsys.readouterr()}"
    assert (folder / "test.toml").read_text() == FILE


def deployed_at(url: str) -> None:
    """A stack whose output is this address."""
    template = {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {"ApiUrl": {"Value": url}},
    }
    client = boto3.client("cloudformation", region_name=REGION)
    client.delete_stack(StackName="tips-test")
    client.create_stack(StackName="tips-test", TemplateBody=json.dumps(template))


def test_the_smoke_test_prints_a_tip_of_the_deployed_stack(
    system: LocalSystem, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed_at(system.base_url)

    run(smoke, monkeypatch, folder=folder)

    answer = json.loads(capsys.readouterr().out)
    assert answer["tip"]["content"]
    assert len(answer["receipt"]["serve_id"]) == 32


@pytest.mark.parametrize(("token", "begins"), [("", "AWS4-HMAC-SHA256 Credential=local/"), ("jwt", "Bearer jwt")])
def test_the_smoke_test_signs_its_request(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], token: str, begins: str
) -> None:
    """By SigV4 for API Gateway in the stage's region, or with the token that is given."""
    heads: list[str] = []

    def refuse(connection: Connection) -> None:
        connection.request()
        heads.append(connection.head.decode())
        connection.send(b'HTTP/1.1 403 Forbidden\r\ncontent-length: 23\r\n\r\n{"message":"Forbidden"}\n')

    with serving(refuse) as server:
        deployed_at(server.url)
        with pytest.raises(SystemExit) as ended:
            run(smoke, monkeypatch, folder=folder, TOKEN=token)

    headers = dict(line.lower().split(": ", 1) for line in heads[0].split("\r\n")[1:])
    assert headers["authorization"].startswith(begins.lower())
    if not token:
        assert f"/{REGION}/execute-api/aws4_request" in headers["authorization"]
        assert {"x-amz-date", "x-amz-security-token"} <= headers.keys()
    assert "execute-api:Invoke" in str(ended.value)


def test_a_stack_that_is_not_there_is_told_in_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    boto3.client("cloudformation", region_name=REGION).delete_stack(StackName="tips-test")

    with pytest.raises(SystemExit) as ended:
        run(smoke, monkeypatch, folder=folder)
    assert "make deploy STAGE=test" in str(ended.value)
