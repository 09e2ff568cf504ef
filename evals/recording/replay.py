"""`make replay`: recorded requests asked again, with the version that served them and with another one."""

import os
from argparse import Namespace
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

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
from evals.run import OUT, bench_for, cases_of, print_asked, repeats_of
from evals.unusable_input import OneSentenceParser, UnusableInput, end_with
from evals.version import find_version


def main(
    arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ, folder: Path = FOLDER
) -> None:
    """Print the figures, with two versions the verdict, and write the report.

    Unusable input ends the program with one sentence and 3, any verdict with 0.
    """
    parser = OneSentenceParser(prog="python -m evals.recording.replay", description="Ask recorded requests again.")
    parser.add_argument("--cases", default="", help="a file that make cases wrote")
    parser.add_argument("--serve-id", default="", help="one served tip, straight from MLflow")
    parser.add_argument("--a", default="", help="a version; left out, the one that served the requests")
    parser.add_argument("--b", default="", help="another version, to compare with the first")
    parser.add_argument("--keep-titles", default="", help="1 keeps the user's own titles of the one tip")
    parser.add_argument("--model", default="", help="planted, stand-in, local, or the URL of an endpoint")
    parser.add_argument("--repeats", default="", help="requests per case")
    parser.add_argument("--cache", default="", help="another folder for cached replies")
    parser.add_argument("--out", default="", help="the folder of the report")
    chosen = parser.parse_args(arguments)
    out = Path(chosen.out or OUT)
    try:
        cases = _cases(chosen, environment, folder)
        names = [chosen.a or _served_by(cases), *filter(None, [chosen.b])]
        versions, times = [find_version(name) for name in names], repeats_of(chosen)
        bench = bench_for(chosen, environment)
        rows = bench.run(versions, cases, times)
        print_asked(bench)
        told = CaseSet(chosen.cases or chosen.serve_id, _digest(cases))
        run = Run([told], bench.replies.model.name, names, rows)
        write_report(run, out)
    except UnusableInput as problem:
        end_with(problem)
    print_sent(cases)
    if len(names) > 1:
        print_verdict(run, out, environment)
    else:
        print_figures(run)
        print(f"The report is {out / 'report.html'}.")
        tell_mlflow(run, environment)


def _cases(chosen: Namespace, environment: Mapping[str, str], folder: Path) -> Sequence[Case]:
    if bool(chosen.cases) == bool(chosen.serve_id):
        raise UnusableInput("Name a file of cases or one served tip: CASES=evals/local/disliked.jsonl or SERVE_ID=….")
    if chosen.cases:
        return cases_of(chosen.cases, chosen)
    keeps_titles = read_switch("KEEP_TITLES", chosen.keep_titles)
    found = ServedTraces(environment).of_tip(chosen.serve_id)
    if not found:
        raise UnusableInput(f"MLflow has no trace tr-{chosen.serve_id}.")
    recorded = read_recorded(found[0])
    if recorded is None:
        raise UnusableInput(f"The trace tr-{chosen.serve_id} holds no request: {RECORDED_WITH}.")
    case = ServedCases(None if keeps_titles else other_titles(folder)).case(recorded)
    if case is None:
        raise UnusableInput(f"The request of tr-{chosen.serve_id} cannot be read by this version of the code.")
    return [case]


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
