"""`make replay`: recorded requests sent again, with the version that served them and with another one."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import click

from commands.program import program, variable
from evals.cases.case import Case, case_line
from evals.compare import print_verdict
from evals.evals import print_figures
from evals.figures import CaseSet, Run
from evals.mlflow_run import tell_mlflow
from evals.recording.local_cases import FOLDER, other_titles
from evals.recording.sent_prompts import print_sent
from evals.recording.served_case import ServedCases, read_recorded
from evals.recording.served_traces import ServedTraces
from evals.recording.settings_sentence import RECORDED_WITH
from evals.recording.switch import read_switch
from evals.report import write_report
from evals.run import BenchOptions, bench_for, bench_options, cases_of, print_asked
from evals.unusable_input import EXIT_CODE, UnusableInput, end_with
from evals.version import find_version

_NAME_ONE = "Name a file of cases or one served tip: CASES=evals/local/disliked.jsonl or SERVE_ID=…."


@program("replay", status=EXIT_CODE)
@variable("CASES", help="a file that make cases wrote")
@variable("SERVE_ID", help="one served tip, straight from MLflow")
@variable("A", help="a version; left out, the one that served the requests")
@variable("B", help="another version, to compare with the first")
@variable("KEEP_TITLES", help="1 keeps the user's own titles of the one tip")
@bench_options
@click.pass_obj
def main(
    environment: Mapping[str, str],
    chosen: BenchOptions,
    cases: str,
    serve_id: str,
    a: str,
    b: str,
    keep_titles: str,
    folder: Path = FOLDER,
) -> None:
    """Ask recorded requests again, and write the report.

    Unusable input ends the program with one sentence and 3, any verdict with 0.
    """
    out = Path(chosen.out)
    try:
        if bool(cases) == bool(serve_id):
            raise UnusableInput(_NAME_ONE)  # noqa: TRY301
        if cases:
            asked = cases_of(cases, chosen)
        else:
            asked = [_served_case(serve_id, environment, None if read_switch("KEEP_TITLES", keep_titles) else folder)]
        names = [a or _served_by(asked), *filter(None, [b])]
        bench = bench_for(chosen, environment)
        rows = bench.run([find_version(name) for name in names], asked, chosen.repeats)
        print_asked(bench)
        run = Run([CaseSet(cases or serve_id, _digest(asked))], bench.replies.model.name, names, rows)
        write_report(run, out)
    except UnusableInput as problem:
        end_with(problem)
    print_sent(asked)
    if len(names) > 1:
        print_verdict(run, out, environment)
    else:
        print_figures(run)
        print(f"The report is {out / 'report.html'}.")
        tell_mlflow(run, environment)


def _served_case(serve_id: str, environment: Mapping[str, str], titles_of: Path | None) -> Case:
    """The case of one served tip, with titles from the folder's files, or with the user's own."""
    found = ServedTraces(environment).of_tip(serve_id)
    if not found:
        raise UnusableInput(f"MLflow has no trace tr-{serve_id}.")
    recorded = read_recorded(found[0])
    if recorded is None:
        raise UnusableInput(f"The trace tr-{serve_id} contains no request: {RECORDED_WITH}.")
    case = ServedCases(None if titles_of is None else other_titles(titles_of)).case(recorded)
    if case is None:
        raise UnusableInput(f"The request of tr-{serve_id} cannot be read by this version of the code.")
    return case


def _served_by(cases: Sequence[Case]) -> str:
    """The version that served all of the requests."""
    found = {str(case.request.get("prompt_version") or "") for case in cases}
    if len(found) != 1 or "" in found:
        raise UnusableInput("The requests were not served by one version: name one, as A=orchestrator-2.")
    return found.pop()


def _digest(cases: Sequence[Case]) -> str:
    return sha256("\n".join(map(case_line, cases)).encode()).hexdigest()


if __name__ == "__main__":
    main()
