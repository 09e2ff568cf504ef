"""`make evals VERSIONS=a,b`: versions on one set, with a report in OUT."""

from collections.abc import Sequence
from pathlib import Path

from evals.figures import Run, figures
from evals.mlflow_run import tell_mlflow
from evals.report import write_report
from evals.report_page import DECIDE
from evals.run import CORE, OUT, add_options, run_versions
from evals.unusable_input import OneSentenceParser, UnusableInput, end_with


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures and write the report; unusable input ends the program with one sentence and 3."""
    parser = OneSentenceParser(prog="python -m evals.evals", description="Run prompt versions on a set of cases.")
    parser.add_argument("--versions", default="", help="released versions, template, or drafts, with commas")
    add_options(parser)
    chosen = parser.parse_args(arguments)
    names = list(dict.fromkeys(name.strip() for name in chosen.versions.split(",") if name.strip()))
    out = Path(chosen.out or OUT)
    try:
        if not names:
            raise UnusableInput("Name at least one version: VERSIONS=orchestrator-2,template.")  # noqa: TRY301
        run = run_versions(names, chosen.set_name or CORE, chosen)
        write_report(run, out)
    except UnusableInput as problem:
        end_with(problem)
    print_figures(run)
    print(f"The report is {out / 'report.html'}.")
    tell_mlflow(run)
    if len(names) > 2:
        print(DECIDE)


def print_figures(run: Run) -> None:
    """One line a version, and one line a comparison."""
    told = figures(run)
    for name, version in told["versions"].items():
        failed = {gate: each["failed"] for gate, each in version["gates"].items() if each["failed"]}
        mean = "none" if version["mean"] is None else f"{version['mean']:.2f}"
        print(f"{name}: mean {mean}; failed: {', '.join(f'{gate} {n}' for gate, n in failed.items()) or 'nothing'}")
    for each in (*told.get("comparisons", ()), *([told["comparison"]] if "comparison" in told else [])):
        print(
            f"{each['b']} beside {each['a']}: {each['difference']:+.2f} points, p = {each['p']:.4f}: {each['verdict']}"
        )


if __name__ == "__main__":
    main()
