"""`make cases`: recorded requests from MLflow, as a file of cases in evals/local."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from commands.program import program, variable
from evals.recording.local_cases import FOLDER, other_titles, path_for, write_cases
from evals.recording.sent_prompts import print_sent
from evals.recording.served_case import ServedCases, read_recorded
from evals.recording.served_traces import ServedTraces
from evals.recording.settings_sentence import RECORDED_WITH
from evals.recording.switch import read_switch
from evals.unusable_input import EXIT_CODE, UnusableInput, end_with
from operations.aws_lookup import NotPossible
from operations.since import moment_before


@program("cases", status=EXIT_CODE)
@variable("FILTER", "condition", help="a filter of MLflow's for traces")
@variable("SINCE", help="the age of the oldest trace, as 7d")
@variable("NAME", help="the file's name")
@variable("KEEP_TITLES", help="1 keeps the users' own titles")
@click.pass_obj
def main(
    environment: Mapping[str, str], condition: str, since: str, name: str, keep_titles: str, folder: Path = FOLDER
) -> None:
    """Make cases of served requests; unusable input ends the program with one sentence and exit code 3."""
    try:
        path, begin = path_for(name, folder), _since(since)
        keeps_titles = read_switch("KEEP_TITLES", keep_titles)
        served = ServedTraces(environment)
        traces = served.matching(condition, begin)
        recorded = [each for each in map(read_recorded, traces) if each]
        if not recorded:
            raise UnusableInput(_nothing(len(traces), served.name))  # noqa: TRY301
        cases = ServedCases(None if keeps_titles else other_titles(folder))
        made = [each for each in map(cases.case, recorded) if each]
        if not made:
            raise UnusableInput("No recorded request can be read by this version of the code.")  # noqa: TRY301
        write_cases(made, path)
    except UnusableInput as problem:
        end_with(problem)
    users = len({case.user for case in made})
    print(f"{path}: {len(made):,} cases of {users:,} users.")
    if len(traces) > len(recorded):
        print(f"{len(traces) - len(recorded):,} of {len(traces):,} traces have no recorded request: {RECORDED_WITH}.")
    if len(recorded) > len(made):
        print(f"{len(recorded) - len(made):,} requests cannot be read by this version of the code.")
    if keeps_titles:
        print_sent(made)
        print("The file holds the users' own titles: keep it to yourself, and delete it when you are done.")


def _since(text: str) -> datetime | None:
    try:
        return moment_before(datetime.now(UTC), text) if text else None
    except NotPossible as problem:
        raise UnusableInput(str(problem)) from None


def _nothing(traces: int, name: str) -> str:
    if traces:
        return f"None of the {traces:,} traces that match holds a request: {RECORDED_WITH}."
    return f"{name} has no trace of a tip that matches FILTER and SINCE: {RECORDED_WITH}."


if __name__ == "__main__":
    main()
