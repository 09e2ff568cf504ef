"""The command that deploys: the commands that it runs, and its refusals before any request."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from operations.aws_lookup import NotPossible
from operations.stack.deploy import deploy, release
from operations.stack.stage import Stage, read_stage

FILE = 'stack = "tips-test"\nregion = "eu-central-1"\n[parameters]\nArchitecture = "arm64"\n[tags]\nteam = "growth"\n'


@dataclass
class Sam:
    """Stands in for SAM's program: notes how it was run, and builds a layer for a processor."""

    build: Path
    processor: str = "arm64"
    status: Mapping[str, int] = field(default_factory=dict)
    commands: list[list[str]] = field(default_factory=list)
    parameters: dict[str, str] = field(default_factory=dict)

    def __call__(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        self.commands.append([*command[1:]])
        if command[1] == "build" and self.processor:
            assert environment["ARCHITECTURE"] == "arm64"
            (self.build / "AgentsLayer").mkdir(parents=True, exist_ok=True)
            (self.build / "AgentsLayer" / "architecture").write_text(f"{self.processor}\n")
        if command[1] == "deploy":
            place = command[command.index("--parameter-overrides") + 1].removeprefix("file://")
            self.parameters = json.loads(Path(place).read_text())
        return self.status.get(command[1], 0)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    (tmp_path / "test.toml").write_text(FILE)
    return read_stage("test", tmp_path)


def run(stage: Stage, sam: Sam, *, is_confirmed: bool = True) -> None:
    deploy(stage, sam, build=sam.build, release="1795761957", is_confirmed=is_confirmed)


def test_every_parameter_goes_to_cloudformation_with_the_release(stage: Stage, tmp_path: Path) -> None:
    sam = Sam(tmp_path)

    run(stage, sam)

    assert sam.parameters == {**stage.parameters, "Release": "1795761957"}


def test_the_stack_and_its_tags_are_those_of_the_file(stage: Stage, tmp_path: Path) -> None:
    sam = Sam(tmp_path)

    run(stage, sam)

    [build, sent] = sam.commands
    assert build == ["build", "--no-cached"]
    assert sent[:5] == ["deploy", "--stack-name", "tips-test", "--region", "eu-central-1"]
    assert sent[sent.index("--tags") + 1] == 'stage="test" team="growth"'


@pytest.mark.parametrize(("is_confirmed", "option"), [(True, "--no-confirm-changeset"), (False, "--confirm-changeset")])
def test_a_change_is_confirmed_unless_told_otherwise(
    stage: Stage, tmp_path: Path, *, is_confirmed: bool, option: str
) -> None:
    sam = Sam(tmp_path)

    run(stage, sam, is_confirmed=is_confirmed)

    assert sam.commands[-1][-1] == option


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: Sam(folder, processor="x86_64"), "The layer is built for x86_64"),
        (lambda folder: Sam(folder, processor=""), "There is no built layer"),
        (lambda folder: Sam(folder, status={"build": 1}), "The build failed"),
    ],
    ids=["another processor", "no layer", "no build"],
)
def test_a_build_that_does_not_fit_is_not_sent(
    stage: Stage, tmp_path: Path, make: Callable[[Path], Sam], said: str
) -> None:
    sam = make(tmp_path)

    with pytest.raises(NotPossible, match=said):
        run(stage, sam)

    assert [command[0] for command in sam.commands] == ["build"]


def test_a_deployment_that_fails_is_told(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="The deployment of tips-test failed"):
        run(stage, Sam(tmp_path, status={"deploy": 1}))


def test_two_releases_differ_in_their_first_ten_characters() -> None:
    """SAM reads no more of them."""
    assert release(lambda: 1795761957.9)[:10] == "1795761957"
    assert release(lambda: 1795761958.0)[:10] == "1795761958"
