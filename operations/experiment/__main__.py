"""`make experiment NAME=…`: served tips and the feedback on them, by arm, with a verdict on the last line."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import click

from commands.program import needed, program, variable
from commands.values import Pattern
from oo.bootstrap.settings import TraceSettings
from oo.errors import ConfigError
from operations.aws_lookup import NotPossible
from operations.experiment.arms import ArmFigures, Arms, collect
from operations.experiment.log_lines import LogFile
from operations.experiment.report import report
from operations.experiment.served_tips import Record
from operations.experiment.traced_tips import TracedTips

_NAME = Pattern("[a-z0-9-]{1,32}", "1 to 32 of a-z, 0-9 and -, as in the setting EXPERIMENT")
_MLFLOW = "mlflow"
_FILE = "file"
_MOST_NAMES = 5


class Source(Protocol):
    """The source of served tips and feedback; `name` is for the user of the command."""

    name: str

    def records(self, experiment: str) -> Iterator[Record]:
        """The records of the experiment, and possibly of others. Raises NotPossible."""


@program("experiment")
@needed("NAME", example="tone-2", type=_NAME, help="the experiment's name")
@variable("FROM", "source", help="`mlflow`, or a file of log lines")
@variable("FILE", help="the file of log lines, where FROM does not name it")
@variable("CONTROL", help="the arm that the others are compared with")
@click.pass_obj
def main(environment: Mapping[str, str], name: str, source: str, file: str, control: str) -> None:
    """Compare the arms of an experiment; a verdict ends the program with 0, anything else with one sentence and 1."""
    try:
        read_from = _source(source, file, environment)
        arms = collect(read_from.records(name), name)
        if not arms.arms:
            raise NotPossible(_nothing(arms, name, read_from))  # noqa: TRY301
        found = report(arms, _control(arms, name, control, environment.get("EXPERIMENT", "")), name)
    except NotPossible as problem:
        sys.exit(str(problem))
    print("\n".join(found.lines), flush=True)
    if found.verdict is None:
        sys.exit(found.missing)
    print(f"\nverdict: {found.verdict}")


def _source(named: str, file: str, environment: Mapping[str, str]) -> Source:
    path = file if file and named in ("", _FILE) else named
    if path == _FILE and not Path(path).exists():
        raise NotPossible("Name the file of log lines: FROM=run.log.")
    if path and path != _MLFLOW:
        return LogFile(Path(path))
    try:
        settings = TraceSettings.from_environment(environment)
    except ConfigError as error:
        raise NotPossible(f"{error}, so no request was sent to MLflow.") from None
    if not settings.mlflow_tracking_uri:
        raise NotPossible("MLFLOW_TRACKING_URI is not set: set it, or name a file of log lines: FROM=run.log.")
    return TracedTips(settings)


def _nothing(arms: Arms, experiment: str, source: Source) -> str:
    if arms.nameless:
        return (
            f"{source.name} has tips of {experiment}, but none with a user."
            " Check whether the service can read the pseudonym key."
        )
    shown = ", ".join(arms.others[:_MOST_NAMES])
    others = f" It has tips of {shown}." if shown else ""
    return f"{source.name} has no tip of an arm of the experiment {experiment}.{others}"


def _control(arms: Arms, experiment: str, control: str, setting: str) -> ArmFigures:
    """The arm that is named, else that of the served tips, else the first of the setting, else the first by name."""
    name, _, listed = setting.partition(":")
    of_setting = listed.split("=")[0] if name == experiment else ""
    named = control or arms.control or of_setting or next(iter(arms.arms))
    if control and named not in arms.arms:
        raise NotPossible(f"{experiment} has no arm {named}: it has {', '.join(arms.arms)}.")
    return arms.arms.get(named, ArmFigures(named))


if __name__ == "__main__":
    main()
