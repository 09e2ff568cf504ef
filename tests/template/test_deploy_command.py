"""`make deploy` with SAM's own program against moto, as far as moto follows.

It takes code and template, and refuses the change set: it looks for the template's bucket in the host of the address.
It knows no SAM transform either; the other tests of this folder run the one of samtranslator.
"""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from local.deployment.environment import ROOT
from operations.aws_lookup import NotPossible
from operations.stack.deploy import deploy
from operations.stack.stage import Stage, read_stage
from tests.template.deployments import PYTHON

FILE = """
stack = "tips-test"
region = "eu-central-1"
bucket = "deployments"
[parameters]
Architecture = "arm64"
CorsOrigins = "https://a.example,https://b.example"
[tags]
team = "growth and more"
"""

PARSE = """
import json, sys
from samcli.cli.types import CfnTags
print(json.dumps(CfnTags().convert(sys.argv[1], None, None)))
"""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """S3 with the bucket of the stage."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    variables = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", region_name="eu-central-1")
    client.create_bucket(Bucket="deployments", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield client
    server.stop()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    (tmp_path / "test.toml").write_text(FILE)
    return read_stage("test", tmp_path)


def built(folder: Path) -> Path:
    """The template with a small file in the place of each function and of the layer."""
    text = (ROOT / "template.yaml").read_text()
    for place in re.findall(r"C(?:ode|ontent)Uri: (\S+)", text):
        (folder / place).mkdir(parents=True, exist_ok=True)
        (folder / place / "app.py").write_text(f"# {place}\n")
    (folder / "AgentsLayer").mkdir()
    (folder / "AgentsLayer" / "architecture").write_text("arm64\n")
    (folder / "template.yaml").write_text(text)
    return folder


def test_sam_takes_every_value_of_the_stage_and_uploads_the_service(
    aws: Any, stage: Stage, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """SAM prints the values that it has read: all of them arrive as the file has them."""

    def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
        if command[1] == "build":
            return 0
        return subprocess.run([*command], cwd=tmp_path, env={**environment}, check=False, timeout=300).returncode

    with pytest.raises(NotPossible, match="The deployment of tips-test failed"):
        deploy(stage, run, build=built(tmp_path / "build"), release="1795761957-3359fc0", is_confirmed=True)

    said = capfd.readouterr()
    assert "NoSuchBucket" in said.err
    [overrides] = re.findall(r"Parameter overrides *: (\{.*\})", said.out)
    assert json.loads(overrides) == {**stage.parameters, "Release": "1795761957-3359fc0"}
    keys = [one["Key"] for one in aws.list_objects_v2(Bucket="deployments")["Contents"]]
    assert {key.partition("/")[0] for key in keys} == {"tips-test"}
    [key] = [key for key in keys if key.endswith(".template")]
    template = aws.get_object(Bucket="deployments", Key=key)["Body"].read().decode()
    places = set(re.findall(r"C(?:ode|ontent)Uri: (\S+)", template))
    assert {place.rpartition("/")[0] for place in places} == {"s3://deployments/tips-test"}


def test_sam_reads_the_tags_of_the_stage(stage: Stage, tmp_path: Path) -> None:
    """With the words of its own type of tags, spaces among them."""
    seen: list[list[str]] = []

    def note(command: Sequence[str], environment: Mapping[str, str]) -> int:
        seen.append([*command])
        return 0

    deploy(stage, note, build=built(tmp_path / "build"), release="1795761957", is_confirmed=True)
    tags = seen[-1][seen[-1].index("--tags") + 1]
    done = subprocess.run([PYTHON, "-c", PARSE, tags], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == {"stage": "test", "team": "growth and more"}
