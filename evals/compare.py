"""`make compare A= B=`: whether version B is better than version A; the last line is the verdict."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from commands.program import program, variable
from evals.evals import print_figures
from evals.figures import Run, compared
from evals.mlflow_run import tell_mlflow
from evals.report import write_report
from evals.report_page import told_effect
from evals.run import CORE, BenchOptions, bench_options, run_versions
from evals.statistics import EvalVerdict
from evals.unusable_input import EXIT_CODE, UnusableInput, end_with
from evals.version import is_draft

HELD_OUT = "held-out"
EXIT_CODES: Mapping[EvalVerdict, int] = {"better": 0, "not shown": 1, "worse": 2, "gate broken": 2}


@program("compare", status=EXIT_CODE)
@variable("A", help="the known version")
@variable("B", help="the candidate version")
@bench_options
def main(chosen: BenchOptions, a: str, b: str) -> None:
    """Compare version B with version A, and write the report; the exit code is the verdict's, 3 for unusable input."""
    out = Path(chosen.out)
    try:
        if not a or not b:
            raise UnusableInput("Name two versions: A=orchestrator-2 B=my-draft.txt.")  # noqa: TRY301
        set_name = chosen.set_name or (CORE if is_draft(a) or is_draft(b) else HELD_OUT)
        run = run_versions([a, b], set_name, chosen)
        write_report(run, out)
    except UnusableInput as problem:
        end_with(problem)
    sys.exit(EXIT_CODES[print_verdict(run, out)])


def print_verdict(run: Run, out: Path, environment: Mapping[str, str] = os.environ) -> EvalVerdict:
    """The figures of a run of two versions, the path of its report, and the verdict, which is printed last."""
    comparison = compared(run)
    print_figures(run)
    print(told_effect(comparison.effect))
    if comparison.broken:
        print(f"Broken gates: {', '.join(comparison.broken)}.")
    print(f"The report is {out / 'report.html'}.")
    tell_mlflow(run, environment)
    print(f"verdict: {comparison.verdict}", flush=True)
    return comparison.verdict


if __name__ == "__main__":
    main()
