"""`make deploy STAGE=…`: build the service, and deploy it as `stages/STAGE.toml` describes it.

Each deployment has a name of its own, the parameter `Release`: every function publishes a version for it, so that
changed parameters take effect as changed code does.
"""

import json
import os
import subprocess  # nosec B404  # starts SAM and git, without a shell
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from commands.program import needed, program, variable
from local.deployment.environment import ROOT
from operations.aws_lookup import NotPossible, one_sentence
from operations.stack.stage import Stage, read_stage

SAM = ROOT / ".venv-sam" / "bin" / "sam"
BUILD = ROOT / ".aws-sam" / "build"

Run = Callable[[Sequence[str], Mapping[str, str]], int]
"""Runs a program with an environment; its exit status."""


@program("deploy")
@needed("STAGE", example="test", help="the name of a file in stages/")
@variable("YES", help="1 skips the question before the change")
def main(stage: str, yes: str) -> None:
    """Build the service and deploy it as stages/STAGE.toml describes it."""
    with one_sentence():
        deploy(read_stage(stage), _run, build=BUILD, release=release(), is_confirmed=bool(yes))


def deploy(stage: Stage, run: Run, *, build: Path, release: str, is_confirmed: bool) -> None:
    """Build for the stage's processor, check that, then deploy. Raises NotPossible if a step fails."""
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0", "ARCHITECTURE": stage.parameters["Architecture"]}
    # A cached layer may be of another processor: its source is the same.
    if run([str(SAM), "build", "--no-cached"], environment):
        raise NotPossible("The build failed, so nothing was sent. Its output is above.")
    check_architecture(stage, build)
    with tempfile.TemporaryDirectory() as folder:
        # A file, because values with spaces or quotes do not survive as arguments of sam. It reads JSON as YAML.
        parameters = Path(folder) / "parameters.yaml"
        parameters.write_text(json.dumps({**stage.parameters, "Release": release}), encoding="utf-8")
        # An empty configuration: samconfig.toml is for sam alone, and knows nothing of the stage.
        Path(folder, "samconfig.toml").write_text("version = 0.1\n", encoding="utf-8")
        if run(_command(stage, build, parameters, is_confirmed=is_confirmed), environment):
            raise NotPossible(f"The deployment of {stage.stack} failed. The events above name the resource.")
    print(f"{stage.stack} is deployed in {stage.region} as release {release}. Try it: make smoke STAGE={stage.name}")


def check_architecture(stage: Stage, build: Path) -> None:
    """Compare the processor of the built layer with the stage's. Raises NotPossible."""
    wanted = stage.parameters["Architecture"]
    try:
        built = (build / "AgentsLayer" / "architecture").read_text(encoding="utf-8").strip()
    except OSError:
        raise NotPossible("There is no built layer, so nothing was sent. Run `make build` to see why.") from None
    if built != wanted:
        raise NotPossible(
            f"The layer is built for {built}, and stages/{stage.name}.toml asks for {wanted}. Nothing was sent."
            f" Build it anew with ARCHITECTURE={wanted}."
        )


def _command(stage: Stage, build: Path, parameters: Path, *, is_confirmed: bool) -> list[str]:
    tags = [f'{name}="{value}"' for name, value in {"stage": stage.name, **stage.tags}.items()]
    return [
        *(str(SAM), "deploy", "--stack-name", stage.stack, "--region", stage.region),
        *("--template-file", str(build / "template.yaml"), "--config-file", str(parameters.parent / "samconfig.toml")),
        *(("--s3-bucket", stage.bucket) if stage.bucket else ("--resolve-s3",)),
        *("--s3-prefix", stage.stack, "--capabilities", "CAPABILITY_IAM"),
        *("--parameter-overrides", f"file://{parameters}", "--tags", " ".join(tags)),
        "--no-confirm-changeset" if is_confirmed else "--confirm-changeset",
    ]


def release(now: Callable[[], float] = time.time) -> str:
    """A name that no deployment had before: seconds since 1970, ten digits, and the commit where git knows it."""
    done = subprocess.run(  # nosec B603 B607  # the words are fixed
        ["git", "describe", "--always", "--dirty", "--exclude=*"],  # noqa: S607  # the git of the person's path
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    commit = done.stdout.strip() if done.returncode == 0 else ""
    return "-".join(filter(None, [f"{int(now()):010}", commit]))


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    sys.stdout.flush()
    done = subprocess.run(list(command), cwd=ROOT, env=dict(environment), check=False)  # nosec B603
    return done.returncode


if __name__ == "__main__":
    main()
